import napi


def view(data):
    """What this addon takes for a buffer: the bytes, an offset, a length."""
    return data.buffer, data.byteOffset, data.byteLength


def bytes_of(size, fill=0):
    return napi.Uint8Array([fill] * size)


def test_hash(package):
    m = package("sodium-native")
    out, text = bytes_of(32), napi.Uint8Array(b"hello")
    assert m.crypto_generichash(*view(out), *view(text), *view(bytes_of(0))) == 0
    assert bytes(out).hex() == (
        "324dcf027dd4a30a932c441f365a25e86b173defa4b8e58948253471b81b72cf"
    )


def test_memory(package):
    m = package("sodium-native")
    text, number = napi.Buffer(b"abc"), napi.Buffer(b"\xff\0")
    m.sodium_memzero(text)
    m.sodium_increment(number)
    assert (bytes(text), bytes(number)) == (bytes(3), b"\0\1")
    secret = m.sodium_malloc(16)
    assert isinstance(secret, napi.ArrayBuffer)
    assert secret.byteLength == 16


def test_sign(package):
    m = package("sodium-native")
    public, secret, signature = bytes_of(32), bytes_of(64), bytes_of(64)
    assert m.crypto_sign_seed_keypair(public, secret, bytes_of(32, 1)) == 0
    assert bytes(public).hex() == (
        "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c"
    )
    assert m.crypto_sign_detached(signature, napi.Uint8Array(b"m"), secret) == 0
    assert bytes(signature).hex()[:32] == "fe700dffb59e8d759e8ce85fc01ed2f9"


def test_password_in_the_pool_of_libuv(package, wait):
    m = package("sodium-native")
    out, salt, password = bytes_of(32), bytes_of(16, 1), napi.Uint8Array(b"pw")

    def begin():
        given = (*view(out), *view(password), *view(salt), 1, 8192 * 2, 2)
        return napi.Promise(lambda done, _: m.crypto_pwhash_async(*given, done))

    assert wait(begin) == 0
    assert bytes(out).hex() == (
        "29824f2025bfd3e77c21a60c7503b2d7fa41bd4bd7fb9cd40b965f528d05ddc8"
    )

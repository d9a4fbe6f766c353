import napi

HASH = "$2b$04$.OC/.OC/.OC/.OC/.OC/.Om5pOQ6/OL6f7ZcP/eZoUVfJYwMGKHQ."


def test_synchronous(package):
    m = package("bcrypt")
    salt = m.gen_salt_sync("b", 4, napi.Buffer.alloc(16, 1))
    assert m.encrypt_sync("pw", salt) == HASH
    assert (m.compare_sync("pw", HASH), m.compare_sync("x", HASH)) == (True, False)
    assert m.get_rounds(HASH) == 4


def test_callbacks(package):
    m = package("bcrypt")
    salt = m.gen_salt_sync("b", 4, napi.Buffer.alloc(16, 1))
    seen = {}
    m.encrypt("pw", salt, lambda *answer: seen.update(encrypt=answer))
    m.compare("pw", HASH, lambda *answer: seen.update(compare=answer))
    m.encrypt("pw", "invalid", lambda error: seen.update(error=error))
    assert seen == {}
    assert napi.run(timeout=60)
    assert seen["encrypt"] == (None, HASH)
    assert seen["compare"] == (None, True)
    assert "Invalid salt" in str(seen["error"])


def test_awaited(package, wait):
    m = package("bcrypt")
    salt = m.gen_salt_sync("b", 4, napi.Buffer.alloc(16, 1))

    def encrypt():
        return napi.Promise(
            lambda resolve, _: m.encrypt("pw", salt, lambda _, made: resolve(made))
        )

    assert wait(encrypt) == HASH

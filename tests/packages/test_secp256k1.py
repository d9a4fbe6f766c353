import napi

NAME = "secp256k1"
SECRET = bytes([7]) * 32
PUBLIC = "02989c0b76cb563971fdc9bef31ec06c3560f3249d6ee9e5d83c57625596e05f6f"
SIGNATURE = (
    "7157050929571a762ab6e06207f74db146f165fead17acc7afe23000a091dc37"
    "7b5faa50c021f3f9613f20531b8fc1a38744203a2f391c15e7b1455c3a296e4e"
)


def test_sign_and_verify(package):
    curve = package(NAME).Secp256k1()
    assert curve.privateKeyVerify(SECRET) == 0
    public = napi.Uint8Array(33)
    assert curve.publicKeyCreate(public, SECRET) == 0
    assert bytes(public).hex() == PUBLIC
    signature, message = napi.Uint8Array(64), bytes([9]) * 32
    result = napi.Object({"signature": signature, "recid": napi.null})
    assert curve.ecdsaSign(result, message, SECRET, None, None) == 0
    assert bytes(signature).hex() == SIGNATURE
    assert result["recid"] == 0
    assert curve.ecdsaVerify(signature, message, public) == 0


def test_writes_into_python_memory_and_dicts(package):
    curve = package(NAME).Secp256k1()
    public, signature = bytearray(33), bytearray(64)
    curve.publicKeyCreate(public, SECRET)
    assert public.hex() == PUBLIC
    result = {"signature": signature, "recid": None}
    curve.ecdsaSign(result, bytes([9]) * 32, SECRET, None, None)
    assert signature.hex() == SIGNATURE
    assert result["recid"] == 0


def test_python_callback_hashes_the_shared_point(package):
    curve = package(NAME).Secp256k1()
    public, out, seen = napi.Uint8Array(33), napi.Uint8Array(32), []
    curve.publicKeyCreate(public, SECRET)

    def hash_point(x, y, data):
        seen.append((type(x).__name__, len(x), len(y), data))
        return bytes([3]) * 32

    scratch = napi.Buffer.alloc(32), napi.Buffer.alloc(32)
    assert curve.ecdh(out, public, SECRET, None, hash_point, None, *scratch) == 0
    assert seen == [("Uint8Array", 32, 32, napi.null)]
    assert bytes(out) == bytes([3]) * 32

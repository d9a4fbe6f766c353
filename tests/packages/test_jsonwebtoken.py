import pytest

import napi

NAME = "@node-rs/jsonwebtoken-linux-x64-gnu"
CLAIMS = {"data": {"id": "x"}, "exp": 4102444800, "iat": 1700000000, "sub": "me"}
TOKEN = (
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJkYXRhIjp7ImlkIjoieCJ9LCJleHAiOjQxMDI0"
    "NDQ4MDAsImlhdCI6MTcwMDAwMDAwMCwic3ViIjoibWUifQ.xBdsCuRA4QVwRMT1pWTDmEu5BBJml0_"
    "BUccouX82s54"
)


def test_sign_and_verify(package):
    m = package(NAME)
    assert m.signSync(CLAIMS, "secret", {"algorithm": "HS256"}) == TOKEN
    claims = m.verifySync(TOKEN, "secret", {"algorithms": ["HS256"]})
    assert claims == CLAIMS
    assert m.decodeHeader(TOKEN) == {"algorithm": "HS256"}


def test_wrong_key(package):
    with pytest.raises(napi.Error, match="InvalidSignature") as info:
        package(NAME).verifySync(TOKEN, "no")
    assert info.value.code == "GenericFailure"

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


SIGNED = {
    "HS256": TOKEN,
    "HS384": "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzM4NCJ9.eyJkYXRhIjp7ImlkIjoieCJ9LCJleHAiO"
    "jQxMDI0NDQ4MDAsImlhdCI6MTcwMDAwMDAwMCwic3ViIjoibWUifQ.o92f5etV8bsvTYOIWgnMN-GxMF"
    "4RL1C8sygPT9XmP5sovFOhjRhGgHJnJ8T0kKQr",
    "HS512": "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzUxMiJ9.eyJkYXRhIjp7ImlkIjoieCJ9LCJleHAiO"
    "jQxMDI0NDQ4MDAsImlhdCI6MTcwMDAwMDAwMCwic3ViIjoibWUifQ.t_UtxpC5B19QT0hxTzZbvuvfEC"
    "s9JfLuGmMVg45kOicJ5znJrljfkQ3aBQSavfPrGTwyfNqmsOxO3Tak7caPLw",
}


@pytest.mark.parametrize("algorithm", SIGNED)
def test_sign_async(package, wait, algorithm):
    m = package(NAME)
    token = wait(lambda: m.sign(CLAIMS, "secret", {"algorithm": algorithm}))
    assert token == SIGNED[algorithm]
    options = {"algorithms": [algorithm]}
    assert wait(lambda: m.verify(token, "secret", options)) == CLAIMS


def test_rejections(package, wait):
    m = package(NAME)
    expired = m.signSync(CLAIMS | {"exp": 1}, "secret")
    for token, key, text in [
        (TOKEN, "no", "InvalidSignature"),
        (expired, "secret", "ExpiredSignature"),
        ("a.b", "secret", "InvalidToken"),
    ]:
        with pytest.raises(napi.Error, match=text) as info:
            wait(lambda token=token, key=key: m.verify(token, key))
        assert info.value.code == "GenericFailure"


@pytest.mark.parametrize(
    "code",
    [
        "m.sign({'sub': 'me', 'exp': 4102444800}, 'secret').result(20)",
        "kept = [m.sign({'sub': str(i)}, 'secret') for i in range(200)]",
        "m.sign({'sub': 'me'}, 'k').then(lambda t: m.verify(t, 'k')).catch(str)",
    ],
)
def test_leaves_the_interpreter_cleanly(ends, code):
    ends(NAME, code)

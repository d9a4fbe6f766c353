import pytest

import napi

NAME = "@node-rs/argon2-linux-x64-gnu"
OPTIONS = {"memoryCost": 1024, "timeCost": 2, "parallelism": 1, "salt": b"\1" * 16}
HASH = (
    "$argon2id$v=19$m=1024,t=2,p=1$AQEBAQEBAQEBAQEBAQEBAQ$"
    "8n40DQec0FAUEadztTUaJyHSqrFlMPjQRmWHcCZm8es"
)
ENDS = ["LfMyN7U81U", "Z7ao2/8PhY", "p6J3CgtWKw", "HpkxqfakVY"]


def test_synchronous(package):
    m = package(NAME)
    assert m.hashSync("pw", OPTIONS) == HASH
    assert (m.verifySync(HASH, "pw"), m.verifySync(HASH, "no")) == (True, False)


def test_promises(package, wait):
    m = package(NAME)
    assert wait(lambda: m.hash("pw", OPTIONS)) == HASH
    assert wait(lambda: m.verify(HASH, b"pw")) is True
    for i, end in enumerate(ENDS):
        assert wait(lambda i=i: m.hash(f"p{i}", OPTIONS)).endswith(end)


def test_rejection(package, wait):
    m = package(NAME)
    with pytest.raises(napi.Error, match="Decoding failed") as error:
        wait(lambda: m.verify("garbage", "x"))
    assert error.value.code == "InvalidArg"

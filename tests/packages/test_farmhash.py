import pytest

import napi

NAME = "farmhash"


def test_values(package):
    m = package(NAME)
    assert m.Hash32String("hello") == 2039911270
    assert m.Hash64Buffer(b"hello") == 13009744463427800296
    assert m.Fingerprint64String("hello") == 13009744463427800296
    assert m.Fingerprint32Buffer(b"hello") == 2039911270
    assert m.Hash64WithSeedString("hello", 42) == 13808280449894297559
    assert m.Hash64WithSeedsString("hello", 1, 2) == 921697224493799865


def test_wrong_argument(package):
    with pytest.raises(napi.Error, match="Invalid argument"):
        package(NAME).Hash32Buffer(3)

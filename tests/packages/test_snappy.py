import pytest

import napi

NAME = "@napi-rs/snappy-linux-x64-gnu"
TEXT = b"hello " * 1000


def test_synchronous(package):
    m = package(NAME)
    packed = m.compressSync(TEXT)
    assert len(packed) == 291
    assert bytes(m.uncompressSync(packed, {"asBuffer": True})) == TEXT


def test_promises(package, wait):
    m = package(NAME)
    packed = wait(lambda: m.compress(TEXT))
    assert bytes(packed) == bytes(m.compressSync(TEXT))
    assert bytes(wait(lambda: m.uncompress(packed))) == TEXT


def test_rejection(package, wait):
    m = package(NAME)
    with pytest.raises(napi.Error, match="corrupt input") as error:
        wait(lambda: m.uncompress(b"zzzz"))
    assert error.value.code == "GenericFailure"

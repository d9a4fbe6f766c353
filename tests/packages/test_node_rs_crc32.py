import pytest

import napi

NAME = "@node-rs/crc32-linux-x64-gnu"


def test_strings_and_buffers_have_the_same_checksum(package):
    m = package(NAME)
    assert m.crc32("hello") == 907060870
    for data in (b"hello", bytearray(b"hello"), memoryview(b"hello")):
        assert m.crc32(data) == 907060870
    assert m.crc32(napi.Buffer.from_("hello")) == 907060870
    assert m.crc32c("hello") == 2591144780


def test_checksums_chain(package):
    m = package(NAME)
    assert m.crc32("lo", m.crc32("hel")) == 907060870


@pytest.mark.parametrize("args", [(5,), ()])
def test_wrong_argument_is_the_addons_error(package, args):
    with pytest.raises(napi.Error, match="Value is none of these types") as info:
        package(NAME).crc32(*args)
    assert info.value.code == "InvalidArg"
    assert info.value.message == (
        "Value is none of these types `TypedArray<u8>`, `String`, "
    )

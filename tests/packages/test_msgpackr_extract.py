import pytest

import napi

NAME = "@msgpackr-extract/msgpackr-extract-linux-x64"


def encode(text):
    data = text.encode()
    head = bytes([0xA0 | len(data)]) if len(data) < 32 else bytes([0xD9, len(data)])
    return head + data


def test_extracts_strings(package):
    data = b"\x93" + b"".join(map(encode, ["hello world", "x" * 40, "héé wörld €"]))
    source = napi.Uint8Array(data)
    assert package(NAME).extractStrings(1, len(source), source.buffer) == [
        "hello worldÙ(" + "x" * 40,
        "héé wörld €",
    ]


def test_wrong_source(package):
    with pytest.raises(TypeError, match="source must be an ArrayBuffer"):
        package(NAME).extractStrings(1, 3, 5)

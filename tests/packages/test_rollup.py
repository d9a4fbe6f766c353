import hashlib

import pytest

import napi

NAME = "@rollup/rollup-linux-x64-gnu"
SOURCE = (
    "export const a = 1; /* c */ export default function f(x){ return x?.y ?? 2n }"
)


def test_parse(package):
    tree = package(NAME).parse(SOURCE, False, False)
    assert isinstance(tree, napi.Buffer)
    assert len(tree) == 460
    assert hashlib.sha256(tree).hexdigest()[:16] == "f2c5ea794cda98d6"
    error = package(NAME).parse("let let = 1;", False, False)
    assert len(error) == 104


def test_xxhash(package):
    m = package(NAME)
    assert m.xxhashBase64Url(b"hello") == "YOFJeqs95x38-Gwetwem1"
    assert m.xxhashBase36(b"hello") == "bpwli5k6mqm0gij09mxrh9npj"
    assert m.xxhashBase16(b"hello") == "1838525eaacf79c77f3e1b07adc1e9b5"


def test_wrong_argument(package):
    with pytest.raises(napi.Error) as info:
        package(NAME).parse(5, False, False)
    assert info.value.code == "StringExpected"

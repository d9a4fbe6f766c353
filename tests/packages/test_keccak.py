import pytest

import napi

NAME = "keccak"


def test_exports_are_a_class(package):
    keccak = package(NAME)()
    keccak.initialize(1088, 512)
    keccak.absorb(b"abc")
    keccak.absorbLastFewBits(1)
    assert bytes(keccak.squeeze(32)).hex() == (
        "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"
    )
    other = package(NAME)()
    keccak.copy(other)
    assert isinstance(other.squeeze(4), napi.Buffer)


def test_prototype_is_in_declaration_order(package):
    keccak = package(NAME).__exports__
    from napi._native import shim

    assert shim.own_keys(keccak.prototype) == [
        "initialize",
        "absorb",
        "absorbLastFewBits",
        "squeeze",
        "copy",
        "constructor",
    ]


def test_wrong_argument(package):
    with pytest.raises(napi.Error, match="Invalid argument"):
        package(NAME)().absorb("x")

import pytest

import napi

NAME = "@node-rs/xxhash-linux-x64-gnu"


def test_functions(package):
    m = package(NAME)
    assert m.xxh32("hello") == 4211111929
    assert m.xxh32(b"hello", 7) == 2401278968
    assert m.xxh64("hello") == 2794345569481354659
    assert m.xxh64("hello", napi.BigInt(123)) == 2900467397628653179
    assert isinstance(m.xxh64("hello"), napi.BigInt)


def test_namespace_object(package):
    m = package(NAME)
    assert list(m.xxh3) == [
        "xxh64",
        "xxh128",
        "xxh64WithSecret",
        "xxh128WithSecret",
        "Xxh3",
    ]
    assert m.xxh3.xxh64("hello") == 10760762337991515389
    assert m.xxh3.xxh128("hello") == 241804000618833338782870102822322583576


def test_class_instances_chain(package):
    m = package(NAME)
    hasher = m.Xxh64(napi.BigInt(1))
    assert hasher.update("hel").update(b"lo") is hasher
    assert hasher.digest() == 2584346877953614258
    assert isinstance(hasher, m.Xxh64)
    assert type(hasher).__name__ == "Xxh64"


def test_static_factory(package):
    hasher = package(NAME).xxh3.Xxh3.withSeed(napi.BigInt(5))
    hasher.update("abc")
    assert hasher.digest() == 6167986026487092235


def test_method_checks_its_receiver(package):
    m = package(NAME)
    with pytest.raises(TypeError, match="Illegal invocation"):
        m.Xxh64.digest(napi.Object())


def test_python_subclass(package):
    m = package(NAME)

    class Named(m.Xxh64):
        def hex(self):
            return f"{self.digest():x}"

    named = Named(napi.BigInt(1))
    named.update("hello")
    assert named.hex() == f"{2584346877953614258:x}"

import hashlib

import pytest

import napi

NAME = "@rollup/rollup-linux-x64-gnu"
SOURCE = "export const a = 1; /* c */ export default function f(x){ return x?.y ?? 2n }"


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


def test_parse_async(package, wait):
    m = package(NAME)
    tree = wait(lambda: m.parseAsync(SOURCE, False, False, None))
    assert isinstance(tree, napi.Buffer)
    assert tree.equals(m.parse(SOURCE, False, False))
    error = wait(lambda: m.parseAsync("let let = 1;", False, False, None))
    assert len(error) == 104
    assert hashlib.sha256(error).hexdigest()[:16] == "4dc2f92e0d6971a6"


def test_rejection(package, wait):
    m = package(NAME)
    with pytest.raises(napi.Error) as info:
        wait(lambda: m.parseAsync(5, False, False, None))
    assert info.value.code == "StringExpected"


def test_many_at_once(package, wait):
    m = package(NAME)
    sources = [f"let a{i} = {i};" for i in range(50)]

    def all_of_them():
        jobs = [m.parseAsync(source, False, False, None) for source in sources]
        return napi.globalThis["Promise"].all(jobs)

    trees = wait(all_of_them)
    assert [bytes(t) for t in trees] == [
        bytes(m.parse(source, False, False)) for source in sources
    ]


@pytest.mark.parametrize(
    "code",
    [
        "m.parseAsync('1', False, False, None).result(20)",
        "kept = m.parseAsync('f(x);' * 100000, False, False, None)",
        "[m.parseAsync('1', False, False, None).then(len) for _ in range(50)]",
    ],
)
def test_leaves_the_interpreter_cleanly(ends, code):
    ends(NAME, code)

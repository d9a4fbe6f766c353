import pytest

import napi

NAME = "@koromix/koffi-linux-x64"


@pytest.fixture(scope="module")
def koffi(package):
    return package(NAME)


@pytest.fixture(scope="module")
def libc(koffi):
    return koffi.load("libc.so.6")


def test_plain_functions(koffi, libc):
    cos = koffi.load("libm.so.6").func("double cos(double)")
    assert (cos(0), cos.__name__) == (1, "cos")
    assert libc.func("strlen", "size_t", ["str"])("héllo") == 6
    labs = libc.func("long labs(long)")
    assert labs(napi.BigInt(-9007199254740993)) == 9007199254740993


def test_struct(koffi, libc):
    kind = koffi.struct(None, {"quot": "int", "rem": "int"})
    assert dict(libc.func("div", kind, ["int", "int"])(17, 5)) == {"quot": 3, "rem": 2}
    assert koffi.sizeof("long") == koffi.alignof("double") == 8
    assert koffi.offsetof(kind, "rem") == 4


def test_a_python_function_as_a_callback(koffi, libc):
    compare = koffi.proto("int (const void*, const void*)")
    pointer = koffi.inout(koffi.pointer("int"))
    qsort = libc.func(
        "qsort", "void", [pointer, "size_t", "size_t", koffi.pointer(compare)]
    )
    numbers = napi.Int32Array([3, 1, 2])
    qsort(
        numbers,
        3,
        4,
        lambda a, b: koffi.decode(a, "int") - koffi.decode(b, "int"),
    )
    assert list(numbers) == [1, 2, 3]


def test_variadic(libc):
    print_to = libc.func("int snprintf(_Out_ uint8_t *, size_t, str, ...)")
    text = napi.Buffer.alloc(32)
    size = print_to(text, 32, "%d-%s", "int", 5, "str", "x")
    assert bytes(text)[:size] == b"5-x"


def test_call_on_another_thread(libc, answer):
    start = getattr(libc.func("int abs(int)"), "async")
    assert answer(lambda done: start(-5, done)) == (napi.null, 5)


def test_errors(koffi, libc):
    with pytest.raises(napi.Error, match="Cannot find function 'nosuch'"):
        libc.func("double nosuch(double)")
    with pytest.raises(napi.TypeError, match="Unexpected String value"):
        libc.func("int abs(int)")("x")


def test_the_process_ends(ends):
    code = "print(m.load('libc.so.6').func('int abs(int)')(-3))"
    assert ends(NAME, code) == "3\n"

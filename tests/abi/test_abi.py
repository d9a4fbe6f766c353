"""napi.testing.abi: the functions of Node-API, called from Python."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))

import extract  # noqa: E402

import napi  # noqa: E402
from napi.testing import abi  # noqa: E402
from napi.testing.abi import Parameter, ffi, lib  # noqa: E402


@pytest.fixture(scope="module")
def enter_path(tmp_path_factory):
    target = tmp_path_factory.mktemp("enter") / "enter.node"
    flags = ["-shared", "-fPIC", f"-I{ROOT / 'include'}", "-o", target]
    extract.run([extract.compiler(), *flags, ROOT / "napi/testing/enter.c"], "")
    return target


@pytest.fixture(scope="module")
def enter(enter_path):
    """enter(body): calls body(env, info) while an addon is called."""
    addon = napi.load(enter_path, fresh=True)

    def run(body):
        failed = []

        def guarded(env, info):
            try:
                return body(env, info) or ffi.NULL
            except BaseException as error:
                failed.append(error)
                return ffi.NULL

        callback = ffi.callback("napi_callback", guarded)
        result = addon.enter(int(ffi.cast("uintptr_t", callback)))
        if failed:
            raise failed[0]
        return result

    return run


def test_prototypes():
    wrap = abi.functions()["napi_wrap"]
    assert wrap.result == "napi_status"
    assert [parameter.name for parameter in wrap.parameters] == [
        "env",
        "js_object",
        "native_object",
        "finalize_cb",
        "finalize_hint",
        "result",
    ]
    assert Parameter("const napi_node_version **", "version") in (
        abi.functions()["napi_get_node_version"].parameters
    )
    assert len(abi.functions()) == 161


def test_constants_and_layouts():
    assert (lib.napi_ok, lib.napi_cannot_run_js) == (0, 23)
    assert lib.napi_default_jsproperty == 7
    assert ffi.sizeof("napi_property_descriptor") == 8 * ffi.sizeof("void *")
    assert {"napi_wrap", "napi_ok"} <= set(dir(lib))
    with pytest.raises(AttributeError):
        _ = lib.napi_no_such_function


def test_values_go_through(enter):
    def body(env, info):
        result = ffi.new("napi_value *")
        assert lib.napi_create_double(env, 1.5, result) == lib.napi_ok
        number = ffi.new("double *")
        assert lib.napi_get_value_double(env, result[0], number) == lib.napi_ok
        assert number[0] == 1.5
        return result[0]

    assert enter(body) == 1.5


def test_texts(enter):
    def body(env, info):
        result = ffi.new("napi_value *")
        text = "é😀".encode()
        assert lib.napi_create_string_utf8(env, text, len(text), result) == lib.napi_ok
        wide = ffi.new("napi_value *")
        assert lib.napi_create_string_utf16(env, "é😀", 3, wide) == lib.napi_ok
        same = ffi.new("bool *")
        status = lib.napi_strict_equals(env, result[0], wide[0], same)
        assert (status, same[0]) == (lib.napi_ok, True)
        return result[0]

    assert enter(body) == "é😀"


def test_failures_are_statuses(enter):
    def body(env, info):
        result = ffi.new("napi_value *")
        assert lib.napi_create_double(ffi.NULL, 1.5, result) == lib.napi_invalid_arg
        assert lib.napi_create_double(env, 1.5, ffi.NULL) == lib.napi_invalid_arg
        error = ffi.new("const napi_extended_error_info **")
        assert lib.napi_get_last_error_info(env, error) == lib.napi_ok
        assert error[0].error_code == lib.napi_invalid_arg
        assert ffi.string(error[0].error_message) == b"Invalid argument"

    enter(body)


def test_callbacks_of_callbacks(enter):
    @ffi.callback("napi_callback")
    def called(env, info):
        result = ffi.new("napi_value *")
        assert lib.napi_create_int32(env, 7, result) == lib.napi_ok
        return result[0]

    def body(env, info):
        result = ffi.new("napi_value *")
        status = lib.napi_create_function(env, b"f", 1, called, ffi.NULL, result)
        assert status == lib.napi_ok
        return result[0]

    function = enter(body)
    assert function() == 7
    assert function.__name__ == "f"


def test_arguments_are_checked(enter):
    def body(env, info):
        with pytest.raises(TypeError, match="takes 2 arguments, not 1"):
            lib.napi_get_null(env)
        with pytest.raises(TypeError, match="napi_value"):
            lib.napi_get_null(env, ffi.new("napi_ref *"))
        with pytest.raises(TypeError):
            lib.napi_get_null(5, ffi.new("napi_value *"))
        with pytest.raises(OverflowError):
            lib.napi_create_int32(env, 2**31, ffi.new("napi_value *"))

    enter(body)


def test_missing_cffi_is_explained():
    program = "import sys; sys.modules['cffi'] = None; import napi.testing.abi as abi\n"
    done = subprocess.run(
        [sys.executable, "-c", program + "print(len(abi.functions())); abi.ffi"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.stdout == "161\n"
    assert "ModuleNotFoundError: napi.testing.abi needs cffi: pip install cffi" in (
        done.stderr
    )


def test_import_is_lazy():
    program = "import sys, napi.testing.abi; print('cffi' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("#ifdef A\nyes\n#else\nno\n#endif", ["yes"]),
        ("#ifndef A\nno\n#elif B >= 2\nyes\n#else\nno\n#endif", ["yes"]),
        ("#if !defined(A) || (defined(B) && B < 2)\nno\n#endif\nend", ["end"]),
        ("#if UNKNOWN\n#ifdef A\nno\n#endif\nno\n#else\nyes\n#endif", ["yes"]),
        ("#define C B /* two */\n#if C == 2\nyes\n#endif", ["yes"]),
    ],
)
def test_conditions(text, kept):
    assert list(abi._preprocess(text, {"A": "", "B": "2"})) == kept


def test_strange_conditions_are_refused():
    with pytest.raises(ValueError, match="not understood"):
        list(abi._preprocess("#if A + 'x'\n#endif", {}))


def test_callback_scopes_closed_in_the_wrong_order(enter_path):
    """Each keeps what runs alive, though its context is destroyed meanwhile."""
    code = """
import sys
import napi
from napi._native import shim
from napi.testing.abi import ffi, lib

@ffi.callback("napi_callback")
def body(env, info):
    name, target = ffi.new("napi_value *"), ffi.new("napi_value *")
    lib.napi_create_string_utf8(env, b"own", 3, name)
    lib.napi_create_object(env, target)
    opened = []
    for _ in range(2):
        context = ffi.new("napi_async_context *")
        scope = ffi.new("napi_callback_scope *")
        assert lib.napi_async_init(env, target[0], name[0], context) == 0
        assert lib.napi_open_callback_scope(env, target[0], context[0], scope) == 0
        opened.append((context[0], scope[0]))
    for context, scope in opened:
        assert lib.napi_async_destroy(env, context) == 0
        assert lib.napi_close_callback_scope(env, scope) == 0
        print(shim.async_object())
    return ffi.NULL

napi.load(sys.argv[1]).enter(int(ffi.cast("uintptr_t", body)))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, enter_path],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stderr, done.stdout) == ("", "None\n{}\n")

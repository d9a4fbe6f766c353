"""napi.load: registration, kinds of exports, the module object, refusals."""

import inspect
import os
import pydoc
import re
import threading
import types
from pathlib import Path

import pytest
from test_binary import ROOT_FLAGS, calls, compile_library

import napi

HEAD = """
#include <node_api.h>
#include <stddef.h>

static napi_value
number(napi_env env, double value)
{
    napi_value result = NULL;
    napi_create_double(env, value, &result);
    return result;
}

static napi_value
answer(napi_env env, napi_callback_info info)
{
    (void)info;
    return number(env, 42);
}

static napi_value
nothing(napi_env env, napi_callback_info info)
{
    (void)info;
    napi_value result = NULL;
    napi_get_null(env, &result);
    return result;
}

static inline void
put(napi_env env, napi_value object, const char *name, napi_value value)
{
    napi_set_named_property(env, object, name, value);
}

static inline void
put_function(napi_env env, napi_value object, const char *name,
             napi_callback callback)
{
    napi_value function = NULL;
    napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, NULL,
                         &function);
    put(env, object, name, function);
}
"""

USUAL = """
static int loads;
static napi_value
read_loads(napi_env env, napi_callback_info info)
{
    (void)info;
    return number(env, loads);
}
static napi_value
init(napi_env env, napi_value exports)
{
    ++loads;
    put_function(env, exports, "answer", answer);
    put_function(env, exports, "nothing", nothing);
    put(env, exports, "pi", number(env, 3.25));
    put(env, exports, "__repr__", number(env, 1));
    put(env, exports, "keys", number(env, 2));
    napi_value null;
    napi_get_null(env, &null);
    put(env, exports, "empty", null);
    napi_property_descriptor live = {"loads", NULL, NULL, read_loads, NULL,
                                     NULL, napi_enumerable, NULL};
    napi_property_descriptor fixed = {"fixed", NULL, NULL, NULL, NULL,
                                      number(env, 7), napi_default, NULL};
    napi_define_properties(env, exports, 1, &live);
    napi_define_properties(env, exports, 1, &fixed);
    return NULL;
}
"""
WELL_KNOWN = "NAPI_MODULE_INIT() { return init(env, exports); }\n"


def registers(function="init"):
    """Registration by a constructor, as NAPI_MODULE did in its first years."""
    return f"""
static napi_module module = {{1, 0, __FILE__, {function}, "self", NULL, {{0}}}};
__attribute__((constructor)) static void
register_module(void)
{{
    napi_module_register(&module);
}}
"""


@pytest.fixture
def build(tmp_path):
    """build(source, *flags, name=): a compiled addon, each time another file."""

    def compile_it(source, *flags, name="addon.node"):
        return compile_library(tmp_path, HEAD + source, *ROOT_FLAGS, *flags, name=name)

    return compile_it


@pytest.fixture
def usual(build):
    return napi.load(build(USUAL + WELL_KNOWN, name="my-addon.linux-x64.node"))


@pytest.mark.parametrize("registration", [WELL_KNOWN, registers()])
def test_both_registration_styles(build, registration):
    module = napi.load(build(USUAL + registration))
    assert module.answer() == 42
    assert module.pi == 3.25


def test_path_may_be_anything_that_open_takes(build, monkeypatch):
    path = build(USUAL + WELL_KNOWN, name="näme with space.node")
    module = napi.load(path)
    assert module.__file__ == os.fspath(path)
    assert napi.load(os.fspath(path)) is module
    assert napi.load(os.fsencode(path)) is module
    monkeypatch.chdir(path.parent)
    assert napi.load(path.name) is module
    link = path.with_name("link.node")
    link.symlink_to(path)
    assert napi.load(link) is module
    with pytest.raises(TypeError):
        napi.load(5)


@pytest.mark.parametrize("registration", [WELL_KNOWN, registers()])
def test_fresh_environment(build, registration):
    path = build(USUAL + registration)
    first = napi.load(path)
    second = napi.load(path, fresh=True)
    assert second is not first
    assert second.__exports__ is not first.__exports__
    assert napi.load(path) is first
    # The addon's own memory is one: it is in the process once.
    assert first.loads == second.loads == 2


def test_each_thread_has_an_environment_of_its_own(build):
    path = build(USUAL + WELL_KNOWN)
    first, seen = napi.load(path), []

    def work():
        module = napi.load(path)
        seen.append((module is first, module.answer(), napi.load(path) is module))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [(False, 42, True)]


WITH_A_LOCK = """
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

NAPI_MODULE_INIT()
{
    napi_value global, name, getter;

    pthread_mutex_lock(&mutex);
    napi_get_global(env, &global);
    /* Runs Python code, which lets other threads run. */
    napi_get_named_property(env, global, "slow", &name);
    napi_call_function(env, global, name, 0, NULL, &getter);
    pthread_mutex_unlock(&mutex);
    return exports;
}
"""


def test_threads_that_load_at_once_do_not_lock_each_other_out(build, child):
    """As napi-rs does, which registers its classes under a lock."""
    code = """if True:
        import sys, threading, time, napi
        napi.globalThis.slow = lambda *_: time.sleep(0.01)
        barrier, loaded = threading.Barrier(4), []

        def work():
            barrier.wait()
            loaded.append(napi.load(sys.argv[1]))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(len({id(module) for module in loaded}))
    """
    assert child(code, build(WITH_A_LOCK)).stdout == "4\n"


def test_module_face(usual):
    assert isinstance(usual, napi.Module)
    assert isinstance(usual, types.ModuleType)
    assert usual.__name__ == "my_addon"
    assert usual.__napi_version__ == 8
    assert isinstance(usual.__exports__, napi.Object)
    path = usual.__file__
    assert repr(usual) == f"<napi.Module 'my_addon' from {path!r} (Node-API 8)>"
    names = ["answer", "nothing", "pi", "keys", "empty", "loads", "fixed"]
    assert set(names) <= set(dir(usual))
    assert "__file__" in dir(usual)
    assert "toString" not in dir(usual)


def test_property_wins_over_attributes_of_the_type(usual):
    assert usual.keys == 2
    assert usual.__repr__ == 1


def test_help_tells_the_exports_by_kind(usual):
    text = pydoc.plain(pydoc.render_doc(usual))
    assert usual.__file__ in text
    for line in (r"answer\s+function", r"loads\s+accessor", r"pi\s+number 3.25"):
        assert re.search(line, text)
    assert inspect.getdoc(usual).startswith("Native addon my-addon")


def test_missing_export(usual):
    with pytest.raises(AttributeError, match="'my_addon' has no export 'absent'") as e:
        _ = usual.absent
    assert (e.value.name, e.value.obj) == ("absent", usual)
    assert not hasattr(usual, "__path__")
    assert getattr(usual, "absent", 3) == 3


def test_setting_sets_the_export(usual):
    usual.pi = 3
    assert usual.__exports__["pi"] == usual.pi == 3
    usual.fresh = "text"
    assert usual.__exports__["fresh"] == usual.fresh == "text"
    usual.__exports__["later"] = 8
    assert usual.later == 8
    del usual.fresh
    assert "fresh" not in usual.__exports__
    assert not hasattr(usual, "fresh")
    with pytest.raises(TypeError):
        usual.fixed = 8
    assert usual.fixed == 7
    with pytest.raises(AttributeError):
        del usual.absent
    usual.__path__ = []
    assert "__path__" not in usual.__exports__


def test_accessor_is_asked_each_time(build):
    path = build(USUAL + WELL_KNOWN)
    module = napi.load(path)
    assert module.loads == 1
    napi.load(path, fresh=True)
    assert module.loads == 2


def test_null_knob(build):
    path = build(USUAL + WELL_KNOWN)
    lossless, plain = napi.load(path), napi.load(path, null=None)
    assert lossless.empty is lossless.nothing() is napi.null
    assert plain.empty is None
    assert plain.nothing() is None
    assert plain.answer() == 42
    assert plain.answer.__name__ == "answer"
    assert plain.__exports__ is lossless.__exports__
    assert napi.load(path, null=None) is plain
    assert napi.load(path) is lossless
    with pytest.raises(TypeError, match="null="):
        napi.load(path, null=0)


FUNCTION = """
NAPI_MODULE_INIT()
{
    napi_value function;
    napi_create_function(env, "main", NAPI_AUTO_LENGTH, answer, NULL,
                         &function);
    put_function(env, function, "other", nothing);
    put(env, function, "version", number(env, 5));
    return function;
}
"""


def test_exports_that_are_a_function(build):
    path = build(FUNCTION)
    module = napi.load(path)
    assert callable(module)
    assert module() == module.__exports__() == 42
    assert module.version == 5
    assert module.other() is napi.null
    assert {"other", "version"} <= set(dir(module))
    assert "prototype" not in dir(module)
    assert "function: call it" in module.__doc__
    assert napi.load(path, null=None).other() is None
    module.added = 1
    assert module.__exports__.added == 1


CLASS = """
static napi_value
construct(napi_env env, napi_callback_info info)
{
    napi_value self;
    napi_get_cb_info(env, info, NULL, NULL, &self, NULL);
    put(env, self, "made", number(env, 1));
    return self;
}
NAPI_MODULE_INIT()
{
    napi_property_descriptor properties[] = {
        {"method", NULL, answer, NULL, NULL, NULL, napi_default, NULL},
        {"create", NULL, answer, NULL, NULL, NULL, napi_static, NULL},
    };
    napi_value result;
    napi_define_class(env, "Thing", NAPI_AUTO_LENGTH, construct, NULL, 2,
                      properties, &result);
    return result;
}
"""


def test_exports_that_are_a_class(build):
    module = napi.load(build(CLASS))
    thing = module()
    assert isinstance(thing, module.__exports__)
    assert (thing.made, thing.method()) == (1, 42)
    assert module.create() == 42
    assert "create" in dir(module)
    assert "class: call it" in module.__doc__


INSTANCE = CLASS.replace(
    "    return result;\n}",
    "    napi_value thing;\n"
    "    napi_new_instance(env, result, 0, NULL, &thing);\n"
    "    return thing;\n}",
)


def test_exports_that_are_an_instance(build):
    module = napi.load(build(INSTANCE))
    assert isinstance(module.__exports__, napi.Instance)
    assert module.made == 1
    assert module.method() == 42


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("NAPI_MODULE_INIT() { (void)exports; return number(env, 5); }", 5),
        ("NAPI_MODULE_INIT() { (void)exports; return nothing(env, NULL); }", None),
    ],
)
def test_exports_that_are_no_object(build, source, value):
    module = napi.load(build(source))
    assert module.__exports__ == (napi.null if value is None else value)
    assert "exports a value" in module.__doc__
    assert not hasattr(module, "anything")
    with pytest.raises(AttributeError):
        module.anything = 1


def version_function(number):
    return (
        "NAPI_EXTERN int32_t node_api_module_get_api_version_v1(void);\n"
        f"int32_t node_api_module_get_api_version_v1(void) {{ return {number}; }}\n"
        "napi_value napi_register_module_v1(napi_env, napi_value)"
        ' __attribute__((visibility("default")));\n'
        "napi_value napi_register_module_v1(napi_env env, napi_value exports)"
        "{ (void)env; return exports; }\n"
    )


@pytest.mark.parametrize(("asked", "got"), [(1, 8), (8, 8), (9, 9), (10, 10)])
def test_version_is_negotiated(build, asked, got):
    assert napi.load(build(version_function(asked))).__napi_version__ == got


def test_experimental_version(build):
    module = napi.load(build(version_function(2147483647)))
    assert module.__napi_version__ == 2147483647


@pytest.mark.parametrize("asked", [11, 1000])
def test_version_that_is_too_new(build, asked):
    path = build(version_function(asked))
    with pytest.raises(napi.ModuleVersionError, match=f"version {asked}") as info:
        napi.load(path)
    assert info.value.path == os.fspath(path)


def test_init_that_throws(build):
    path = build(
        "NAPI_MODULE_INIT() { (void)exports; napi_throw_type_error("
        'env, "E_INIT", "not today"); return NULL; }'
    )
    for _ in range(2):  # and it is not remembered as loaded
        with pytest.raises(napi.TypeError, match="not today") as info:
            napi.load(path)
        assert info.value.code == "E_INIT"


DLSYM = """
#include <dlfcn.h>
typedef napi_status (*create)(napi_env, double, napi_value *);
typedef napi_status (*set)(napi_env, napi_value, const char *, napi_value);
__attribute__((visibility("default"))) napi_value
napi_register_module_v1(napi_env env, napi_value exports)
{
    void *host = HANDLE;
    create create_double = (create)dlsym(host, "napi_create_double");
    set set_named = (set)dlsym(host, "napi_set_named_property");
    napi_value value;
    if (create_double == NULL || set_named == NULL ||
        create_double(env, 6, &value) != napi_ok ||
        set_named(env, exports, "six", value) != napi_ok) {
        return NULL;
    }
    return exports;
}
"""


@pytest.mark.parametrize("handle", ["dlopen(NULL, RTLD_NOW)", "RTLD_DEFAULT"])
def test_addons_that_look_their_functions_up(tmp_path, handle):
    path = compile_library(
        tmp_path,
        "#define _GNU_SOURCE\n#include <node_api.h>\n#include <stddef.h>\n" + DLSYM,
        *ROOT_FLAGS,
        f"-DHANDLE={handle}",
        "-ldl",
    )
    found = napi.inspect(path).undefined
    assert not [name for name in found if name.startswith("napi_")]
    assert napi.load(path).six == 6


def test_library_that_is_no_addon(tmp_path):
    path = compile_library(tmp_path, "int f(void) { return 1; }\n")
    with pytest.raises(napi.ModuleNotRegisteredError, match="did not self-reg") as info:
        napi.load(path)
    assert isinstance(info.value, napi.NotAnAddonError)
    assert info.value.path == os.fspath(path)


def test_registration_without_an_entry_point(build):
    with pytest.raises(napi.ModuleNotRegisteredError, match="no declared entry point"):
        napi.load(build(registers("NULL")))


@pytest.mark.parametrize(
    ("symbols", "kind"),
    [
        (["_ZN2v85Value8IsObjectEv"], "V8AddonError"),
        (["napi_of_the_future"], "UnknownFunctionError"),
        (["uv_of_the_future"], "NeedsLibuvError"),
        (["of_nobody"], "UnresolvedSymbolError"),
    ],
)
def test_refusals_name_the_symbols(tmp_path, symbols, kind):
    path = compile_library(tmp_path, calls(*symbols))
    with pytest.raises(getattr(napi, kind)) as info:
        napi.load(path)
    assert info.value.symbols == tuple(symbols)
    assert isinstance(info.value, ImportError)


def test_missing_sibling_library(tmp_path):
    sibling = compile_library(tmp_path, "", "-Wl,-soname,libsib.so.4", name="libs.so")
    flags = ("-Wl,--no-as-needed", f"-L{tmp_path}", "-l:libs.so", "-Wl,-rpath,$ORIGIN")
    path = compile_library(tmp_path, calls(), *flags)
    sibling.unlink()
    with pytest.raises(napi.MissingLibraryError, match=r"libsib\.so\.4") as info:
        napi.load(path)
    assert info.value.libraries == ("libsib.so.4",)


def test_plain_problems(tmp_path):
    with pytest.raises(FileNotFoundError):
        napi.load(tmp_path / "none.node")
    with pytest.raises(IsADirectoryError):
        napi.load(tmp_path)
    with pytest.raises(napi.BadBinaryError, match="text that begins"):
        napi.load(Path(__file__))


def test_damaged_files_never_end_the_process(build, tmp_path, child):
    whole = build(USUAL + WELL_KNOWN).read_bytes()
    code = """if True:
        import os, sys, napi
        whole, folder = open(sys.argv[1], "rb").read(), sys.argv[2]
        refused = 0
        for length in range(0, len(whole), 64):
            path = os.path.join(folder, f"{length}.node")
            with open(path, "wb") as file:
                file.write(whole[:length])
            try:
                napi.load(path)
            except napi.LoadError as error:
                assert path in str(error)
                refused += 1
        print(refused)
    """
    source = tmp_path / "whole"
    source.write_bytes(whole)
    done = child(code, source, tmp_path)
    assert int(done.stdout) > len(whole) // 64 // 2


def test_a_first_load_imports_no_library(build, child):
    """What inspects an addon at leisure takes a hundred times as long to import."""
    code = """if True:
        import sys, napi
        before = set(sys.modules)
        found = napi.inspect(sys.argv[1])
        added = {name.partition(".")[0] for name in set(sys.modules) - before}
        print(len(found.undefined), *sorted(added - sys.stdlib_module_names))
    """
    symbols, *added = child(code, build(USUAL + WELL_KNOWN)).stdout.split()
    assert set(added) <= {"napi"}
    assert int(symbols) >= 5


def test_submodules_come_when_they_are_asked_for(child):
    done = child(
        """
import sys, napi
names = {"async_hooks", "js", "package", "testing"}
assert names <= set(dir(napi))
assert not {f"napi.{name}" for name in names} & set(sys.modules)
print([getattr(napi, name).__name__ for name in sorted(names)])
"""
    )
    assert eval(done.stdout) == [
        "napi.async_hooks",
        "napi.js",
        "napi.package",
        "napi.testing",
    ]

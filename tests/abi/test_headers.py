"""Each header compiles alone, as C and as C++, for every version, without Python."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))

from extract import VARIANTS, compiler  # noqa: E402

HEADERS = (
    "js_native_api_types.h",
    "js_native_api.h",
    "node_api_types.h",
    "node_api.h",
)
LANGUAGES = {
    "c11": [compiler(), "-std=c11", "-xc", "-Wstrict-prototypes"],
    "c++17": [compiler("CXX", "c++"), "-std=c++17", "-xc++"],
}
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-pedantic"]
ADDON = """
#include <node_api.h>
static napi_value init(napi_env env, napi_value exports)
{
    (void)env;
    return exports;
}
"""


@pytest.fixture(scope="module")
def poison(tmp_path_factory):
    """A directory with headers that must not be included."""
    place = tmp_path_factory.mktemp("poison")
    for name in ("Python.h", "node.h", "v8.h", "uv.h"):
        (place / name).write_text(f"#error {name} is included\n", encoding="utf-8")
    return place


def compile_text(language, text, *flags, check=True):
    command = [*LANGUAGES[language], *WARNINGS, *flags, "-"]
    done = subprocess.run(
        list(map(str, command)), input=text, capture_output=True, text=True
    )
    if check:
        assert done.returncode == 0, done.stderr
    return done


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("variant", VARIANTS)
def test_compiles_alone(language, variant, poison):
    for header in HEADERS:
        compile_text(
            language,
            f"#include <{header}>\n#include <{header}>\ntypedef int used;\n",
            "-fsyntax-only",
            f"-I{poison}",
            f"-I{ROOT / 'include'}",
            *VARIANTS[variant],
        )


def test_poison_works(poison):
    done = compile_text(
        "c11", "#include <Python.h>\n", "-fsyntax-only", f"-I{poison}", check=False
    )
    assert "Python.h is included" in done.stderr


def exported(library):
    listing = subprocess.run(
        ["nm", "-D", "--defined-only", library],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return {line.split()[-1] for line in listing.splitlines()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "entry",
    [
        "NAPI_MODULE(some_name, init)",
        "NAPI_MODULE_X(some_name, init, NULL, 0)",
        "NAPI_MODULE_INIT() { return init(env, exports); }",
    ],
)
def test_entry_points(language, entry, tmp_path):
    library = tmp_path / "addon.node"
    flags = ["-shared", "-fPIC", "-fvisibility=hidden", f"-I{ROOT / 'include'}"]
    compile_text(language, f"{ADDON}{entry}\n", *flags, "-o", library)
    assert exported(library) >= {
        "napi_register_module_v1",
        "node_api_module_get_api_version_v1",
    }


def test_constants():
    """What the types cannot say: widths, the length's value, no return."""
    text = """
    #include <node_api.h>
    _Static_assert(sizeof(char16_t) == 2 && (char16_t)-1 > 0, "");
    _Static_assert(NAPI_AUTO_LENGTH == SIZE_MAX, "");
    _Static_assert(NAPI_VERSION == 8 && NAPI_MODULE_VERSION == 1, "");
    int never(void);
    int never(void) { napi_fatal_error(NULL, 0, NULL, 0); }
    """
    compile_text("c11", text, "-fsyntax-only", f"-I{ROOT / 'include'}")


def test_basic_env_is_const_for_experimental_modules():
    """A finalizer of an experimental module cannot make values by mistake."""
    text = """
    #include <node_api.h>
    napi_status call(node_api_basic_env env, napi_value *result);
    napi_status call(node_api_basic_env env, napi_value *result)
    {
        return napi_create_object(env, result);
    }
    """
    flags = ["-fsyntax-only", f"-I{ROOT / 'include'}", "-DNAPI_EXPERIMENTAL"]
    assert "const" in compile_text("c11", text, *flags, check=False).stderr
    opt_out = "-DNODE_API_EXPERIMENTAL_BASIC_ENV_OPT_OUT"
    compile_text("c11", text, *flags, opt_out)

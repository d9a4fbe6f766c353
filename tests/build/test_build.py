"""Addons from a binding.gyp or from a list of files, compiled, loaded, called."""

import json
import os
import subprocess

import pytest

import napi
import napi.testing
from napi.build import BuildError, build

ADDON = """
#include <node_api.h>
#include "value.h"
static napi_value get(napi_env env, napi_callback_info info) {
  napi_value result;
  napi_create_int32(env, VALUE, &result);
  return result;
}
static napi_value init(napi_env env, napi_value exports) {
  napi_value function;
  napi_create_function(env, "get", NAPI_AUTO_LENGTH, get, NULL, &function);
  napi_set_named_property(env, exports, "get", function);
  return exports;
}
NAPI_MODULE(NODE_GYP_MODULE_NAME, init)
"""
CXX = """
#include <node_api.h>
#include <string>
extern "C" int part();
static napi_value init(napi_env env, napi_value exports) {
  napi_value value;
  std::string text = SAY;
  try { throw 1; } catch (int n) { text += std::to_string(n + part()); }
  napi_create_string_utf8(env, text.c_str(), text.size(), &value);
  napi_set_named_property(env, exports, "text", value);
  return exports;
}
NAPI_MODULE(NODE_GYP_MODULE_NAME, init)
"""


@pytest.fixture
def folder(tmp_path):
    """write(files): a directory with them."""

    def write(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            text = text if isinstance(text, str) else repr(text)
            path.write_text(text)
        return tmp_path

    return write


@pytest.fixture
def plain(folder):
    return folder(
        addon_dot_c=ADDON,
        value_dot_h="#define VALUE 7\n",
        binding_dot_gyp={"targets": [{"target_name": "a", "sources": ["addon.c"]}]},
    )


def test_a_directory(plain):
    made = build(plain)
    assert made == [plain / "build/Release/a.node"]
    assert napi.load(made[0]).get() == 7


def test_only_what_changed_is_compiled(plain):
    steps = []
    assert build(plain, progress=steps.append)
    assert [step.split()[1] for step in steps] == ["CC", "SOLINK(module)"]
    steps.clear()
    build(plain, progress=steps.append)
    assert steps == []
    (plain / "value.h").write_text("#define VALUE 8\n")  # known by the depfile
    os.utime(plain / "value.h", ns=(2**62, 2**62))
    made = build(plain, progress=steps.append)
    assert len(steps) == 2
    assert napi.load(made[0], fresh=True).get() == 8
    steps.clear()
    build(plain, clean=True, progress=steps.append)
    assert len(steps) == 2


def test_debug_is_beside_release(plain):
    (plain / "addon.c").write_text(
        ADDON.replace("VALUE,", "sizeof(char[1]) + DEBUG_VALUE,") + "\n"
    )
    (plain / "value.h").write_text(
        "#ifdef DEBUG\n#define DEBUG_VALUE 1\n#else\n#define DEBUG_VALUE 2\n#endif\n"
    )
    release, debug = build(plain)[0], build(plain, debug=True)[0]
    assert [path.parent.name for path in (release, debug)] == ["Release", "Debug"]
    assert [napi.load(path).get() for path in (debug, release)] == [2, 3]
    sections = subprocess.run(
        ["readelf", "-S", debug], capture_output=True, text=True, check=True
    ).stdout
    assert ".debug_info" in sections


GYP = {
    "variables": {"word%": "hello", "where": '<!(node -p "process.platform")'},
    "target_defaults": {"defines": ["FROM_DEFAULTS=3"]},
    "targets": [
        {
            "target_name": "part",
            "type": "static_library",
            "sources": ["lib/part.c"],
            "direct_dependent_settings": {"include_dirs": ["lib"]},
            "all_dependent_settings": {"defines": ["FROM_PART"]},
        },
        {
            "target_name": "whole",
            "dependencies": ["part"],
            "sources": ["whole.cc", "<!@(ls *.extra.cc)"],
            "cflags_cc!": ["-fno-exceptions"],
            "cflags_cc": ["-DCXX_ONLY"],
            "libraries": ["-lm"],
            "conditions": [
                [
                    'OS=="linux" and where=="linux"',
                    {"defines": ['SAY="<(word)"']},
                    {"defines": ['SAY="other"']},
                ],
                ['target_arch=="none"', {"sources": ["absent.cc"]}],
            ],
            "actions": [
                {
                    "action_name": "make",
                    "inputs": ["in.txt"],
                    "outputs": ["<(SHARED_INTERMEDIATE_DIR)/made.h"],
                    "action": [
                        "node",
                        "copy.js",
                        "<(SHARED_INTERMEDIATE_DIR)/made.h",
                    ],
                }
            ],
            "include_dirs": ["<(SHARED_INTERMEDIATE_DIR)"],
        },
    ],
}


@pytest.fixture
def whole(folder):
    checks = "#include <part.h>\n#include <made.h>\n"
    checks += "".join(
        f"#ifndef {name}\n#error {name}\n#endif\n"
        for name in ("FROM_PART", "FROM_DEFAULTS", "CXX_ONLY", "FROM_ACTION")
    )
    return folder(
        binding_dot_gyp=GYP,
        lib__part_dot_c="#include <math.h>\nint part(void) { return FROM_DEFAULTS; }",
        lib__part_dot_h="extern int part_h;\n",
        whole_dot_cc=checks + CXX,
        one_dot_extra_dot_cc="int one() { return 1; }",
        in_dot_txt="FROM_ACTION",
        copy_dot_js=(
            "const { execSync } = require('child_process');"
            "execSync('echo \"#define $(cat in.txt)\" > ' + process.argv[2])"
        ),
    )


def test_targets_conditions_variables_actions(whole, javascript):
    path = napi.testing.build(whole)
    assert path.name == "whole.node"
    assert napi.load(path).text == "hello4"
    path = napi.testing.build(whole, variables={"word": "bye"}, out=whole / "other")
    assert path == whole / "other/Release/whole.node"
    assert napi.load(path).text == "bye4"


def test_a_list_of_files(plain, monkeypatch):
    monkeypatch.chdir(plain)
    path = napi.testing.build(
        ["addon.c"], name="mine", defines=["EXTRA"], flags=["-Wno-error"]
    )
    assert path == plain / "build/Release/mine.node"
    assert napi.load(path).get() == 7


def test_files_in_several_directories(folder):
    root = folder(
        a__whole_dot_cc=CXX,
        b__part_dot_c="int part(void) { return LEVEL; }",
    )
    path = napi.testing.build(
        [root / "a/whole.cc", root / "b/part.c"],
        out=root / "out",
        defines=['SAY="x"', "LEVEL=2"],
        flags=["-fexceptions"],
        libraries=["-lm"],
    )
    assert napi.load(path).text == "x3"
    assert sorted(one.name for one in root.iterdir()) == ["a", "b", "out"]


def test_headers_of_libuv(plain):
    (plain / "uv/include").mkdir(parents=True)
    (plain / "uv/include/uv.h").write_text("#define UV 5\n")
    (plain / "value.h").write_text("#include <uv.h>\n#define VALUE UV\n")
    path = napi.testing.build(plain, headers=plain / "uv")
    assert napi.load(path).get() == 5
    with pytest.raises(BuildError, match=r"no uv\.h"):
        build(plain, headers=plain)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("int f(void) { return nothing; }", r"found 1 error\n.*addon\.c:1:22: error"),
        ("#include <uv.h>", "--headers"),
        ("#include <nan.h>", "not made for Node-API"),
        ("#include <v8.h>", "not made for Node-API"),
        ("#include <napi.h>", "napi add node-addon-api"),
        ("#include <other.h>", "found 1 error"),
    ],
)
def test_errors_of_the_compiler(plain, monkeypatch, text, message):
    monkeypatch.chdir(plain)
    (plain / "addon.c").write_text(text)
    with pytest.raises(BuildError, match=f"(?s){message}") as caught:
        build(plain)
    assert "\naddon.c:1:" in str(caught.value)
    assert "error" in caught.value.output


@pytest.mark.parametrize(
    ("gyp", "message"),
    [
        ("{'targets': [", "binding.gyp"),
        ({"targets": [{"target_name": "a", "dependencies": ["b"]}]}, "b"),
        (
            {"targets": [{"target_name": "a", "sources": ["<(unknown)"]}]},
            "unknown",
        ),
        (
            {"targets": [{"target_name": "a", "sources": ["<!(exit 4)"]}]},
            "exit status 4",
        ),
        (
            {
                "targets": [
                    {
                        "target_name": "a",
                        "include_dirs": ["<!(node -e \"require('nan')\")"],
                    }
                ]
            },
            "not made for Node-API",
        ),
        (
            {
                "targets": [
                    {
                        "target_name": "a",
                        "include_dirs": [
                            "<!@(node -p \"require('node-addon-api').include\")"
                        ],
                    }
                ]
            },
            "napi add node-addon-api",
        ),
        ({"targets": [{"target_name": "a", "type": "none"}]}, "no target"),
        ({"targets": [{"target_name": "a", "sources": ["absent.c"]}]}, r"absent\.c"),
    ],
)
def test_errors_of_the_description(folder, gyp, message, javascript):
    with pytest.raises(BuildError, match=f"(?s){message}"):
        build(folder(binding_dot_gyp=gyp))


def test_what_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        build(tmp_path / "absent")
    with pytest.raises(BuildError, match=r"no binding\.gyp"):
        build(tmp_path)
    (tmp_path / "a.txt").touch()
    with pytest.raises(BuildError, match="neither C nor C"):
        build(tmp_path / "a.txt")


def test_several_addons_want_a_name(plain):
    targets = [{"target_name": name, "sources": ["addon.c"]} for name in "ab"]
    (plain / "binding.gyp").write_text(repr({"targets": targets}))
    with pytest.raises(BuildError, match="a, b"):
        napi.testing.build(plain)
    assert napi.testing.build(plain, target="b").name == "b.node"
    with pytest.raises(TypeError, match="name="):
        build(plain, name="c")


def test_what_node_pre_gyp_passes(plain):
    described = {
        "name": "x",
        "version": "1.0.0",
        "binary": {
            "module_name": "mine",
            "module_path": "./lib/napi-v{napi_build_version}-{platform}",
            "napi_versions": [3, 8, 99],
        },
    }
    (plain / "package.json").write_text(json.dumps(described))
    gyp = {
        "targets": [
            {
                "target_name": "<(module_name)",
                "sources": ["addon.c"],
                "defines": ["NAPI_VERSION=<(napi_build_version)"],
            },
            {
                "target_name": "after",
                "type": "none",
                "dependencies": ["<(module_name)"],
                "copies": [
                    {
                        "files": ["<(PRODUCT_DIR)/<(module_name).node"],
                        "destination": "<(module_path)",
                    }
                ],
            },
        ]
    }
    (plain / "binding.gyp").write_text(repr(gyp))
    assert napi.testing.build(plain).name == "mine.node"
    assert napi.load(plain / "lib/napi-v8-linux/mine.node").get() == 7


def test_two_builds_at_once_wait_for_each_other(plain, child):
    code = """
import sys
from concurrent.futures import ThreadPoolExecutor
from napi.build import build
with ThreadPoolExecutor(3) as pool:
    made = list(pool.map(lambda _: build(sys.argv[1]), range(3)))
assert made[0] == made[1] == made[2], made
import napi
print(napi.load(made[0][0]).get())
"""
    assert child(code, plain).stdout == "7\n"


def test_importing_napi_imports_no_tool(child):
    code = """
import sys, napi, napi.testing, napi.build
print([name for name in ("gyp", "ninja", "esprima") if name in sys.modules])
"""
    assert child(code).stdout == "[]\n"


def test_command(plain, child):
    code = """
import sys
from napi.cli import main
sys.exit(main(sys.argv[1:]))
"""
    done = child(code, "build", plain)
    assert done.stdout == f"{plain}/build/Release/a.node\n"
    assert "[1/2] CC " in done.stderr
    (plain / "addon.c").write_text("what")
    done = child(code, "build", plain, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "napi build: the compiler found 1 error" in done.stderr
    done = child(code, "build", "-D", "x", check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "NAME=VALUE" in done.stderr

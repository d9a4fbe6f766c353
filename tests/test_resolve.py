"""Node's resolution: each answer is what Node 26 said about the same tree."""

import contextlib
import json
import pickle
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from napi import resolve
from napi.resolve import ResolveError

HERE = Path(__file__).resolve().parent / "resolve"
sys.path.insert(0, str(HERE))

from tree import CWD, NODE_PATH, cases, plant  # noqa: E402

ROWS = json.loads((HERE / "node26.json").read_text())


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("resolve").resolve()
    plant(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NODE_PATH", str(folder / NODE_PATH))
        patch.setenv("HOME", str(folder))
        patch.chdir(folder / CWD)
        yield folder


def answer(root, kind, parent, specifier):
    def hide(value):
        if isinstance(value, list):
            return [hide(item) for item in value]
        return str(value).replace(str(root), "$ROOT")

    try:
        found = resolve.locate(specifier, root / parent, kind=kind)
    except ResolveError as error:
        more = {name: hide(value) for name, value in error.properties.items()}
        return {
            **({"code": error.code} if error.code else {}),
            "name": error.base,
            "message": hide(error),
            "more": more,
        }
    return {
        "path": found.builtin or hide(found.path),
        "suffix": found.suffix,
        "format": found.format,
    }


@pytest.mark.parametrize(
    ("kind", "parent", "specifier", "expected"),
    ROWS,
    ids=[f"{kind}-{parent}-{name!r}" for kind, parent, name, _ in ROWS],
)
def test_answers_as_node_does(root, kind, parent, specifier, expected):
    found = answer(root, kind, parent, specifier)
    if "message" in expected:
        assert found == expected
        return
    # Node gives the name of a module of its own as it was asked.
    expected["path"] = resolve.builtin(expected["path"]) or expected["path"]
    if "format" in expected:
        expected["format"] = expected["format"] or ""
    assert {key: found[key] for key in expected} == expected


def test_a_file_is_a_path_and_a_module_of_node_is_none(root):
    found = resolve.resolve("plain", root / "app/index.js")
    assert found == root / "app/node_modules/plain/lib/sub.js"
    with pytest.raises(ValueError, match="'fs' is a module of Node itself"):
        resolve.resolve("fs", root / "app/index.js")


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"never"}, "lib/file.js"),
        ({"node", "never"}, "no.js"),
        ((), "lib/file.js"),
    ],
)
@pytest.mark.parametrize("kind", ["require", "import"])
def test_conditions_of_the_caller_take_the_place_of_nodes(
    tmp_path, kind, conditions, expected
):
    shape = {"node": {"never": "./no.js"}, "default": "./lib/file.js"}
    folder = tmp_path / "node_modules/x"
    (folder / "lib").mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps({"exports": shape}))
    (folder / "no.js").touch()
    (folder / "lib/file.js").touch()
    found = resolve.resolve("x", tmp_path / "a", kind=kind, conditions=conditions)
    assert found == (folder / expected).resolve()


def test_the_stack_is_in_the_message_and_beside_it(root):
    with pytest.raises(ResolveError) as caught:
        resolve.resolve("./gone", root / "app/index.js", stack=["/b.js", "/a.js"])
    assert str(caught.value).endswith("Require stack:\n- /b.js\n- /a.js")
    assert caught.value.properties == {"requireStack": ["/b.js", "/a.js"]}


def test_an_error_survives_pickling(root):
    with pytest.raises(ResolveError) as caught:
        resolve.resolve("./gone", root / "app/index.js")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.code) == (str(caught.value), "MODULE_NOT_FOUND")
    assert again.properties == caught.value.properties


def test_a_changed_package_json_is_read_again(tmp_path):
    folder = tmp_path / "node_modules/x"
    folder.mkdir(parents=True)
    for name in ("first.js", "the-second.js"):
        (folder / name).touch()
        (folder / "package.json").write_text(json.dumps({"main": name}))
        assert resolve.resolve("x", tmp_path / "a").name == name


@pytest.mark.parametrize("depth", [3, 200000])
def test_a_deeply_nested_package_json_is_refused_not_a_crash(tmp_path, depth):
    folder = tmp_path / "node_modules/x"
    folder.mkdir(parents=True)
    text = '{"exports": ' + "[" * depth + "]" * depth + "}"
    (folder / "package.json").write_text(text)
    with pytest.raises(ResolveError):
        resolve.resolve("x", tmp_path / "a")


_PIECES = ["app", "./", "../", "/", "#", "@", "plain", "shaped", "p/", "*", "%2", "?"]
_PIECES += [
    "%2f",
    "%ff",
    "\\",
    "\0",
    "\ud800",
    "\udcff",
    "é",
    ":",
    "file:",
    "node:",
    ".",
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(_PIECES),
        max_size=6,
    ).map("".join),
    st.sampled_from(["require", "import"]),
)
def test_any_text_is_resolved_or_refused(root, specifier, kind):
    with contextlib.suppress(ResolveError):
        resolve.locate(specifier, root / "app/index.js", kind=kind)


def test_all_cases_are_recorded():
    assert {tuple(row[:3]) for row in ROWS} == set(cases())

"""Rules of the house that a program can check."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SHIM = ROOT / "napi" / "shim"
sys.path.insert(0, str(ROOT / "tools"))

import ledger  # noqa: E402

ROWS = {row.name: row for row in ledger.read()}
CHAPTERS = sorted(SHIM.glob("*.c"))
MOST_LINES = 500
DEFINITION = re.compile(
    r"^(\w+)\((?:[^;{}]|\n)*?\)\n\{\n(.*?)^\}", re.MULTILINE | re.DOTALL
)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
CALL = re.compile(r"\b([A-Za-z_]\w*)\s*\(\s*(\w*)")
# Writable data that may be there, and why.
WRITABLE = {
    r"(\w+_)?spec": "PyType_FromModuleAndSpec takes no const spec",
    r"(\w+_)?slots(\.\d+)?": "PyType_Spec and PyModuleDef take no const slots",
    r"(\w+_)?methods(\.\d+)?": "CPython's method tables are not const",
    r"(\w+_)?members(\.\d+)?": "CPython's member tables are not const",
    r"(\w+_)?(attributes|flags)(\.\d+)?": "CPython's getter tables are not const",
    r"(\w+_)?names(\.\d+)?": "PyArg_ParseTupleAndKeywords takes no const names",
    r"(\w+_)?functions(\.\d+)?": "CPython's method tables are not const",
    r"\w+_(def|method)(\.\d+)?": "PyCFunction_New takes no const definition",
    r"shim_module": "CPython writes the definition of a module",
}
# Per thread, and why.
THREAD_LOCAL = {
    r"registered": "constructors call napi_module_register, which has no env",
}
COMPILERS = re.compile(
    r"completed\.\d+|__dso_handle|__TMC_END__|_edata|__bss_start|_end"
)
SKIPPED = {
    *(".git", ".cache", ".venv", "build", "dist", "__pycache__"),
    *(".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"),
}
# Put together here, so that this file has none of them.
HOSTS = [
    "registry." + "npmjs.org",
    "registry." + "yarnpkg.com",
    "files." + "pythonhosted.org",
    "pypi" + ".org",
    "proxy." + "golang.org",
]
HOMES = ["/" + "root/", "/" + "home/", "/" + "Users/", "/" + "work/"]


def strip(text):
    return COMMENT.sub(" ", text)


def definitions():
    """(file, name) -> body of each function of the shim."""
    found = {}
    for path in CHAPTERS:
        text = strip(path.read_text(encoding="utf-8"))
        for name, body in DEFINITION.findall(text):
            found[path.name, name] = body
    return found


BODIES = definitions()


def definitions_of(name):
    return [file for file, found in BODIES if found == name]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.name)
def test_file_is_a_chapter(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("/* "), "it opens with its chapter and its invariant"
    assert text.count("\n") <= MOST_LINES


@pytest.mark.parametrize("name", ROWS)
def test_function_is_where_the_ledger_says(name):
    assert definitions_of(name) == [ROWS[name].file]


def prologue(file, name, seen=()):
    """How a function begins, or the one that it hands its env to at once."""
    for called, first in CALL.findall(BODIES[file, name]):
        if called == "NAPI_PREAMBLE":
            return "preamble"
        if called == "CHECK_ENV":
            return "check_env"
        if first not in ("env", "basic_env") or called in seen:
            return "none"
        if called in ROWS:
            return simplified(ROWS[called].prologue)
        if (file, called) in BODIES:
            return prologue(file, called, (*seen, called))
        return "none"
    return "none"


def simplified(word):
    """Only the strict build tells heap functions from others."""
    return word.removesuffix("_gc")


@pytest.mark.parametrize("name", ROWS)
def test_function_begins_as_the_ledger_says(name):
    files = definitions_of(name)
    assert files, "it is not defined"
    assert prologue(files[0], name) == simplified(ROWS[name].prologue)


def test_nothing_else_is_named_like_the_abi():
    names = {name for _, name in BODIES if name.startswith(("napi_", "node_api_"))}
    assert names <= set(ROWS)


def writable_symbols(path):
    """(section, name) of the data that can be written to after loading."""
    command = ["objdump", "-t", path]
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for line in listing.splitlines():
        match = re.match(r"[0-9a-f]+ (.{7}) (\.\w[\w.]*)\t[0-9a-f]+\s+(.*)$", line)
        if match is None or "d" in match[1]:  # of the debugger: a section
            continue
        flags, section, name = match[1], match[2], match[3].split()[-1]
        if section in (".tdata", ".tbss") or (
            section in (".data", ".bss") and "O" in flags
        ):
            yield section, name


@pytest.mark.parametrize("build", ["napi._shim", "napi._shim_strict"])
def test_nothing_is_mutable_and_static(build):
    spec = importlib.util.find_spec(build)
    assert spec is not None, f"{build} is not built"
    symbols = list(writable_symbols(spec.origin))
    assert {(".data", "shim_module"), (".tbss", "registered")} <= set(symbols)
    wrong = []
    for section, name in symbols:
        allowed = THREAD_LOCAL if section.startswith(".t") else WRITABLE
        known = any(re.fullmatch(pattern, name) for pattern in allowed)
        if not known and not COMPILERS.fullmatch(name):
            wrong.append(f"{section} {name}")
    assert not wrong, "\n".join(wrong)


def texts():
    """All files of the checkout that are texts of ours."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if SKIPPED.intersection(parts) or not path.is_file():
            continue
        if any(part.endswith(".egg-info") for part in parts):
            continue
        data = path.read_bytes()
        if b"\0" not in data[:4096]:
            yield path, data.decode("utf-8", "replace")


def test_no_forbidden_words():
    """No host of a package registry, no path of somebody's machine."""
    pattern = re.compile(
        "|".join([*map(re.escape, HOSTS), *(rf"(?<![\w.]){home}\w" for home in HOMES)])
    )
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path, text in texts()
        for match in pattern.finditer(text)
    ]
    assert found == []

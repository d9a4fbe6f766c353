"""Ledger, headers and extension agree on what the ABI is."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(ROOT / "tools")]

import extract  # noqa: E402
import ledger  # noqa: E402

from napi.testing import abi  # noqa: E402

ROWS = ledger.read()
NAMES = {row.name for row in ROWS}
BUILDS = ("napi._shim", "napi._shim_strict")
# What compilers and their run-time libraries put into every shared library.
COMPILERS = ("__asan_", "__ubsan_", "__gcov_", "__bss_start", "_edata", "_end")
VOID = ("napi_fatal_error", "napi_module_register")
VERSIONS = [*map(str, range(1, 11)), "experimental"]


def declared(header, flags):
    """The functions that one header declares for some flags."""
    command = [extract.compiler(), "-E", "-P", "-w", *flags]
    command += [f"-I{ROOT / 'include'}", "-xc", "-"]
    return set(extract.prototypes(extract.run(command, f"#include <{header}>\n")))


def exported(path):
    command = ["nm", "-D", "--defined-only", path]
    lines = subprocess.run(command, capture_output=True, text=True, check=True)
    names = {line.split()[-1].partition("@")[0] for line in lines.stdout.splitlines()}
    return {name for name in names if not name.startswith(COMPILERS)}


def test_ledger_is_in_order():
    assert [row.name for row in ROWS] == sorted(NAMES)
    assert len(ROWS) == 161
    for row in ROWS:
        assert row.since in VERSIONS, row
        assert row.header in ("js_native_api.h", "node_api.h"), row
        assert row.thread in ("owner", "any"), row
        assert row.prologue in ("preamble", "check_env_gc", "check_env", "none"), row
        assert row.may_throw in ("runs", "throws", "no"), row
        assert "|" not in row.note, row


def test_headers_declare_the_ledger():
    engine = declared("js_native_api.h", ["-DNAPI_EXPERIMENTAL"])
    both = declared("node_api.h", ["-DNAPI_EXPERIMENTAL"])
    assert both == NAMES
    assert engine == {row.name for row in ROWS if row.header == "js_native_api.h"}


@pytest.mark.parametrize("version", VERSIONS)
def test_versions_are_the_ledgers(version):
    number = VERSIONS.index(version)
    flag = f"-DNAPI_VERSION={version}"
    found = declared(
        "node_api.h", ["-DNAPI_EXPERIMENTAL" if version == "experimental" else flag]
    )
    assert found == {row.name for row in ROWS if VERSIONS.index(row.since) <= number}


@pytest.mark.parametrize("build", BUILDS)
def test_extension_exports_the_ledger(build):
    spec = importlib.util.find_spec(build)
    assert spec is not None, f"{build} is not built"
    init = f"PyInit_{build.rpartition('.')[2]}"
    assert exported(spec.origin) == NAMES | {init}


def test_cffi_sees_the_ledger():
    assert set(abi.functions()) == NAMES
    for name, function in abi.functions().items():
        assert function.name == name
        assert function.result == ("void" if name in VOID else "napi_status")


def test_basic_env_is_where_a_finalizer_may_call():
    """What the ledger says of the heap is what the header's types say."""
    for row in ROWS:
        first = abi.functions()[row.name].parameters[0]
        if row.prologue == "check_env":
            assert first.type == "node_api_basic_env" or row.name == "napi_get_cb_info"
        elif row.prologue != "none":
            assert first.type == "napi_env", row


def test_support_page_is_current():
    assert ledger.SUPPORT.read_text(encoding="utf-8") == ledger.support()


def test_export_lists(tmp_path):
    script, listed = tmp_path / "shim.map", tmp_path / "shim.txt"
    ledger.version_script(script)
    ledger.exported_symbols(listed)
    assert {f"_{name}" for name in NAMES} < set(listed.read_text().split())
    # A linker takes it, and lets nothing else out.
    source = "".join(f"int {name};" for name in [*sorted(NAMES), "secret"])
    library = tmp_path / "library.so"
    flags = ["-shared", "-fPIC", f"-Wl,--version-script={script}", "-o", library]
    extract.run([extract.compiler(), *flags, "-xc", "-"], source)
    assert exported(library) == NAMES


def test_ledger_is_checked(tmp_path):
    wrong = tmp_path / "symbols.csv"
    wrong.write_text("name,since\n", encoding="utf-8")
    with pytest.raises(ValueError, match="the columns must be name, since, header"):
        ledger.read(wrong)
    wrong.write_text(",".join(ledger.Row._fields) + "\na,b\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"symbols.csv:2: 2 fields"):
        ledger.read(wrong)

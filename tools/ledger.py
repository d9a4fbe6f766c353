#!/usr/bin/env python3
"""Makes the export lists and the support page from the ledger.

python tools/ledger.py exports PATH    what a linker exports: a version script of
                                       ld, or for *.txt and *.exp ld64's list
python tools/ledger.py support [PATH]  docs/support.md
python tools/ledger.py --check         1 if the committed docs/support.md is stale

The ledger is napi/symbols.csv, one row a function of the ABI.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from typing import NamedTuple

__all__ = ["Row", "exported_symbols", "read", "support", "version_script"]

ROOT = Path(__file__).resolve().parent.parent
LEDGER = ROOT / "napi" / "symbols.csv"
SUPPORT = ROOT / "docs" / "support.md"
PARTIAL = "partial: "
# The init functions of the two builds: CPython finds them with dlsym.
INITS = ("PyInit__shim", "PyInit__shim_strict")


class Row(NamedTuple):
    """One function of the ABI, as the ledger describes it.

    Attributes:
        name: Of the function.
        since: The first version that has it: ``1`` to ``10`` or ``experimental``.
        header: The file in ``include/`` that declares it.
        file: The chapter in ``napi/shim/`` that defines it.
        thread: Who may call it: ``owner`` of the env, or ``any`` thread.
        prologue: ``preamble``, ``check_env_gc`` (not in a finalizer),
            ``check_env`` or ``none``.
        may_throw: ``runs`` code of the program, ``throws`` without running any,
            or ``no``.
        note: A remark, or nothing; one that begins with ``partial:`` says what is
            missing.
    """

    name: str
    since: str
    header: str
    file: str
    thread: str
    prologue: str
    may_throw: str
    note: str

    @property
    def status(self) -> str:
        """``partial`` where the note says so, else ``full``."""
        return "partial" if self.note.startswith(PARTIAL) else "full"

    @property
    def order(self) -> tuple[int, str]:
        """Sorts by version, then by name; experimental comes last."""
        return (int(self.since) if self.since.isdigit() else sys.maxsize, self.name)


def read(path: Path = LEDGER) -> list[Row]:
    """Reads the ledger.

    Args:
        path: The ledger's file.

    Returns:
        All rows, in the order of the file.

    Raises:
        ValueError: The columns are not those of ``Row``, or a row has too few or
            too many fields.
        OSError: The file cannot be read.
    """
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    if not lines or tuple(lines[0]) != Row._fields:
        raise ValueError(f"{path}: the columns must be {', '.join(Row._fields)}")
    for number, fields in enumerate(lines[1:], start=2):
        if len(fields) != len(Row._fields):
            raise ValueError(f"{path}:{number}: {len(fields)} fields")
    return [Row(*fields) for fields in lines[1:]]


def version_script(path: str | Path) -> None:
    """Writes a version script for GNU ld, gold, lld and mold.

    All functions of the ledger and the module's init function are global,
    everything else is local.

    Args:
        path: The file to write, for ``-Wl,--version-script=PATH``.

    Raises:
        OSError: The file cannot be written.
    """
    names = [*(row.name for row in read()), "PyInit_*"]
    body = "".join(f"    {name};\n" for name in names)
    Path(path).write_text(
        f"{{\n  global:\n{body}  local:\n    *;\n}};\n", encoding="utf-8"
    )


def exported_symbols(path: str | Path) -> None:
    """Writes the same list for the linker of macOS.

    Args:
        path: The file to write, for ``-Wl,-exported_symbols_list,PATH``.

    Raises:
        OSError: The file cannot be written.
    """
    names = [*(row.name for row in read()), *INITS]
    # Mach-O puts an underscore before the names of C.
    text = "".join(f"_{name}\n" for name in names)
    Path(path).write_text(text, encoding="utf-8")


def support() -> str:
    """Makes the support page.

    Returns:
        The text of ``docs/support.md``.
    """
    rows = sorted(read(), key=lambda row: row.order)
    partial = sum(row.status == "partial" for row in rows)
    lines = [
        "# Support",
        "",
        "Made by `make docs` from the ledger, `napi/symbols.csv`: change that one.",
        "",
        f"All {len(rows)} functions of Node-API are exported: {len(rows) - partial}"
        f" in full, {partial} in part. What differs from Node beyond single",
        "functions is in [limits.md](limits.md).",
        "",
        "| Function | Since | Chapter | Status | Note |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| `{row.name}` | {row.since} | `{row.file}` | {row.status} "
        f"| {row.note.removeprefix(PARTIAL)} |".replace("|  |", "| |")
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """The command line.

    Returns:
        The exit status: 1 if ``--check`` finds the support page stale, else 0.
    """
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", nargs="?", choices=["exports", "support"])
    parser.add_argument("path", nargs="?", type=Path)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    if args.check:
        text = SUPPORT.read_text(encoding="utf-8") if SUPPORT.exists() else ""
        if text != support():
            print("docs/support.md is stale: make docs", file=sys.stderr)
            return 1
    elif args.what == "support":
        (args.path or SUPPORT).write_text(support(), encoding="utf-8")
    elif args.what == "exports" and args.path is not None:
        macos = args.path.suffix in (".txt", ".exp")
        (exported_symbols if macos else version_script)(args.path)
    else:
        parser.error("exports PATH, support [PATH] or --check")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What the workflow runs: builds the addon of a folder with coverage and fuzzes it.

python fuzz.py FOLDER [--minutes N] [--out FOLDER]

The exit status is 0 without findings, 1 with some, 2 if it cannot be built.
"""

import argparse
import os
import sys
from pathlib import Path

from napi.build import BuildError
from napi.cli import main as napi
from napi.testing import build

COVERAGE = "-g -O1 -fsanitize-coverage=trace-pc,trace-cmp"


def main() -> int:
    """Runs the example."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="with a binding.gyp, or C files")
    parser.add_argument("--minutes", default="20")
    parser.add_argument("--out", default="fuzz")
    options = parser.parse_args()
    for name in ("CFLAGS", "CXXFLAGS"):
        os.environ[name] = f"{os.environ.get(name, '')} {COVERAGE}".strip()
    sources = sorted(map(str, options.folder.glob("*.c")))
    wanted = options.folder if (options.folder / "binding.gyp").exists() else sources
    try:
        addon = build(wanted)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 2
    return napi(
        ["fuzz", str(addon), "--minutes", options.minutes, "--out", options.out]
    )


if __name__ == "__main__":
    sys.exit(main())

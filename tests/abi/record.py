#!/usr/bin/env python3
"""Records what Node's headers declare and what Node answers to wrong arguments.

python tests/abi/record.py [INCLUDE [NODE]]: the directory of node_api.h and the
program, by default those that `make oracle` fetched.
"""

import json
import sys
import tempfile
from pathlib import Path

import extract
import oracle

HERE = Path(__file__).resolve().parent
RECORD = HERE / "node26.json"


def pack(facts):
    """Fact -> its variants in one text; "all" for all of them."""
    every = list(extract.VARIANTS)
    return {
        fact: "all" if variants == every else " ".join(variants)
        for fact, variants in facts.items()
    }


def describe(include, variants=tuple(extract.VARIANTS)):
    with tempfile.TemporaryDirectory() as scratch:
        return pack(extract.describe(include, scratch, variants))


def main():
    include = Path(sys.argv[1]) if len(sys.argv) > 1 else oracle.headers()
    node = sys.argv[2] if len(sys.argv) > 2 else oracle.program()
    if include is None or node is None:
        sys.exit("Node is not here: make oracle, or name INCLUDE and NODE")
    text = json.dumps(describe(include), indent=0, sort_keys=True)
    RECORD.write_text(text + "\n", encoding="utf-8")
    print(f"{RECORD}: {text.count(chr(10)) - 1} facts")

    import make_null_matrix
    import make_wrong_types

    make_null_matrix.record(include, node)
    make_wrong_types.record(include, node)


if __name__ == "__main__":
    main()

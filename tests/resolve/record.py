"""Records what Node answers: python tests/resolve/record.py NODE."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tree import CWD, NODE_PATH, cases, plant

SCHEMES = ("ERR_UNKNOWN_BUILTIN", "ERR_UNSUPPORTED_ESM_URL")  # not seen with hooks
HERE = Path(__file__).resolve().parent


def choose(hooked, plain):
    """With hooks we see what is resolved, without them the whole message."""
    failed = hooked.get("message") or (plain or {}).get("code", "").startswith(SCHEMES)
    return plain if failed else hooked


def ask(root, mode, asked):
    done = subprocess.run(
        [sys.argv[1], "--no-warnings", HERE / "ask.js", root, mode],
        input=json.dumps(asked),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        cwd=root / CWD,
        env={**os.environ, "NODE_PATH": str(root / NODE_PATH), "HOME": str(root)},
    )
    return json.loads(done.stdout)


def main():
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        plant(root)
        asked = list(cases())
        found = zip(ask(root, "hooks", asked), ask(root, "plain", asked), strict=True)
        answers = [choose(hooked, plain) for hooked, plain in found]
    rows = [
        json.dumps([*case, answer], ensure_ascii=False)
        for case, answer in zip(asked, answers, strict=True)
    ]
    text = "[\n" + ",\n".join(dict.fromkeys(rows)) + "\n]\n"
    (HERE / "node26.json").write_text(text)


main()

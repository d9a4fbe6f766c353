"""Records in npm.json what npm makes of each scenario. Needs npm; the tests do not.

python tests/package/record.py [SCENARIO...]
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import universe
from registry import Registry

ONLY = sys.argv[1:]
PATH = Path(__file__).with_name("npm.json")
KNOWN = json.loads(PATH.read_text()) if PATH.exists() else {}


def npm(folder, *arguments):
    return subprocess.run(
        ["npm", *arguments], cwd=folder, capture_output=True, text=True
    )


def record(folder, steps):
    (folder / "package.json").write_text('{\n  "name": "project"\n}\n')
    for kind, *rest in steps:
        if kind == "edit":
            universe.change(folder, rest[0])
            continue
        words = ["install" if kind == "add" else "uninstall", *rest]
        done = npm(folder, *words)
        if done.returncode:
            code = re.search(r"code (\w+)", done.stderr)
            assert code, done.stderr
            return {"error": code[1]}
    done = npm(folder, "ls", "--all")
    if done.returncode:  # what npm did it does not accept itself
        print(done.stderr)
        if "legacy-peer-deps" not in str(steps):
            return {"error": "ERESOLVE"}
    return universe.outcome(folder)


def main():
    kept = {k: v for k, v in os.environ.items() if not k.lower().startswith("npm_")}
    os.environ.clear()
    os.environ.update(kept)
    found = {}
    with Registry() as registry, tempfile.TemporaryDirectory() as name:
        universe.publish(registry)
        settings = {
            "registry": registry.url, "cache": f"{name}/cache", "audit": "false",
            "fund": "false", "ignore_scripts": "true", "globalconfig": f"{name}/none",
            "userconfig": f"{name}/user", "update_notifier": "false",
        }  # fmt: skip
        for key, value in settings.items():
            os.environ[f"npm_config_{key}"] = value
        for number, (title, steps) in enumerate(universe.SCENARIOS.items()):
            if ONLY and title not in ONLY:
                found[title] = KNOWN[title]
                continue
            folder = Path(name, f"p{number}", "project")
            folder.mkdir(parents=True)
            found[title] = record(folder, steps)
            print(title, found[title].get("error", ""))
    PATH.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()

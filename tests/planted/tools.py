"""The tools that planted bugs are found with: what each says about a run.

`python tools.py TOOL FILE.node SCRIPT`, in a process of its own: prints what the
tool found, nothing where it found nothing. A function here is a tool.
"""

import gc
import sys

import napi
from napi import testing


def _run(m, script):
    exec(compile(script, "<script>", "exec"), {"m": m, "napi": napi, "gc": gc})


def leaks(path, script):
    """The check of leaks over the script, after which the loop has turned."""
    m = napi.load(path)
    try:
        with testing.leakcheck(m):
            _run(m, script)
    except testing.LeakError as error:
        return str(error)
    return ""


def strict(path, script):
    """The reports of the strict build: of the script, and of the end of the env."""
    testing.strict(record=True)
    with napi.Environment() as env:
        _run(env.load(path), script)
        testing.settle()
    return "\n".join(testing.reports())


if __name__ == "__main__":
    tool, addon, program = sys.argv[1:]
    print(globals()[tool](addon, program))

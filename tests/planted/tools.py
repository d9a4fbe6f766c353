"""The tools that planted bugs are found with: what each says about a run.

`python tools.py TOOL FILE.node SCRIPT`, in a process of its own: prints what the
tool found, nothing where it found nothing. A function here is a tool.
"""

import gc
import sys

import napi
from napi import testing


def _run(m, script):
    """What the script leaves in its variables, which must not die too early."""
    names = {"m": m, "napi": napi, "gc": gc}
    exec(compile(script, "<script>", "exec"), names)
    return names


def leaks(path, script):
    """The check of leaks over the script, after which the loop has turned."""
    m = napi.load(path)
    try:
        with testing.leakcheck(m):
            kept = _run(m, script)
        del kept
    except testing.LeakError as error:
        return str(error)
    return ""


def peak(path, script):
    """How many handles the script has at a time, where they are too many."""
    m = napi.load(path)
    _run(m, script)
    most = testing.counters(m)["handles_peak"]
    return f"{most} handles at a time" if most > 1000 else ""


def strict(path, script):
    """The reports of the strict build: of the script, and of the end of the env."""
    testing.strict(record=True)
    with napi.Environment() as env:
        kept = _run(env.load(path), script)
        testing.settle()
        del kept
    return "\n".join(testing.reports())


if __name__ == "__main__":
    tool, addon, program = sys.argv[1:]
    print(globals()[tool](addon, program))

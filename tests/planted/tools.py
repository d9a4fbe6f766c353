"""The tools that planted bugs are found with: what each says about a run.

`python tools.py TOOL FILE.node SCRIPT`, in a process of its own: prints what the
tool found, nothing where it found nothing. A function here is a tool.
"""

import gc
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import napi
from napi import testing
from napi.testing import sanitize
from napi.testing.sanitize_reports import Log, summary

WATCHED = """
import sys, napi
m = napi.load(sys.argv[1])
exec(sys.argv[2], {"m": m, "napi": napi})
"""


def _watched(option, path, script):
    """What a sanitizer says about the script: a process, as it is loaded first."""
    kinds = [kind for kind in sanitize.KINDS.values() if kind.option == option]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = sanitize.environment(kinds, folder)
        command = [*sanitize.command(kinds, folder), sys.executable, "-c", WATCHED]
        with sanitize.fixed_addresses(kinds):
            subprocess.run([*command, path, script], env=environment)
        return summary(Log(folder).fresh())


def asan(path, script):
    """AddressSanitizer, and LeakSanitizer at the end."""
    return _watched("asan", path, script)


def tsan(path, script):
    """ThreadSanitizer."""
    return _watched("tsan", path, script)


def ubsan(path, script):
    """UndefinedBehaviorSanitizer."""
    return _watched("ubsan", path, script)


def valgrind(path, script):
    """valgrind's memcheck."""
    return _watched("valgrind", path, script)


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


def growth(path, script):
    """What each run of the script leaves behind, in the process, too."""
    m = napi.load(path)
    try:
        testing.check_calls(lambda: _run(m, script))
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


def ends(path, script):
    """What the strict build says at the end of a process that does the script."""
    command = [sys.executable, "-c", WATCHED, path, script]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
    assert done.returncode in (0, -signal.SIGABRT), done
    return done.stderr


def calls(path, script):
    """What comes of the script where one of its calls fails, each in turn."""
    m = napi.load(path)
    report = testing.exhaust(lambda: _run(m, script).get("result"))
    return "\n".join(map(str, report.findings))


def hosts(path, script):
    """What the script says on other hosts."""
    m = napi.load(path)
    usual = _run(m, script)["result"]
    others = {
        "without external buffers": {"external_buffers": False},
        "with late finalizers": {"finalizers": "late"},
        "with eager finalizers": {"finalizers": "eager"},
    }
    said = []
    for name, options in others.items():
        try:
            with testing.host(**options):
                found = _run(m, script)["result"]
        except napi.Error as error:
            found = f"Error: {error}"
        if found != usual:
            said.append(f"{name}: {found}")
    return "\n".join(said)


def orders(path, script):
    """What the script says where works complete in other orders."""
    m = napi.load(path)
    said = []
    for seed in range(1, 6):
        with testing.shuffled(seed):
            said.append(_run(m, script)["result"])
    if all(one == said[0] for one in said):
        return ""
    return ", ".join(f"seed {seed}: {one}" for seed, one in enumerate(said, 1))


if __name__ == "__main__":
    tool, addon, program = sys.argv[1:]
    print(globals()[tool](addon, program))

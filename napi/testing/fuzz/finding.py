"""A finding as a folder: a script that shows it, the stack, the surroundings."""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from napi.testing import oracle
from napi.testing.fuzz import sanitizer
from napi.testing.fuzz.case import Case, digest, in_javascript, statement, title
from napi.testing.fuzz.child import Outcome, environment
from napi.testing.fuzz.values import HELPERS, names_used

__all__ = ["Finding", "read_all", "save"]

Finding = dict[str, Any]

_GDB = ("-batch", "-nx", "-ex", "set confirm off", "-ex", "run", "-ex", "bt 40")
_LIMIT = 20


def _load(target: str) -> str:
    if Path(target).is_file():
        return f"addon = napi.load({target!r}).__exports__"
    package, _, start = target.rpartition("@")
    return (
        f"module = napi.require({package!r}, start={start!r})\n"
        'addon = getattr(module, "__exports__", module)'
    )


def _lines(case: Case, steps: list[list[str]], indent: str = "") -> list[str]:
    lines = []
    for index, step in enumerate(case):
        how = steps[index][0] if index < len(steps) else ""
        text = statement(step, index)
        if how in ("settled", "waiting"):
            text += f"\n{indent}v{index} = v{index}.result(1)"
        if how in ("thrown", "waiting"):
            inner = text.replace("\n", "\n    ")
            head = f"v{index} = None\n{indent}with suppress(Exception):"
            text = f"{head}\n{indent}    {inner}"
        lines.append(f"{indent}{text}")
    return lines


def _has_edges(target: str) -> bool:
    """It was built with ``-fsanitize-coverage``: it wants functions of ours."""
    path = Path(target)
    return path.is_file() and b"__sanitizer_cov_" in path.read_bytes()


def _prepared(config: dict[str, Any]) -> list[str]:
    """What the script does first: the campaign's build of napi, its sanitizer."""
    strict = "1" if config["strict"] else "0"
    if not config["sanitizer"]:
        return [f'os.environ.setdefault("NAPI_STRICT", "{strict}")', ""]
    wanted = {"NAPI_STRICT": strict, **sanitizer.variables(config["sanitizer"])}
    return [
        "needed = {",
        *(f"    {name!r}: {value!r}," for name, value in wanted.items()),
        "}",
        "if not needed.items() <= os.environ.items():  # before Python starts",
        "    os.environ.update(needed)",
        "    os.execv(sys.executable, [sys.executable, *sys.argv])",
        "",
    ]


def script(
    case: Case,
    config: dict[str, Any],
    summary: str,
    steps: list[list[str]],
    kind: str,
) -> str:
    """The program that shows a finding.

    Args:
        case: Its calls.
        config: Of the campaign: what to load, and how.
        summary: What happens.
        steps: What became of each step; those that threw are allowed to.
        kind: For ``leak`` the calls are repeated, and what grows is told; after
            the others, callbacks run and garbage is collected.
    """
    target = config["target"]
    body = _lines(case, steps, "    " if kind == "leak" else "")
    text = "\n".join(body)
    helpers = names_used(text, HELPERS)
    head = ["import gc"] if kind != "leak" else []
    head += ["import os", "import sys"] if config["sanitizer"] else ["import os"]
    if "suppress(" in text:
        head.append("from contextlib import suppress")
    head += ["", *_prepared(config), "import napi"]
    if "new(" in text:
        head.append("from napi._native import shim")
    if kind == "leak":
        head.append("from napi.testing import check_calls")
    if helpers:
        head.append(f"from napi.testing.fuzz.play import {', '.join(helpers)}")
    if _has_edges(target):
        head.append("from napi.testing.fuzz.play import load_callbacks")
        head.append("\nload_callbacks()  # of -fsanitize-coverage")
    if "new(" in text:
        head.append("\nnew = shim.construct")
    line = summary.replace("\\", "/").replace('"""', "'''")
    lines = [f'"""{line}"""', "", *head, "", _load(target)]
    if kind == "leak":
        lines += [
            "",
            "",
            "def calls():",
            *body,
            f"    {' = '.join(f'v{i}' for i in range(len(case)))} = None",
            "    napi.run(1)",
            "",
            "",
            "check_calls(calls)",
        ]
    else:
        lines += [*body, "napi.run(1)"]
        lines += [f"{' = '.join(f'v{i}' for i in range(len(case)))} = None"]
        lines += ["gc.collect()"]
    return "\n".join(lines) + "\n"


def in_node(case: Case, target: str, summary: str) -> str:
    """The same calls as a program for Node, to show the addon's authors."""
    play = Path(__file__).with_name("play.cjs").read_text()
    lines = ["// " + summary.replace("\n", " "), play, "async function main() {"]
    lines += [f"  const addon = load({json.dumps(target)});", "  const v = [];"]
    for index, step in enumerate(case):
        lines.append(f"  try {{ v[{index}] = await soon({in_javascript(step)}); }}")
        lines.append("  catch (error) { console.error(String(error)); }")
    lines += ["}", "main();", ""]
    soon = (
        "const soon = (value) => (value instanceof Promise\n"
        "  ? Promise.race([value, new Promise((done) => { setTimeout(done, 1000); })])"
        "\n  : value);"
    )
    return "\n".join([*lines[:2], soon, *lines[2:]])


def _node(folder: Path, case: Case, outcome: Outcome, config: dict[str, Any]) -> str:
    """Writes the program for Node, and runs it where there is one."""
    target = config["target"]
    if not Path(target).is_file() or _has_edges(target):
        return ""  # Node has nothing that such a build wants
    path = folder / "reproduce.cjs"
    text = in_node(case, target, outcome.summary)
    path.write_text(text, "utf-8", "backslashreplace")
    if outcome.kind not in ("crash", "hang", "exit"):
        return ""
    return oracle.ask(path, seconds=config["timeout"] + 5)


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.]+", "-", text).strip("-.")[:40]


def _surroundings(config: dict[str, Any]) -> dict[str, Any]:
    import napi

    return {
        "target": config["target"],
        "napi": napi.__version__,
        "strict": config["strict"],
        "sanitizer": config["sanitizer"],
        "python": sys.version,
        "platform": platform.platform(),
        "libc": " ".join(platform.libc_ver()),
    }


def _debugger(path: Path, config: dict[str, Any]) -> str:
    """The stack as gdb shows it; empty without gdb."""
    gdb = shutil.which("gdb")
    if gdb is None or config["sanitizer"]:
        return ""
    command = [gdb, *_GDB, "--args", sys.executable, str(path)]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_LIMIT,
            env=environment(config),
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout if "received signal" in done.stdout else ""


def _reproduces(path: Path, config: dict[str, Any], kind: str) -> tuple[bool, str]:
    """Whether the script alone shows it too, and what it says of it."""
    try:
        done = subprocess.run(
            [sys.executable, str(path)],
            capture_output=True,
            timeout=config["timeout"] + (1 if kind == "hang" else 20),
            env=environment(config),
            stdin=subprocess.DEVNULL,
            cwd=path.parent,
        )
    except subprocess.TimeoutExpired:
        return kind == "hang", ""
    said = done.stderr.decode("utf-8", "replace")
    if kind == "leak":
        error = "napi.testing.leaks.LeakError: "
        return error in said, said.rpartition(error)[2]
    return kind != "hang" and done.returncode != 0, said


def save(
    out: Path,
    case: Case,
    outcome: Outcome,
    config: dict[str, Any],
    steps: list[list[str]],
    reproduced: bool = True,
) -> Finding:
    """Writes the folder of a finding.

    Args:
        out: The folder of all findings.
        case: The smallest case that shows it.
        outcome: What became of it.
        config: Of the campaign.
        steps: What became of its steps, as far as known.
        reproduced: Whether the case alone showed it again.

    Returns:
        What ``finding.json`` has.
    """
    name = _slug(f"{outcome.kind}-{title(case[-1])}") + f"-{digest(case)[:8]}"
    folder = out.resolve() / name
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "reproduce.py"
    text = script(case, config, outcome.summary, steps, outcome.kind)
    path.write_text(text, "utf-8", "backslashreplace")
    shown, said = _reproduces(path, config, outcome.kind)
    found: Finding = {
        "name": name,
        "kind": outcome.kind,
        "key": outcome.key,
        "summary": outcome.summary,
        "case": case,
        "frames": outcome.frames,
        "reproduced": reproduced,
        "script": shown,
        "node": _node(folder, case, outcome, config),
        "surroundings": _surroundings(config),
    }
    text = said if outcome.kind == "leak" else outcome.text
    (folder / "stderr.txt").write_text(text, "utf-8", "backslashreplace")
    stack = "\n".join(outcome.frames)
    if outcome.kind == "crash" and found["script"]:
        stack += "\n\n" + _debugger(path, config)
    (folder / "stack.txt").write_text(stack.strip() + "\n", "utf-8", "replace")
    (folder / "finding.json").write_text(json.dumps(found, indent=1) + "\n")
    return found


def read_all(out: Path) -> list[Finding]:
    """The findings of a folder."""
    found = []
    for path in sorted(out.glob("*/finding.json")):
        found.append(json.loads(path.read_text()))
    return found

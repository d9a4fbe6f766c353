"""A JavaScript program: its command line, its life, its end and its errors.

Source: "Command-line API" and "Process" of Node's manual.
"""

# Paths are texts here, as Node has them.
# ruff: noqa: PTH100, PTH109

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from napi._native import shim

__all__ = ["Program", "parse_words", "run_program"]

# Options of Node that take a word.
_WITH_WORD = {
    "-r": "--require",
    "--require": "--require",
    "--import": "--import",
    "-C": "--conditions",
    "--conditions": "--conditions",
    "--input-type": "--input-type",
    "--stack-trace-limit": "--stack-trace-limit",
    "--unhandled-rejections": "--unhandled-rejections",
}
_SOURCES = ("-e", "--eval", "-p", "--print", "-pe")
_VERSIONS = ("-v", "--version")


@dataclass
class Program:
    """What the words of a command line say.

    Attributes:
        file: The file; empty: there is none.
        source: The text of ``-e``, or None.
        prints: Whether its value is printed.
        flags: Options of Node's.
        settings: Those that have a value.
        arguments: What the program is given.
        version: Only the version is wanted.
        interactive: The prompt is wanted.
        label: The name of ``source``.
    """

    file: str = ""
    source: str | None = None
    prints: bool = False
    flags: list[str] = field(default_factory=list)
    settings: dict[str, list[str]] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)
    version: bool = False
    interactive: bool = False
    label: str = "[eval]"


def parse_words(words: list[str]) -> Program:
    """Reads a command line as Node does: options, then the file, then its arguments.

    Args:
        words: What comes after ``napi run``.
    """
    made = Program()
    while words and words[0].startswith("-") and words[0] != "-":
        word = words.pop(0)
        if word == "--":
            break
        name, equals, value = word.partition("=")
        if name in _SOURCES:
            made.prints = made.prints or "p" in name.replace("--print", "p")
            if not equals and (not words or (words[0][:1] == "-" and not made.prints)):
                made.source = made.source or ""
            else:
                made.source = value if equals else words.pop(0)
            continue
        made.flags.append(word)
        made.version = made.version or word in _VERSIONS
        made.interactive = made.interactive or word in ("-i", "--interactive")
        if name in _WITH_WORD:
            if not equals:
                value = words.pop(0) if words else ""
                made.flags.append(value)
            made.settings.setdefault(_WITH_WORD[name], []).append(value)
    if made.source is None and words:
        made.file = words.pop(0)
    made.arguments = words
    return made


def _begin(program: Program) -> None:
    """Makes this process a JavaScript program."""
    from napi.runtime.process import host

    host.is_program = True
    shim.guard_finalizers()
    host.flags = program.flags
    path = [os.path.abspath(program.file)] if program.file not in ("", "-") else []
    host.arguments = [*path, *program.arguments]
    for stream in (sys.stdout, sys.stderr):
        configure = getattr(stream, "reconfigure", None)
        if configure is not None:
            configure(encoding="utf-8", errors="replace", newline="\n")
    if "--expose-gc" in program.flags or "--expose_gc" in program.flags:
        from napi.js.host.v8 import expose_gc

        expose_gc()
    for text in program.settings.get("--stack-trace-limit", ()):
        from napi.runtime.error import Error

        Error.stackTraceLimit = int(text)
    if not _enforces(program.flags):
        shim.set_callback_warning(_warn_of_callback)
    from napi import js
    from napi.js.host._globals import add_globals
    from napi.js.module_esm import importer
    from napi.js.uncaught import watch

    add_globals()
    js.set_importer(importer)
    watch()


_POLICY = "force-node-api-uncaught-exceptions-policy"


def _enforces(flags: list[str]) -> bool:
    """Whether callbacks of modules older than version 10 may end the program."""
    found = False
    for flag in flags:
        name, _, value = flag.replace("_", "-").partition("=")
        if name in (f"--{_POLICY}", f"--no-{_POLICY}"):
            found = name == f"--{_POLICY}" and value != "false"
    return found


def _warn_of_callback() -> None:
    process = shim.get(shim.get_global(), "process")
    text = (
        "Uncaught Node-API callback exception detected, please run node with option "
        f"--{_POLICY}=true to handle those exceptions properly."
    )
    emit = shim.get(process, "emitWarning")
    shim.call(emit, process, text, "DeprecationWarning", "DEP0168")


def _start(program: Program) -> Any:
    """Runs the program's own code; a promise of a module's end, or None."""
    from napi.js import module, module_commonjs

    for name in program.settings.get("--require", ()):
        module.require(name)
    for name in program.settings.get("--import", ()):
        module.import_module(name).result()
    if program.source is not None:
        return _evaluate(program)
    if program.file == "-" or not program.file:
        program.source = sys.stdin.read()
        return _evaluate(program)
    return module_commonjs.run_main(os.path.abspath(program.file))


def _evaluate(program: Program) -> Any:
    from napi.js import module, module_commonjs, module_esm

    source = program.source or ""
    here = module_commonjs.eval_module(program.label)
    kind = program.settings.get("--input-type", [""])[-1]
    if kind == "module" or (
        not kind and module_esm.looks_like_module(source, "[eval]")
    ):
        return module_esm.run_source(source, os.path.join(os.getcwd(), "[eval1]"))  # noqa: PTH118
    realm = shim.get_global()
    names = {
        "module": here,
        "exports": shim.get(here, "exports"),
        "require": module_commonjs.new_require(here),
        "__filename": program.label,
        "__dirname": ".",
    }
    for name, value in names.items():
        shim.set(realm, name, value)
    _define_modules(realm)
    value = shim.run_main(lambda: module.run_script(source, program.label))
    if program.prints:
        shim.call(shim.get(shim.get(realm, "console"), "log"), None, value)
    return None


def _define_modules(realm: Any) -> None:
    """In ``-e`` and at the prompt Node's own modules are global variables."""
    from napi.js import host
    from napi.runtime.builtin import lazy

    for name in host.MODULES:
        if "/" not in name and not shim.has(realm, name):
            lazy(realm, name, partial(host.load, name))


def _exit_code(this: Any) -> int:
    found = shim.get(this, "exitCode")
    return 0 if found is None else int(shim.to_number(found))


def _turns() -> None:
    """Runs callbacks until nothing is left; uncaught exceptions are looked after."""
    from napi.js.uncaught import handle
    from napi.pump import run

    while True:
        try:
            run()
            return
        except Exception as error:
            handle(error)


def _finish() -> int:
    """``beforeExit`` as long as it makes work, and ``exit``."""
    from napi.js.uncaught import handle

    process = shim.get(shim.get_global(), "process")
    emit = shim.get(process, "emit")
    while True:
        _turns()
        try:
            shim.call(emit, process, "beforeExit", _exit_code(process))
        except Exception as error:
            handle(error)
        if not _has_work():
            break
    shim.set(process, "_exiting", True)
    try:
        shim.call(emit, process, "exit", _exit_code(process))
    except Exception as error:
        handle(error)
    return _exit_code(process)


def _has_work() -> bool:
    """Whether something keeps the loop going."""
    from napi.pump import _pump

    return _pump(None, 0) != "idle"


def run_program(program: Program) -> int:
    """Runs a program to its end.

    Args:
        program: What to run.

    Returns:
        The exit status, as Node's.
    """
    if program.version:
        from napi.runtime.process_info import version_text

        print(version_text())
        return 0
    if not program.file and program.source is None and sys.stdin.isatty():
        program.interactive = True
    if program.interactive and program.source is None:
        from napi.js.prompt import run_prompt

        return run_prompt(program)
    try:
        _begin(program)
        if "NODE_CHANNEL_FD" in os.environ:
            from napi.js.host._channel import join_parent

            join_parent(shim.get(shim.get_global(), "process"))
        return _live(program)
    except SystemExit as end:
        return _status(end)
    finally:
        if "napi.js.worker" in sys.modules:
            from napi.js.worker import stop_all

            stop_all()


def _live(program: Program) -> int:
    from napi.js.uncaught import handle

    promise = None
    try:
        promise = _start(program)
        shim.drain()
    except Exception as error:
        handle(error)
    if promise is not None:
        _watch_module(promise)
    status = _finish()
    if promise is not None and promise.state == "pending" and not status:
        sys.stderr.write("Warning: Detected unsettled top-level await\n")
        return 13
    return status


def _watch_module(promise: Any) -> None:
    """A module that ends with an error is an uncaught exception."""
    from napi.js.uncaught import handle

    def failed(reason: Any = None, *_: Any) -> None:
        from napi.runtime.error import Thrown

        handle(reason if isinstance(reason, BaseException) else Thrown(reason))

    promise.then(None, failed)


def run_worker(worker: Any) -> int:
    """Runs the program of a Worker, on its thread.

    Args:
        worker: The Worker: its ``program`` says what is run.

    Returns:
        Its exit code.
    """
    from napi import js
    from napi.js.host._globals import add_globals
    from napi.js.host.v8 import expose_gc
    from napi.js.module_esm import importer
    from napi.js.uncaught import watch_worker
    from napi.runtime.process import host

    add_globals()
    if {"--expose-gc", "--expose_gc"} & {*host.flags}:  # V8's: of all threads
        expose_gc()
    js.set_importer(importer)
    watch_worker()
    try:
        return _live(worker.program)
    except SystemExit as end:
        return _status(end)


def _status(end: SystemExit) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    if end.code is None:
        return 0
    return end.code & 255 if isinstance(end.code, int) else 1

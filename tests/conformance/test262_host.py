"""What a test of test262 runs in: the harness, ``$262``, and its outcome.

A process that has everything loaded makes a child for each run of a test, by fork: no
test sees what another did to the built-ins, and a crash or a hang is one test's.

Source: test262's INTERPRETING.md, "Host-Defined Functions" and "Test Execution".
"""

from __future__ import annotations

import gc
import os
import resource
import select
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from test262_meta import Meta

import napi
import napi.js
from napi._native import shim
from napi.js import cache
from napi.js.code import Code, load
from napi.js.host._kit import function
from napi.js.record import Module, Record, Synthetic
from napi.pump import run as run_turns

__all__ = ["Outcome", "run_test", "warm"]

MEMORY = 3 << 30
_PATIENCE = 5  # a busy machine: the limit is one of its processor's time
ASYNC_DONE = "Test262:AsyncTestComplete"
ASYNC_FAILED = "Test262:AsyncTestFailure:"
_harness: dict[str, Code] = {}


@dataclass
class Outcome:
    """How one run of a test ended.

    Attributes:
        kind: ``pass``, ``fail``, ``timeout`` or ``crash``.
        reason: What was wrong.
        mode: ``strict``, ``sloppy`` or ``module``.
    """

    kind: str
    reason: str = ""
    mode: str = ""


def warm() -> None:
    """Loads what tests need, so that children have it."""
    cache.key_of = lambda *_: None  # type: ignore[assignment]
    napi.js.eval(
        "class A { #a = 1; static async *g() { yield* [1]; } };"
        "var {a, ...b} = {a: 1}; for (const [x] of [[1]]) try { x.y.z } catch {}"
        "; [/a/u.exec('a'), new Map, new Set, new Proxy({}, {}), Reflect.ownKeys({}),"
        "JSON.stringify([1n < 2]), new Date(0), new Uint8Array(1), Promise.resolve()]",
        _=None,
    )
    shim.drain()


def _include(root: Path, name: str) -> Code:
    if name not in _harness:
        path = root / "harness" / name
        text = path.read_text(encoding="utf-8")
        _harness[name] = load(text, str(path), "script", ())
    return _harness[name]


# === the realm of a test ===


class Loader:
    """Modules: a specifier is a path beside the file that asks.

    Args:
        told: Called with a failure that is not the test's.
    """

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Module] = {}

    def module(self, path: str, kind: str = "") -> Module:
        """The module of a file and all that it imports."""
        key = (os.path.realpath(path), kind)
        if key in self.known:
            return self.known[key]
        source = Path(path).read_text(encoding="utf-8")
        if kind == "json":
            parse = shim.get(shim.get(shim.get_global(), "JSON"), "parse")
            made: Module = Synthetic({"default": shim.call(parse, None, source)})
            self.known[key] = made
            return made
        record = Record(load(source, path, "module", ()), shim.create(shim.null))
        self.known[key] = record
        try:
            record.linked = [
                self.beside(path, specifier, dict(attributes))
                for specifier, attributes in record.requests
            ]
        except BaseException:
            del self.known[key]
            raise
        return record

    def beside(self, referrer: str, name: str, attributes: dict[str, str]) -> Module:
        """The module that a specifier means."""
        path = str(Path(referrer).parent / name)
        if not Path(path).is_file():
            raise napi.TypeError(f"Cannot find module '{name}' from {referrer}")
        return self.module(path, attributes.get("type", ""))

    def import_(self, name: str, referrer: str, options: Any = None) -> Any:
        """What ``import()`` does; a promise of the namespace."""
        attributes: dict[str, str] = {}
        given = None if options is None else shim.get(options, "with")
        if given is not None:
            for key in shim.keys(given):
                attributes[key] = shim.get(given, key)
        module = self.beside(referrer, name, attributes)
        awaited = module.evaluate()
        if awaited is None:
            made = shim.Promise()
            made._resolve(module.namespace)
            return made
        return awaited.then(function(lambda *_: module.namespace, ""))


def _define(target: Any, name: str, value: Any) -> None:
    shim.define(target, name, value=value, writable=True, configurable=True)


def _host(said: list[str], path: str) -> None:
    """``print`` and ``$262``."""
    world = shim.get_global()

    def show(text: Any = None, *_: Any) -> None:
        said.append(str(shim.to_string(text)))

    def eval_script(source: Any = None, *_: Any) -> Any:
        return load(str(shim.to_string(source)), path, "script", ()).run()

    def detach(buffer: Any = None, *_: Any) -> None:
        transfer = shim.get(shim.get(world, "structuredClone"), "call")
        options = napi.Object(transfer=napi.Array([buffer]))
        shim.call(transfer, shim.get(world, "structuredClone"), None, buffer, options)

    def collect(*_: Any) -> None:
        gc.collect()

    made = napi.Object()
    for name, value in [
        ("global", world),
        ("evalScript", function(eval_script, "evalScript")),
        ("detachArrayBuffer", function(detach, "detachArrayBuffer")),
        ("gc", function(collect, "gc")),
    ]:
        _define(made, name, value)
    _define(world, "$262", made)
    _define(world, "print", function(show, "print"))


# === one run, in the child ===


def _name(value: Any) -> str:
    constructor = shim.get(value, "constructor") if _is_object(value) else None
    return str(shim.get(constructor, "name")) if constructor is not None else ""


def _is_object(value: Any) -> bool:
    return shim.typeof(value) in ("object", "function") and value is not shim.null


def _thrown(error: BaseException) -> tuple[str, str]:
    """The name of an error's constructor, and its text."""
    from napi.js.runtime_error import caught

    if isinstance(error, (SystemExit, KeyboardInterrupt)):
        return type(error).__name__, str(error)
    value = caught(error)
    try:
        if isinstance(value, BaseException):
            name = _name(value)
            if not isinstance(value, napi.Error):
                name = f"internal {type(value).__name__}"
            return name, f"{name}: {shim.to_string(shim.get(value, 'message'))}"
        if _is_object(value):
            text = shim.to_string(shim.get(value, "message"))
            return _name(value), f"{_name(value)}: {text}"
        return "", f"threw {shim.to_string(value)}"
    except Exception as second:
        return "", f"threw what cannot be shown: {type(second).__name__}"


def _settle(promise: Any) -> None:
    """Waits for a module's end, and raises what it ended with."""
    if promise is None:
        return
    ended: list[Any] = []
    promise.then(
        function(lambda *_: ended.append(None), ""),
        function(lambda reason=None, *_: ended.append((reason,)), ""),
    )
    run_turns()
    if ended and ended[0] is not None:
        from napi.runtime.error import Thrown

        reason = ended[0][0]
        raise reason if isinstance(reason, BaseException) else Thrown(reason)


def _run(meta: Meta, root: Path, strict: bool) -> Outcome:
    said: list[str] = []
    path = str(meta.path)
    _host(said, path)
    for name in meta.includes:
        _harness[name].run()
    loader = Loader()
    napi.js.set_importer(loader.import_)
    phase = "parse"
    source = meta.source
    try:
        if meta.is_module:
            load(source, path, "module", ())
            phase = "resolution"
            record = loader.module(path)
            phase = "runtime"
            _settle(record.evaluate())
        else:
            text = '"use strict";\n' + source if strict else source
            code = load(text, path, "script", ())
            phase = "runtime"
            code.run()
        shim.drain()
        if meta.is_async or meta.is_module:
            run_turns()
    except BaseException as error:
        return _judge(meta, phase, *_thrown(error))
    if meta.negative is not None:
        return Outcome("fail", f"no {meta.error} ({meta.phase})")
    if meta.is_async and ASYNC_DONE not in said:
        reason = said[-1] if said else "$DONE was not called"
        return Outcome("fail", reason.replace(ASYNC_FAILED, "async "))
    failed = [text for text in said if text.startswith(ASYNC_FAILED)]
    return Outcome("fail", failed[0]) if failed else Outcome("pass")


def _judge(meta: Meta, phase: str, name: str, text: str) -> Outcome:
    if meta.negative is None:
        return Outcome("fail", text)
    # Whether names are found while linking or later makes no difference that shows.
    early = (phase == "parse") == (meta.phase == "parse")
    if name == meta.error and early:
        return Outcome("pass")
    return Outcome("fail", f"{phase} {text}, not {meta.error} ({meta.phase})")


def _child(meta: Meta, root: Path, strict: bool, limit: float, out: int) -> None:
    """Runs the test, writes its outcome and ends the process."""
    try:
        seconds = max(int(limit), 1)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(null, number)
        made = _run(meta, root, strict)
        reason = made.reason.encode("utf-8", "replace")[:600]
        os.write(out, made.kind.encode() + b"\n" + reason)
    finally:
        os._exit(0)


# === one run, in the parent ===


def _fork(meta: Meta, root: Path, strict: bool, limit: float) -> Outcome:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _child(meta, root, strict, limit, writer)
    os.close(writer)
    with open(reader, "rb", buffering=0) as stream:  # noqa: PTH123
        data, end = b"", time.monotonic() + _PATIENCE * limit
        while True:
            left = max(end - time.monotonic(), 0)
            if not select.select([stream], [], [], left)[0]:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                return Outcome("timeout", f"waits for {_PATIENCE * limit:g} s")
            part = stream.read(4096)
            if not part:
                break
            data += part
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status == -signal.SIGXCPU:
        return Outcome("timeout", f"{limit:g} s")
    if status or not data:
        name = signal.Signals(-status).name if status < 0 else f"status {status}"
        return Outcome("crash", name)
    kind, _, reason = data.decode("utf-8", "replace").partition("\n")
    return Outcome(kind, reason)


def run_test(meta: Meta, root: Path, limit: float) -> Outcome:
    """Runs a test in each of its modes; the first that does not pass counts.

    Args:
        meta: The test.
        root: Of test262.
        limit: Seconds of the processor for each run.
    """
    for name in meta.includes:
        _include(root, name)
    sys.stdout.flush()
    made = Outcome("pass")
    for mode in meta.modes:
        made = _fork(meta, root, mode == "strict", limit)
        made.mode = mode
        if made.kind != "pass":
            break
    return made

"""A stand-in for the program ``node`` while an addon is configured and built.

``binding.gyp`` files ask it with ``node -p "..."``, ``node -e "..."`` or
``node script.js`` where a package is, which machine this is, what a version is. It
answers from ``node_modules`` and from this process, through napi.build.evaluate.

Source: the chapters "Command-line API", "Modules: CommonJS modules", "Path",
"Process", "OS" and "File system" of Node's manual.
"""

from __future__ import annotations

import json
import os
import posixpath
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from napi import platform
from napi.build import members
from napi.build.evaluate import NULL, NotUnderstood, Scope, Thrown, run
from napi.runtime import napi_version, node_version

__all__ = ["main"]

VERSION = ".".join(map(str, node_version[:3]))
# Packages that compile against V8, whatever they answer.
_V8 = {
    "nan": "NaN wraps the C++ API of V8",
    "v8": "it is about V8 itself",
}
_SUFFIXES = ("", ".js", ".cjs", ".json", "/index.js", "/index.json")
_cache: dict[str, dict[str, Any]] = {}


class _Exit(Exception):
    pass


def _fail(message: str, code: str | None = None) -> Thrown:
    made = members.error(message)
    if code is not None:
        made["code"] = code
    return Thrown(made)


# === modules of Node ===


def _relative(start: str, end: str) -> str:
    path = os.path.relpath(end or ".", start or ".")
    return "" if path == "." else path


def _join(*parts: str) -> str:
    text = "/".join(part for part in parts if part)
    return (posixpath.normpath(text) if text else ".") + (
        "/" if text.endswith("/") and text != "/" else ""
    )


def _resolve(*parts: str) -> str:
    return posixpath.normpath(posixpath.join(os.getcwd(), *parts))  # noqa: PTH109


def _base(path: str, suffix: str = "") -> str:
    name = posixpath.basename(path.rstrip("/"))
    return name.removesuffix(suffix) if suffix and name != suffix else name


def _path() -> dict[str, Any]:
    made: dict[str, Any] = {
        "basename": _base,
        "delimiter": ":",
        "dirname": lambda path: posixpath.dirname(path.rstrip("/")) or ".",
        "extname": lambda path: posixpath.splitext(path)[1],
        "isAbsolute": posixpath.isabs,
        "join": _join,
        "normalize": _join,
        "relative": _relative,
        "resolve": _resolve,
        "sep": "/",
    }
    made["posix"] = made
    return made


def _read(path: str, options: Any = None) -> str:
    try:
        return Path(path).read_text("utf-8")
    except OSError as problem:
        raise _fail(f"ENOENT: {problem}", "ENOENT") from None


def _list(path: str, *_: Any) -> list[str]:
    try:
        return sorted(os.listdir(path))  # noqa: PTH208
    except OSError as problem:
        raise _fail(f"ENOENT: {problem}", "ENOENT") from None


def _fs() -> dict[str, Any]:
    return {
        "existsSync": lambda path: Path(path).exists(),
        "readFileSync": _read,
        "readdirSync": _list,
        "realpathSync": lambda path: str(Path(path).resolve()),
    }


def _os() -> dict[str, Any]:
    uname = os.uname()
    return {
        "EOL": "\n",
        "arch": platform.machine,
        "cpus": lambda: [{"model": uname.machine}] * (os.cpu_count() or 1),
        "endianness": lambda: "LE" if sys.byteorder == "little" else "BE",
        "homedir": lambda: str(Path.home()),
        "platform": platform.system,
        "release": lambda: uname.release,
        "tmpdir": tempfile.gettempdir,
        "type": lambda: uname.sysname,
    }


def _command(command: str, arguments: Any = None, *_: Any) -> str:
    if isinstance(arguments, list):
        command = shlex.join([command, *arguments])
    done = subprocess.run(command, shell=True, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise _fail(f"Command failed: {command}")
    return done.stdout


def _child_process() -> dict[str, Any]:
    return {"execFileSync": _command, "execSync": _command}


def _write(text: str) -> bool:
    sys.stdout.write(text)
    return True


def _exit(code: int = 0) -> None:
    raise _Exit(code)


def _process(argv: list[str]) -> dict[str, Any]:
    variables = {
        "napi_build_version": str(napi_version),
        "host_arch": platform.machine(),
    }
    versions = {
        "modules": "147",
        "napi": str(napi_version),
        "node": VERSION,
        "uv": "1.0.0",
        "v8": "0.0.0-napi",
    }
    return {
        "arch": platform.machine(),
        "argv": [sys.executable, *argv],
        "config": {"variables": variables, "target_defaults": {}},
        "cwd": os.getcwd,
        "env": dict(os.environ),
        "execPath": os.environ.get("NAPI_BUILD_NODE", "node"),
        "exit": _exit,
        "platform": platform.system(),
        "release": {"name": "node"},
        "stdout": {"write": _write, "isTTY": False},
        "version": f"v{VERSION}",
        "versions": versions,
    }


_BUILTIN: dict[str, Callable[[], dict[str, Any]]] = {
    "child_process": _child_process,
    "fs": _fs,
    "os": _os,
    "path": _path,
}


# === modules of packages ===


def _main_of(folder: Path) -> Path | None:
    """The file that ``require`` of a folder means."""
    try:
        described = json.loads((folder / "package.json").read_text("utf-8"))
    except (OSError, ValueError):
        described = {}
    names = [described.get("main"), "index.js", "index.json"]
    for name in names:
        if isinstance(name, str):
            for suffix in _SUFFIXES:
                if (path := folder / f"{name}{suffix}").is_file():
                    return path
    return None


def _file(path: Path) -> Path | None:
    for suffix in _SUFFIXES[:4]:
        if (found := Path(f"{path}{suffix}")).is_file():
            return found
    return _main_of(path) if path.is_dir() else None


def find(name: str, folder: Path) -> Path:
    """The file of a module, as a script in ``folder`` names it.

    Raises:
        Thrown: There is none.
    """
    if name.startswith((".", "/")):
        places = [folder / name]
    else:
        places = [place / "node_modules" / name for place in (folder, *folder.parents)]
    for place in places:
        if (found := _file(place)) is not None:
            return Path(os.path.normpath(found))
    raise _fail(
        f"Cannot find module {name!r} from {folder}: is the package installed in "
        f"node_modules? `napi add {name}` brings it",
        "MODULE_NOT_FOUND",
    )


def _requirer(folder: Path, argv: list[str]) -> Callable[..., Any]:
    def require(name: str) -> Any:
        bare = name.removeprefix("node:")
        if bare == "process":
            return _process(argv)
        if bare in _BUILTIN:
            return _BUILTIN[bare]()
        if name in _V8:
            raise NotUnderstood(
                f"this addon is not made for Node-API: it asks for {name!r}, and "
                f"{_V8[name]}"
            )
        return _load(find(name, folder), argv)

    require.resolve = lambda name: str(find(name, folder))  # type: ignore[attr-defined]
    return require


def _load(path: Path, argv: list[str]) -> Any:
    """The exports of a file."""
    key = str(path.resolve())
    if key not in _cache:
        if path.suffix == ".json":
            _cache[key] = {"exports": members.parse_json(_read(str(path)))}
        elif path.suffix == ".node":
            raise NotUnderstood(f"the addon {path}")
        else:
            _cache[key] = {"exports": {}}
            run(_read(key), _scope(Path(key), _cache[key], argv))
    return _cache[key]["exports"]


def _log(*values: Any) -> None:
    print(*(one if isinstance(one, str) else members.inspect(one) for one in values))


def _scope(path: Path, module: dict[str, Any], argv: list[str]) -> Scope:
    """What a script finds: the names of Node, and those of its module."""
    made = Scope(
        Array={"isArray": lambda value: isinstance(value, list)},
        Boolean=lambda value=None, *_: members.truth(value),
        Error=lambda message=None, *_: members.error(message),
        JSON={
            "parse": lambda text, *_: members.parse_json(text),
            "stringify": lambda value, *_: json.dumps(
                value, default=lambda _: None, separators=(",", ":")
            ),
        },
        Number=lambda value=0, *_: members.to_number(value),
        Object={
            "keys": lambda value: list(value),
            "values": lambda value: list(value.values()),
            "entries": lambda value: [list(pair) for pair in value.items()],
            "assign": lambda target, *more: (
                [target.update(one) for one in more] and target
            ),
        },
        String=lambda value="", *_: members.to_string(value),
        __dirname=str(path.parent),
        __filename=str(path),
        console={"log": _log, "info": _log, "error": _complain, "warn": _complain},
        exports=module["exports"],
        module=module,
        parseFloat=lambda text, *_: members.to_number(text),
        parseInt=_parse_int,
        process=_process(argv),
        require=_requirer(path.parent, argv),
    )
    return Scope(made)


def _complain(*values: Any) -> None:
    texts = (one if isinstance(one, str) else members.inspect(one) for one in values)
    print(*texts, file=sys.stderr)


def _parse_int(text: Any, base: int = 10, *_: Any) -> Any:
    digits = ""
    for char in members.to_string(text).strip():
        if not (char.isdigit() or (char in "+-" and not digits)):
            break
        digits += char
    return int(digits, base) if digits.strip("+-") else members.to_number("NaN")


# === the program ===


def _answer(argv: list[str]) -> None:
    if argv and argv[0] in ("-v", "--version"):
        print(f"v{VERSION}")
        return
    while argv and argv[0].startswith("--") and argv[0] not in ("--print", "--eval"):
        argv = argv[1:]  # --no-warnings and the like
    if len(argv) > 1 and argv[0] in ("-p", "-pe", "-e", "--print", "--eval"):
        module: dict[str, Any] = {"exports": {}}
        path = Path.cwd() / "[eval]"
        value = run(argv[1], _scope(path, module, argv[2:]))
        if argv[0] in ("-p", "-pe", "--print"):
            _log(value)
    elif argv and not argv[0].startswith("-"):
        path = find(str(Path.cwd() / argv[0]), Path.cwd())
        _load(path, [str(path), *argv[1:]])
    else:
        raise NotUnderstood(f"the options {shlex.join(argv)!r}")


def _runs_scripts() -> bool:
    """Whether all of JavaScript is here: the parser of ``napi[js]``."""
    from importlib.util import find_spec

    return find_spec("esprima") is not None and sys.version_info >= (3, 11)


def main(argv: list[str] | None = None) -> int:
    """What the program ``node`` does with these arguments.

    Returns:
        Its exit status; 1 after a complaint.
    """
    arguments = sys.argv[1:] if argv is None else argv
    if arguments and not arguments[0].startswith("-") and _runs_scripts():
        from napi.js.program import parse_words, run_program

        return run_program(parse_words(list(arguments)))
    asked = shlex.join(["node", *arguments])
    try:
        _answer(list(arguments))
    except _Exit as end:
        return int(end.args[0] if end.args[0] is not NULL else 0)
    except Thrown as problem:
        print(f"{asked}: {problem}", file=sys.stderr)
    except NotUnderstood as problem:
        print(
            f"{asked}: {problem} (Node is not there, and napi answers what it "
            "understands)",
            file=sys.stderr,
        )
    except (TypeError, AttributeError, ValueError, OSError) as problem:
        print(f"{asked}: {type(problem).__name__}: {problem}", file=sys.stderr)
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())

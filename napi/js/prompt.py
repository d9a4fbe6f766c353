"""The prompt: reads JavaScript, runs it, prints the value (Node.js, REPL).

prompt_toolkit edits the lines where it is installed; readline does elsewhere.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

from napi._native import shim

__all__ = ["Prompt", "completions", "run_prompt"]

_WORD = re.compile(r"([A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*\.?|[A-Za-z_$]?)$")
_PATH = re.compile(r"((?:[A-Za-z_$][\w$]*\.)*)([\w$]*)")
_DECLARED = re.compile(r"\s*(?:const|let|var)\s+([A-Za-z_$][\w$]*)\s*=(?!=)", re.S)
_UNFINISHED = ("unexpected end", "unterminated", "unexpected token eof", "missing )")
_KEYWORDS = [
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "import",
    "in",
    "instanceof",
    "let",
    "new",
    "null",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "var",
    "void",
    "while",
    "with",
    "yield",
]
_HELP = """\
.break    Sometimes you get stuck, this gets you out
.clear    Alias for .break
.exit     Exit the prompt
.help     Print this help message
.load     Load JavaScript from a file: .load FILE"""


class Prompt:
    """One session: what was typed so far, and what it made."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.last_is_kept = True  # until the program assigns to _ itself

    # === evaluation ===

    def is_unfinished(self, error: BaseException) -> bool:
        """Whether more lines could make the text valid."""
        text = str(error).lower()
        return any(words in text for words in _UNFINISHED)

    def evaluate(self, source: str) -> Any:
        """The value of a text; awaited where it awaits at its top.

        Raises:
            napi.SyntaxError: It is not valid; more lines may make it so.
            Exception: What it throws.
        """
        from napi.js.module import run_script
        from napi.runtime.error import SyntaxError

        if source.lstrip().startswith("{"):  # an object rather than a block
            try:
                return run_script(f"({source})", "REPL")
            except SyntaxError:
                pass
        try:
            return run_script(source, "REPL")
        except SyntaxError:
            if re.search(r"\bawait\b", source) is None:
                raise
        return self.evaluate_awaiting(source)

    def evaluate_awaiting(self, source: str) -> Any:
        """A text with ``await`` at its top: what it declares becomes global."""
        from napi.js.module import run_script
        from napi.runtime.error import SyntaxError

        declared = _DECLARED.match(source)
        body = source.strip().rstrip(";")
        if declared:
            body = f"globalThis.{declared[1]} = {source[declared.end() :].strip()}"
            body = body.rstrip(";")
        try:
            promise = run_script(f"(async () => (\n{body}\n))()", "REPL")
        except SyntaxError:
            promise = run_script(f"(async () => {{\n{source}\n}})()", "REPL")
        value = promise.result()
        return None if declared else value

    # === one line ===

    def feed(self, line: str) -> bool:
        """Takes a line; whether the session goes on."""
        if line.startswith(".") and re.match(r"\.[a-z]+\b", line):
            return self.command(line)
        self.lines.append(line)
        source = "\n".join(self.lines)
        if not source.strip():
            self.lines.clear()
            return True
        from napi.runtime.error import SyntaxError, Thrown

        try:
            value = self.evaluate(source)
            shim.drain()
        except SyntaxError as error:
            if self.is_unfinished(error):
                return True
            self.report(error)
        except Thrown as error:
            self.report(error.value)
        except Exception as error:
            self.report(error)
        else:
            self.show(value)
        self.lines.clear()
        return True

    def show(self, value: Any) -> None:
        """Prints a value and keeps it as ``_``."""
        shim.set(shim.get_global(), "_", value)
        print(self.text(value))

    def report(self, error: Any) -> None:
        """Prints what was thrown and keeps it as ``_error``."""
        shim.set(shim.get_global(), "_error", error)
        shown = self.text(error)
        print(f"Uncaught {shown}")

    def text(self, value: Any) -> str:
        """A value as ``util.inspect`` shows it, with colours on a terminal."""
        from napi.js.inspect import inspect

        return inspect(value, shim.Object(colors=sys.stdout.isatty()))

    def command(self, line: str) -> bool:
        """A line that begins with a dot."""
        name, _, rest = line.partition(" ")
        if name == ".exit":
            return False
        if name in (".break", ".clear"):
            self.lines.clear()
        elif name == ".load":
            from napi.js.module_commonjs import read_source

            try:
                self.lines = [read_source(rest.strip())]
            except Exception as error:
                print(error)
                return True
            return self.feed("")
        else:
            print(_HELP if name == ".help" else "Invalid REPL keyword")
        return True


def _names(value: Any) -> Iterator[str]:
    """The names of all properties, own and inherited."""
    seen = 0
    while value is not None and value is not shim.null and seen < 20:
        for key in shim.own_keys(shim.to_object(value)):
            if isinstance(key, str) and not key.isdigit():
                yield key
        value, seen = shim.get_prototype(value), seen + 1


def completions(text: str) -> tuple[str, list[str]]:
    """What could follow: the word that is completed, and what it may become.

    Args:
        text: The line up to the cursor.
    """
    match = _WORD.search(text)
    word = match[1] if match else ""
    path = _PATH.fullmatch(word)
    if path is None:
        return "", []
    head, tail = path[1], path[2]
    holder: Any = shim.get_global()
    try:
        for name in head.split(".")[:-1]:
            holder = shim.get(holder, name)
        names = set(_names(holder))
    except Exception:  # a getter of the program throws: nothing to offer
        return tail, []
    if not head:
        names.update(_KEYWORDS)
    return tail, sorted(name for name in names if name.startswith(tail))


def _with_toolkit() -> Callable[[str], str] | None:
    """Reads lines with prompt_toolkit; None where it is missing or no terminal."""
    try:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.completion import Completer, Completion
        from prompt_toolkit.history import FileHistory
    except ImportError:
        return None
    from napi.js.host._launcher import cache_folder

    class Names(Completer):
        def get_completions(self, document: Any, event: Any) -> Iterator[Any]:
            word, found = completions(document.text_before_cursor)
            for name in found:
                yield Completion(name, -len(word))

    history = cache_folder() / "repl_history"
    history.parent.mkdir(parents=True, exist_ok=True)
    session: Any = PromptSession(
        history=FileHistory(str(history)),
        completer=Names(),
        complete_while_typing=False,
    )
    read: Callable[[str], str] = session.prompt
    return read


def _with_readline() -> Callable[[str], str]:
    """Reads lines with what Python has."""
    try:
        import readline
    except ImportError:
        return input
    found: list[str] = []

    def complete(text: str, state: int) -> str | None:
        if state == 0:
            line = readline.get_line_buffer()[: readline.get_endidx()]
            found[:] = completions(line)[1]
        return found[state] if state < len(found) else None

    readline.set_completer(complete)
    readline.set_completer_delims(" \t\n.()[]{}+-*/%=<>!&|^~?:;,'\"`")
    readline.parse_and_bind("tab: complete")
    return input


def _lines(prompt: Prompt) -> Iterator[str]:
    """What is typed, until the end of the input."""
    terminal = sys.stdin.isatty()
    read = (_with_toolkit() if terminal else None) or _with_readline()
    interrupted = False
    while True:
        try:
            line = read("... " if prompt.lines else "> ")
        except EOFError:
            print()
            return
        except KeyboardInterrupt:
            if interrupted and not prompt.lines:
                return
            interrupted = not prompt.lines
            prompt.lines.clear()
            hint = "(To exit, press Ctrl+C again or Ctrl+D or type .exit)"
            print(f"\n{hint}" if interrupted else "")
            continue
        interrupted = False
        yield line


def run_prompt(program: Any) -> int:
    """Runs the prompt until it is left.

    Args:
        program: The command line, see :class:`napi.js.program.Program`.

    Returns:
        The exit status.
    """
    from napi.js import module, module_commonjs
    from napi.js.program import _begin, _define_modules, _finish, _status
    from napi.runtime.process_info import version_text

    try:
        _begin(program)
        here = module_commonjs.eval_module("<repl>")
        realm = shim.get_global()
        shim.set(realm, "module", here)
        shim.set(realm, "exports", shim.get(here, "exports"))
        shim.set(realm, "require", module_commonjs.new_require(here))
        _define_modules(realm)
        for name in program.settings.get("--require", ()):
            module.require(name)
        print(f"napi: JavaScript as in Node.js {version_text()}")
        print('Type ".help" for more information.')
        prompt = Prompt()
        for line in _lines(prompt):
            if not prompt.feed(line):
                break
            _turn()
        return _finish()
    except SystemExit as end:
        return _status(end)


def _turn() -> None:
    """Runs the callbacks that are due; uncaught exceptions are printed."""
    from napi.js.uncaught import print_error
    from napi.pump import run_once

    try:
        run_once()
    except Exception as error:
        print_error(error)

"""``napi run``: runs a JavaScript file as Node would."""

from __future__ import annotations

import argparse
from typing import Any

__all__ = ["EXAMPLES", "arguments", "run"]

EXAMPLES = """\
  napi run server.js 8080
  napi run -e 'console.log(1 + 1)'
  napi run -p 'require("os").cpus().length'
  napi run                          the prompt, as napi repl"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the command: all words are Node's to read."""
    parser.usage = "napi run [-e SOURCE | -p SOURCE | FILE.js] [ARG ...]"
    parse = parser.parse_known_args

    def take(words: Any = None, namespace: Any = None) -> Any:
        if list(words or ())[:1] in (["-h"], ["--help"]):
            return parse(words, namespace)
        made = argparse.Namespace() if namespace is None else namespace
        made.words = list(words or ())
        made.run = run
        return made, []

    parser.parse_known_args = take  # type: ignore[method-assign, assignment]


def run(options: argparse.Namespace) -> int:
    """Runs the program; its exit status."""
    from napi.js.program import parse_words, run_program

    return run_program(parse_words(list(options.words)))

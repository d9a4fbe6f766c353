"""Doc comments of JavaScript as docstrings of Python.

Source: the JSDoc reference, "Block tags" and "Inline tags".
"""

from __future__ import annotations

import re
import textwrap

__all__ = ["docstring"]

_LINK = re.compile(r"\{@link(?:code|plain)?\s+([^}|\s]+)(?:[|\s]+([^}]*))?\}")
_TAG = re.compile(r"@(\w+)[ \t]*(.*)", re.DOTALL)
_PARAMETER = re.compile(
    r"(?:\{[^}]*\}\s*)?\[?([\w.$]+)(?:=[^\]]*)?\]?\s*(?:-\s*)?(.*)", re.DOTALL
)
_KIND = re.compile(r"\{[^}]*\}\s*")
_WIDTH = 84


def _lines(comment: str) -> list[str]:
    body = comment.removeprefix("/**").removesuffix("*/")
    return [re.sub(r"^\s*\* ?", "", line).rstrip() for line in body.splitlines()]


def _blocks(comment: str) -> list[str]:
    """The description, then one text a tag."""
    blocks: list[list[str]] = [[]]
    for line in _lines(comment):
        if line.lstrip().startswith("@"):
            blocks.append([])
        blocks[-1].append(line)
    return [textwrap.dedent("\n".join(one)).strip() for one in blocks]


def _item(head: str, words: str) -> str:
    words = " ".join(words.split())
    return textwrap.fill(
        f"{head}: {words}" if words else head,
        _WIDTH,
        initial_indent="    ",
        subsequent_indent="        ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _sections(tags: list[str]) -> list[str]:
    """Tags under the heads that Python's docstrings have; others as they are."""
    arguments, returned, raised, rest = [], [], [], []
    for tag in tags:
        found = _TAG.match(tag)
        if found is None:
            continue
        name, words = found[1].lower(), found[2].strip()
        if name in ("param", "arg", "argument"):
            inner = _PARAMETER.match(words)
            if inner is not None and inner[2].strip():
                arguments.append(_item(inner[1], inner[2]))
        elif name in ("return", "returns"):
            words = _KIND.sub("", words, count=1)
            if words:
                returned.append(_item(words, ""))
        elif name in ("throws", "exception"):
            raised.append(_item(words.replace("{", "").replace("}", ""), ""))
        elif name == "example":
            rest.append(f"Example:\n{textwrap.indent(words, '    ')}")
        elif name in ("deprecated", "see", "since", "default"):
            rest.append(f"{name.capitalize()}: {words}".removesuffix(": "))
    made = []
    for head, items in (("Args", arguments), ("Returns", returned), ("Raises", raised)):
        if items:
            made.append("\n".join([f"{head}:", *items]))
    return made + rest


def docstring(comment: str, indent: str) -> list[str]:
    """The lines of a docstring; none for a comment that says nothing.

    Args:
        comment: A doc comment, with its marks.
        indent: What its lines begin with.
    """
    if not comment:
        return []
    blocks = [
        _LINK.sub(lambda found: (found[2] or found[1]).strip(), block)
        for block in _blocks(comment)
    ]
    parts = [blocks[0], *_sections(blocks[1:])] if blocks else []
    body = "\n\n".join(part for part in parts if part)
    if not body:
        return []
    body = body.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if "\n" not in body and len(body) + len(indent) < 80:
        return [f'{indent}"""{body}{" " * body.endswith(chr(34))}"""']
    lines = [f'"""{body}', '"""']
    return textwrap.indent("\n".join(lines), indent).splitlines()

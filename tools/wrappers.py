"""Writes the strict build's wrappers: one around each function of Node-API.

What addons call is the wrapper; the function itself is renamed and hidden, so that
calls among the functions do not pass it. Only the standard library is used.
"""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SIGNED = ("int", "int32_t", "int64_t")

NAMES_HEAD = "/* Made by tools/wrappers.py: the bodies that wrappers stand before. */\n"
CODE_HEAD = """/* Made by tools/wrappers.py: what addons call in the strict build. */
#define WATCH_WRAPPERS
#include "shim.h"

#ifdef NAPI_STRICT
"""
TABLE = """
const struct watch_function watch_functions[] = {{
{rows}
}};
const size_t watch_function_count = {count};

#else
typedef int wrappers_are_empty_in_the_release_build;
#endif
"""
BODY = """
extern __typeof__({name}) {name}_body;

{head}
{name}({parameters})
{{
    struct watch_call call = {{
        .function = {index},
        .caller = __builtin_return_address(0),
        .arguments = {{{arguments}}},
    }};
    if ({watch}) {{
        call.status = {name}_body({names});
    }}
    return watch_leave(&call);
}}
"""
VOID = """
{extern} __typeof__({name}) {name}_body;

{head}
{name}({parameters})
{{
    {name}_body({names});
}}
"""
WATCH = {
    "napi_env": "watch_enter_env(&call, {})",
    "node_api_basic_env": "watch_enter_env(&call, (napi_env){})",
    "napi_threadsafe_function": "watch_enter_threadsafe(&call, {})",
    "napi_async_cleanup_hook_handle": "watch_enter_hook(&call, {})",
}


def argument(type: str, name: str) -> str:
    """How an argument is kept in 64 bits."""
    if type == "double":
        return f"watch_bits({name})"
    if type.endswith("*") or type in POINTERS:
        return f"(uintptr_t){name}"
    return f"(uint64_t)(int64_t){name}" if type in SIGNED else f"(uint64_t){name}"


def pointers(text: str) -> set[str]:
    """The named types of the headers that are pointers."""
    import re

    handles = re.findall(r"typedef struct \w+\s*\*\s*(\w+);", text)
    return {*handles, *re.findall(r"\(\s*\*\s*(\w+)\)\(", text)} | {
        new for old, new in re.findall(r"typedef (\w+) (\w+);", text) if old in handles
    }


ABI: dict[str, Any] = runpy.run_path(str(ROOT / "napi" / "testing" / "abi.py"))
POINTERS = pointers(ABI["declarations"]())
POINTERS |= {"node_api_basic_env", "node_api_basic_finalize"}


def wrapper(index: int, function: Any) -> str:
    """The wrapper of one function."""
    first = function.parameters[0]
    no_return = "NAPI_NO_RETURN " if function.name == "napi_fatal_error" else ""
    fields = {
        "name": function.name,
        "head": f"{no_return}NAPI_EXTERN {function.result} NAPI_CDECL",
        "extern": f"{no_return}extern",
        "index": index,
        "parameters": ", ".join(f"{type} {name}" for type, name in function.parameters),
        "names": ", ".join(name for _, name in function.parameters),
        "arguments": ", ".join(argument(*one) for one in function.parameters),
    }
    if function.result == "void":
        return VOID.format(**fields)
    return BODY.format(watch=WATCH[first.type].format(first.name), **fields)


def row(function: Any) -> str:
    """A function's entry in the table: its name and its parameters."""
    listed = ", ".join(f'{{"{type}", "{name}"}}' for type, name in function.parameters)
    return f'    {{"{function.name}", {{{listed}}}, {len(function.parameters)}}},'


def put(path: Path, text: str) -> str:
    """Writes a file unless it is the same already, which would build all again."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return str(path)


def write(place: Path) -> list[str]:
    """Writes ``watch_names.h`` and ``watch_wrappers.c``; gives both paths."""
    functions = sorted(ABI["functions"]().values(), key=lambda one: one.name)
    names = "".join(
        f"#pragma redefine_extname {one.name} {one.name}_body\n" for one in functions
    )
    code = "".join(wrapper(index, one) for index, one in enumerate(functions))
    rows = "\n".join(row(one) for one in functions)
    code = CODE_HEAD + code + TABLE.format(rows=rows, count=len(functions))
    return [
        put(place / "watch_names.h", NAMES_HEAD + names),
        put(place / "watch_wrappers.c", code),
    ]

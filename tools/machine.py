"""Writes the table with which the machine of ``napi fuzz --self`` calls Node-API.

Each function gets a caller of one shape and the kinds of its parameters, so that a
function added to the headers is called without a line of C. Those whose order is a
matter of more than their arguments have code of their own: see napi/testing/machine.
"""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

HEAD = """/* Made by tools/machine.py: how the machine calls each function. */
#include "machine.h"

"""
CALL = """static napi_status
call_{name}(const union word *given)
{{
    return {name}({arguments});
}}

"""
TABLE = """const struct function machine_functions[] = {{
{rows}
}};
const size_t machine_function_count = {count};
"""
# What ends the process, or wants a loop of another kind.
LEFT_OUT = {
    "napi_fatal_error",
    "napi_fatal_exception",
    "napi_get_uv_event_loop",
    "napi_module_register",
}
# Called by the code in napi/testing/machine.
BY_HAND = {
    "napi_acquire_threadsafe_function",
    "napi_add_async_cleanup_hook",
    "napi_add_env_cleanup_hook",
    "napi_async_destroy",
    "napi_async_init",
    "napi_call_threadsafe_function",
    "napi_cancel_async_work",
    "napi_close_callback_scope",
    "napi_close_escapable_handle_scope",
    "napi_close_handle_scope",
    "napi_create_async_work",
    "napi_create_threadsafe_function",
    "napi_delete_async_work",
    "napi_get_cb_info",
    "napi_get_instance_data",
    "napi_get_new_target",
    "napi_get_threadsafe_function_context",
    "napi_make_callback",
    "napi_open_callback_scope",
    "napi_open_escapable_handle_scope",
    "napi_open_handle_scope",
    "napi_queue_async_work",
    "napi_ref_threadsafe_function",
    "napi_release_threadsafe_function",
    "napi_remove_async_cleanup_hook",
    "napi_remove_env_cleanup_hook",
    "napi_set_instance_data",
    "napi_unref_threadsafe_function",
}
# The member of the word, and the kind.
KINDS = {
    "napi_env": ("p", "ENV"),
    "node_api_basic_env": ("p", "ENV"),
    "napi_value": ("p", "VALUE"),
    "napi_ref": ("p", "REF"),
    "napi_deferred": ("p", "DEFERRED"),
    "napi_escapable_handle_scope": ("p", "ESCAPABLE"),
    "bool": ("u", "BOOL"),
    "double": ("d", "DOUBLE"),
    "int": ("i", "BOOL"),
    "int32_t": ("i", "INT32"),
    "int64_t": ("i", "INT64"),
    "size_t": ("u", "SIZE"),
    "uint32_t": ("u", "UINT32"),
    "uint64_t": ("u", "UINT64"),
    "napi_typedarray_type": ("u", "ELEMENTS"),
    "napi_key_collection_mode": ("u", "BOOL"),
    "napi_key_filter": ("u", "FILTER"),
    "napi_key_conversion": ("u", "BOOL"),
    "const char *": ("p", "TEXT"),
    "const char16_t *": ("p", "TEXT16"),
    "void *": ("p", "DATA"),
    "const void *": ("p", "BYTES"),
    "const napi_value *": ("p", "VALUES"),
    "const napi_property_descriptor *": ("p", "PROPERTIES"),
    "const napi_type_tag *": ("p", "TAG"),
    "const uint64_t *": ("p", "WORDS"),
    "napi_callback": ("f", "CALLBACK"),
    "napi_finalize": ("f", "FINALIZE"),
    "node_api_basic_finalize": ("f", "FINALIZE"),
    "node_api_noenv_finalize": ("f", "NOENV"),
    "napi_value *": ("p", "OUT_VALUE"),
    "napi_ref *": ("p", "OUT_REF"),
    "napi_deferred *": ("p", "OUT_DEFERRED"),
    "char *": ("p", "OUT_TEXT"),
    "char16_t *": ("p", "OUT_TEXT16"),
    "size_t *": ("p", "OUT_SIZE"),
    "void **": ("p", "OUT_DATA"),
}
# Other pointers that are written to: whatever they want to write has room.
OTHER = (
    "bool *",
    "double *",
    "int *",
    "int32_t *",
    "int64_t *",
    "uint32_t *",
    "uint64_t *",
    "const char **",
    "const napi_extended_error_info **",
    "const napi_node_version **",
    "napi_typedarray_type *",
    "napi_valuetype *",
)

WRAPPERS: dict[str, Any] = runpy.run_path(str(ROOT / "tools" / "wrappers.py"))


def kind(function: Any, one: Any) -> tuple[str, str]:
    """Of a parameter.

    Raises:
        KeyError: The machine does not know its type: add it here.
    """
    if one.type in OTHER:
        return "p", "OUT_OTHER"
    if one.type in ("char *", "char16_t *") and one.name == "str":
        return "p", "DATA"
    if one.name == "finalize_hint":
        return "p", "HINT"
    if one.type == "void *" and function.name in ("napi_create_function",):
        return "p", "HINT"
    if one.type == "void *" and function.name == "napi_define_class":
        return "p", "HINT"
    return KINDS[one.type]


def argument(function: Any, index: int, one: Any) -> str:
    """The expression that takes a parameter from its word."""
    member, _ = kind(function, one)
    text = f"given[{index}].{member}"
    return f"({one.type})(uintptr_t){text}" if member == "f" else f"({one.type}){text}"


def row(function: Any) -> str:
    """A function's entry in the table."""
    kinds = ", ".join(f"KIND_{kind(function, one)[1]}" for one in function.parameters)
    count = len(function.parameters)
    return (
        f'    {{"{function.name}", call_{function.name},\n     {count}, {{{kinds}}}}},'
    )


def write(place: Path) -> str:
    """Writes ``machine_table.c``; gives its path."""
    functions = [
        one
        for one in WRAPPERS["ABI"]["functions"]().values()
        if one.name not in LEFT_OUT | BY_HAND
    ]
    text = HEAD
    for function in functions:
        arguments = ", ".join(
            argument(function, index, one)
            for index, one in enumerate(function.parameters)
        )
        text += CALL.format(name=function.name, arguments=arguments)
    rows = "\n".join(row(one) for one in functions)
    text += TABLE.format(rows=rows, count=len(functions))
    put: Any = WRAPPERS["put"]
    made: str = put(place / "machine_table.c", text)
    return made

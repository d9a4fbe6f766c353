"""Allocation by allocation: a call without memory is an error, never a crash.

Each function of the ledger is called with its first allocation failing, its second,
and so on until none fails, and once more with all that follow failing too. What it
answers is what it answers with memory, or an error; then the same call works, the
environment holds as much as before, and no memory is lost.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))

import make_oom  # noqa: E402

FREES = "gives back what it is given"
COUNTS = "changes a counter"
KEPT = "gives a value or an address that is kept elsewhere, or keeps the one given"
WRITES = "writes a number, a text or a size into the caller's memory"
TELLS = "says yes or no, or which kind"
# Functions that allocate nothing, whatever the sweep gives them; why.
NO_ALLOCATION = {
    **dict.fromkeys(
        [
            "napi_async_destroy",
            "napi_cancel_async_work",
            "napi_queue_async_work",
            "napi_close_callback_scope",
            "napi_close_escapable_handle_scope",
            "napi_close_handle_scope",
            "napi_delete_async_work",
            "napi_delete_reference",
            "napi_detach_arraybuffer",
            "napi_release_threadsafe_function",
            "napi_remove_async_cleanup_hook",
            "napi_remove_env_cleanup_hook",
        ],
        FREES,
    ),
    **dict.fromkeys(
        [
            "napi_acquire_threadsafe_function",
            "napi_adjust_external_memory",
            "napi_open_handle_scope",
            "napi_ref_threadsafe_function",
            "napi_reference_ref",
            "napi_unref_threadsafe_function",
        ],
        COUNTS,
    ),
    **dict.fromkeys(
        [
            "napi_coerce_to_bool",
            "napi_escape_handle",
            "napi_get_and_clear_last_exception",
            "napi_get_boolean",
            "napi_get_cb_info",
            "napi_get_global",
            "napi_get_instance_data",
            "napi_get_last_error_info",
            "napi_get_new_target",
            "napi_get_node_version",
            "napi_get_null",
            "napi_get_reference_value",
            "napi_get_threadsafe_function_context",
            "napi_get_undefined",
            "napi_get_uv_event_loop",
            "napi_get_value_external",
            "napi_throw",
            "node_api_get_module_file_name",
        ],
        KEPT,
    ),
    **dict.fromkeys(
        [
            "napi_get_array_length",
            "napi_get_arraybuffer_info",
            "napi_get_dataview_info",
            "napi_get_date_value",
            "napi_get_value_bigint_int64",
            "napi_get_value_bigint_uint64",
            "napi_get_value_bigint_words",
            "napi_get_value_bool",
            "napi_get_value_double",
            "napi_get_value_int32",
            "napi_get_value_int64",
            "napi_get_value_string_latin1",
            "napi_get_value_string_utf16",
            "napi_get_value_string_utf8",
            "napi_get_value_uint32",
            "napi_get_version",
        ],
        WRITES,
    ),
    **dict.fromkeys(
        [
            "napi_check_object_type_tag",
            "napi_is_array",
            "napi_is_arraybuffer",
            "napi_is_dataview",
            "napi_is_date",
            "napi_is_detached_arraybuffer",
            "napi_is_error",
            "napi_is_exception_pending",
            "napi_is_promise",
            "napi_is_typedarray",
            "napi_strict_equals",
            "napi_typeof",
            "node_api_is_sharedarraybuffer",
        ],
        TELLS,
    ),
}
# Calls that lose memory in CPython itself where memory runs out; where.
CPYTHON_LOSES = {
    "napi_define_class": "type.__new__ forgets what it has copied",
    "napi_coerce_to_number[2]": "frames of the functions that join a list",
    "napi_coerce_to_string[2]": "frames of the functions that join a list",
}
SAMPLES = """
class Plain:
    def __init__(self):
        self.k = 1
    def __str__(self):
        return "plain" * 100
    def __bool__(self):
        return len([0] * 100) > 1
class Thenable:
    def then(self, resolve, reject=None):
        resolve(1)
def raises(*args):
    raise ValueError("x" * 100)
samples = napi.Object(
    big=lambda: 2**53 - 1, text=lambda: "aé☺" * 100, lone=lambda: "\\ud800" * 100,
    digits=lambda: "12.5e3", bytes=lambda: bytearray(16), list=lambda: [1.5, "k", [2]],
    dict=lambda: {"k": 1, 7: 2, "x" * 50: 3}, instance=Plain, type=lambda: Plain,
    error=lambda: ValueError("k"), counter=lambda: types.MappingProxyType({"k": 1}),
    function=lambda: lambda *args: [args], raises=lambda: raises,
    promise=lambda: napi.Promise(), thenable=Thenable,
)
napi.globalThis["samples"] = samples
"""
PROGRAM = (
    """
import faulthandler, gc, json, sys, types, warnings
faulthandler.enable()
faulthandler.dump_traceback_later(240, exit=True)
import napi
from napi._native import is_strict, shim
sys.unraisablehook = lambda report: None  # of napi_fatal_exception
warnings.simplefilter("ignore")
napi.set_script_evaluator(lambda source, info: 1)
path, wanted = sys.argv[1], json.loads(sys.argv[2])
"""
    + SAMPLES
    + """
# The addon declares version 10 and calls experimental functions on purpose.
shim.reports(keep=True)
addon = napi.load(path, fresh=True)
env = object.__getattribute__(addon, "__env__")
run = addon.run
LIMIT = 3000
NEVER = 2**40

def is_lack(name, answer):
    status, _, kind, _ = answer
    if status == 0:
        return False
    if not kind:
        return status == 9
    # Node's own error for memory of a buffer; and CPython may lose the exception
    # of a Python function when memory runs out.
    return (
        kind == "MemoryError"
        or (kind == "RangeError" and "buffer" in name)
        or kind.startswith("SystemError: <function ")
    )

def settle():
    napi.run_once()
    gc.collect()
    gc.collect()
    # The cases of these make more than they give back.
    more = ("async_contexts", "async_works", "deferreds", "queued_works")
    return {k: n for k, n in shim.counters(env).items() if k not in more}

def ask(index, start, stop, full):
    status, last, exception, seen = run(index, start, stop, full)
    if isinstance(exception, BaseException):
        kind = type(exception).__name__
        if kind == "SystemError":
            kind += f": {exception}"
    else:
        kind = "" if exception is None else "value"
    return status, last, kind, seen

def sweep(name, index, full):
    usual = ask(index, NEVER, 0, full)
    usual = ask(index, NEVER, 0, full)
    problems = []
    most = usual[3]
    for mode in (1, 0):
        # A full scope has its thousands of handles, each with a note in the strict
        # build, which allocates there what it does anywhere.
        for start in range(0, LIMIT, 29 if full and is_strict() else 1):
            before = settle()
            stop = start + 1 if mode else 0
            where = f"{name} {'full ' * full}[{start}:{stop}]"
            answer = ask(index, start, stop, full)
            after = settle()
            most = max(most, answer[3])
            if answer[:3] != usual[:3] and not is_lack(name, answer):
                problems.append(f"{where} answers {answer}, usually {usual}")
            if answer[0] == 0 and answer[2] and not usual[2]:
                problems.append(f"{where}: ok, and {answer[2]} is pending")
            if after != before:
                problems.append(f"{where} leaves {after}, was {before}")
            again = ask(index, NEVER, 0, full)
            if again[:3] != usual[:3]:
                problems.append(f"{where}: then {again}, usually {usual}")
            if answer[3] <= start:
                break
            # What stays is a loss where it stays again and again.
            for _ in range(60):  # free lists fill up, a loss never ends
                blocks = sys.getallocatedblocks()
                for _ in range(8):
                    ask(index, start, stop, full)
                settle()
                grown = sys.getallocatedblocks() - blocks
                if grown < 8:
                    break
            else:
                problems.append(f"{where} loses {grown / 8} blocks a call")
        else:
            problems.append(f"{name}: always another allocation")
    return most, problems

# The strict build keeps the last freed references, 1024 of them.
for _ in range(1100):
    ask(wanted[0][2], NEVER, 0, False)
gc.collect()
gc.freeze()
for name, variant, index in wanted:
    print(json.dumps([name, variant, "begins"]), flush=True)
    # Thousands of handles are slow where each has a note: a variant is enough there.
    for full in (False,) if variant and is_strict() else (False, True):
        most, problems = sweep(f"{name}[{variant}]", index, full)
        told = [it for it in shim.reports() if not it.startswith("newer-function")]
        print(json.dumps([name, variant, most, problems + told]), flush=True)
"""
)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return make_oom.build(tmp_path_factory.mktemp("oom") / "oom.node")


@pytest.fixture(scope="module")
def sweep(library):
    """sweep(chapter): (function -> most allocations, problems), asked once."""
    known = {}

    def ask(chapter):
        if chapter not in known:
            known[chapter] = sweep_chapter(library, chapter)
        return known[chapter]

    return ask


def sweep_chapter(library, chapter):
    wanted = [
        (case.name, case.variant, case.index)
        for case in make_oom.cases()
        if make_oom.FILES[case.name] == chapter
    ]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, library, json.dumps(wanted)],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=ROOT,
    )
    most, problems, last = {}, [], "nothing"
    known = tuple(CPYTHON_LOSES)
    for line in done.stdout.splitlines():
        name, variant, *rest = json.loads(line)
        last = f"{name}[{variant}]"
        if rest != ["begins"]:
            most[name] = max(most.get(name, 0), rest[0])
            problems += [
                one
                for one in rest[1]
                if not (" loses " in one and one.startswith(known))
            ]
    if done.returncode != 0:
        problems.append(f"ends with {done.returncode} after {last}: {done.stderr}")
    return most, problems


@pytest.mark.parametrize("chapter", make_oom.chapters())
def test_every_allocation_may_fail(sweep, chapter):
    most, problems = sweep(chapter)
    assert not problems, "\n".join(problems)
    assert most


@pytest.mark.parametrize("chapter", make_oom.chapters())
def test_only_the_listed_allocate_nothing(sweep, chapter):
    """Else a sweep would be of nothing at all."""
    most, _ = sweep(chapter)
    found = {name for name, count in most.items() if count == 0}
    listed = {name for name in NO_ALLOCATION if make_oom.FILES[name] == chapter}
    # A listed one may allocate all the same: a handle in the strict build, what a
    # table of weak references needs when it is full.
    assert found <= listed, f"{sorted(found)} and not only {sorted(listed)}"


OPERATIONS = {
    "call": "(function, 1.5, addon.own_names(target))",
    "construct": "Counter(1)",
    "method": "instance.increment()",
    "property get": "target.key",
    "property set": "setattr(target, 'key', 'x' * 40)",
    "item set": "target.__setitem__('other', 1)",
    "accessor": "(instance.value, setattr(instance, 'value', 2))",
    "static": "Counter.name",
    "object": "napi.Object(a=1, b='x' * 50)",
    "array": "napi.Array([1, None, 2])",
    "buffer": "napi.Buffer.alloc(100)",
    "typed array": "napi.Float64Array([1, 2])",
    "data view": "napi.DataView(napi.ArrayBuffer(8))",
    "symbol": "napi.Symbol('text' * 20)",
    "bigint": "napi.BigInt(2**100)",
    "promise": "napi.Promise(lambda resolve, reject: resolve(1)).then(print)",
    "date": "napi.Date(0)",
    "map": "napi.Map([[1, 2]])",
    "to_python": "napi.to_python(napi.Array([1, napi.Object(a=napi.null)]))",
    "define": "shim.define(napi.Object(), 'x', get=lambda *_: 1)",
    "freeze": "shim.freeze(napi.Object(a=1))",
    "keys": "shim.own_keys(napi.Object(a=1))",
    "prototype": "shim.set_prototype(napi.Object(), napi.Object())",
    "error": "napi.Error('text' * 20)",
    "repr": "repr(napi.Object(a=napi.Array([1])))",
    "load": "napi.load(sys.argv[4], fresh=True)",
}
OPERATION = """
import ctypes, faulthandler, gc, sys
faulthandler.enable()
faulthandler.dump_traceback_later(240, exit=True)
import napi
from napi._native import shim
sys.unraisablehook = lambda report: None
hooks = ctypes.PyDLL(sys.argv[1])
hooks.oom_seen.restype = ctypes.c_long
hooks.oom_call.argtypes = [ctypes.py_object, ctypes.c_long, ctypes.c_long]
hooks.oom_call.restype = ctypes.py_object
addon = napi.load(sys.argv[2])
target = napi.Object(key=1)
Counter = addon.Counter
instance = Counter()
function = Counter.alive
act = eval("lambda: " + sys.argv[3])
env = object.__getattribute__(addon, "__env__")
step = int(sys.argv[5])
for _ in range(3):
    act()
del _
usual = repr(type(act()))
gc.collect()
gc.freeze()
counters = shim.counters(env)
for mode in (1, 0):
    start = 0
    while True:
        gc.collect()
        failed = None
        try:
            hooks.oom_call(act, start, start + 1 if mode else 0)
        except BaseException as error:
            failed = error
        seen = hooks.oom_seen()
        if failed is not None and not isinstance(failed, (MemoryError, SystemError)):
            cause = failed
            while cause is not None and not isinstance(cause, MemoryError):
                cause = cause.__cause__ or cause.__context__
            if cause is None:
                raise failed
        failed = cause = None
        gc.collect()
        assert repr(type(act())) == usual, start
        gc.collect()
        assert shim.counters(env) == counters, start
        if seen <= start:
            break
        start += step
print("survived", start)
"""


@pytest.mark.parametrize("operation", OPERATIONS)
def test_operations_of_python(child, library, addon_path, operation):
    """Any exception is one for lack of memory, or has such a one as its cause."""
    step = 211 if operation == "load" else 1
    source = OPERATIONS[operation]
    fresh = addon_path("object")
    path = addon_path("class")
    done = child(OPERATION, library, path, source, fresh, step, timeout=250)
    assert done.stdout.startswith("survived")

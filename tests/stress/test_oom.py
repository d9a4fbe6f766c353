"""Allocation by allocation: a call without memory is an error, never a crash."""

import pytest

pytest.importorskip("_testcapi", reason="CPython's allocation hook is not shipped")

CODE = """
import faulthandler, sys
faulthandler.enable()
import _testcapi, napi
m = napi.load(sys.argv[1])
name, source = sys.argv[2], sys.argv[3]
call = getattr(m, name)
make = eval("lambda: " + source, {"napi": napi})
args = make()
try:
    call(*args)                   # everything lazy is there now
except napi.Error:
    pass
for n in range(int(sys.argv[4])):
    args = make()
    _testcapi.set_nomemory(n, n + 1)
    try:
        call(*args)
    except BaseException as error:
        _testcapi.remove_mem_hooks()
        if not isinstance(error, (MemoryError, napi.Error, Exception)):
            raise
    finally:
        _testcapi.remove_mem_hooks()
try:
    call(*make())
except napi.Error:
    pass
print("survived")
"""

CALLS = [
    ("reference", "churn", "(napi.Object(), 10)"),
    ("reference", "churn", "({}, 10)"),
    ("scope", "many", "(300,)"),
    ("scope", "escape", "(1,)"),
    ("error", "throw_kind", "('type', 'E', 'text')"),
    ("error", "swallow", "(lambda: 1 / 0,)"),
    ("promise", "make", "()"),
]


@pytest.mark.parametrize(("name", "function", "args"), CALLS)
def test_every_allocation_may_fail(child, addon_path, name, function, args):
    done = child(CODE, addon_path(name), function, args, 60)
    assert done.stdout.endswith("survived\n")

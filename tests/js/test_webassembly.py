"""WebAssembly: modules, instances, memories, tables, globals, as Node 26 has them."""

import subprocess
import sys

import pytest

wasmtime = pytest.importorskip("wasmtime", reason="WebAssembly needs napi[wasm]")
pytest.importorskip("esprima", reason="JavaScript needs napi[js]")

from napi._native import shim  # noqa: E402
from napi.js.host._globals import add_globals  # noqa: E402

TEXT = """
(module
  (import "env" "log" (func $log (param i32)))
  (import "env" "base" (global $base i32))
  (memory (export "mem") 1 3)
  (table (export "table") 2 funcref)
  (global (export "count") (mut i64) (i64.const 7))
  (func (export "add") (param i32 i32) (result i32)
    local.get 0 call $log
    local.get 0 local.get 1 i32.add global.get $base i32.add)
  (func (export "div") (param i32 i32) (result i32)
    local.get 0 local.get 1 i32.div_s)
  (func (export "wide") (param i64 f32 f64) (result i64 f32 f64)
    local.get 0 local.get 1 local.get 2)
  (func (export "back") (param externref) (result externref) local.get 0)
  (func (export "grow") (result i32) i32.const 1 memory.grow)
  (func (export "peek") (param i32) (result i32) local.get 0 i32.load8_u)
  (func $deep (export "deep") call $deep)
  (func (export "trap") unreachable)
  (elem (i32.const 0) $deep))
"""
HEAD = """
const module = new WebAssembly.Module(bytes);
const log = [];
const env = { log: (x) => log.push(x), base: 100 };
const { exports } = new WebAssembly.Instance(module, { env });
"""


@pytest.fixture(scope="module")
def code():
    return bytes(wasmtime.wat2wasm(TEXT))


@pytest.fixture
def wasm(run, code):
    add_globals()

    def evaluate(source, head=HEAD):
        return run(f"{head}\n{source}", bytes=shim.Uint8Array(code))

    return evaluate


SHOWN = [
    ("JSON.stringify(WebAssembly.Module.imports(module))",
     '[{"module":"env","name":"log","kind":"function"},'
     '{"module":"env","name":"base","kind":"global"}]'),
    ("WebAssembly.Module.exports(module).slice(0, 4).map((e) => e.kind).join()",
     "memory,table,global,function"),
    ("[exports.add(2, 3), log, exports.add.name, exports.add.length].join()",
     "105,2,1,2"),
    ("[Object.isFrozen(exports), Object.getPrototypeOf(exports)].join()", "true,"),
    ("exports.add('4', { valueOf: () => 2 ** 32 + 1 })", 105),
    ("exports.wide(-1n, 0.5, 1 / 3).map(String).join()",
     "-1,0.5,0.3333333333333333"),
    ("exports.back(exports) === exports && exports.back(null) === null"
     " && exports.back() === undefined && exports.back('x')", "x"),
    ("[exports.count.value, exports.count.value = 9n, exports.count.valueOf()].join()",
     "7,9,9"),
    ("exports.table.get(1) === null && exports.table.get(0) === exports.deep", True),
    ("exports.table.set(1, exports.add); exports.table.get(1)(1, 1)", 102),
    ("exports.table.grow(3); exports.table.length", 5),
    ("const b = exports.mem.buffer; new Uint8Array(b)[3] = 77; exports.peek(3)", 77),
    ("const b = exports.mem.buffer; exports.grow();"
     " [b.byteLength, exports.mem.buffer.byteLength, exports.mem.buffer === b].join()",
     "0,131072,false"),
    ("const m = new WebAssembly.Memory({ initial: 1, maximum: 2 }); const b = m.buffer;"
     " [m.grow(1), b.byteLength, m.buffer.byteLength].join()", "1,0,131072"),
    ("new WebAssembly.Memory({ initial: 0 }).buffer.byteLength", 0),
    ("const g = new WebAssembly.Global({ value: 'f64', mutable: true }, 1.5);"
     " g.value = '3'; g.value", 3),
    ("Object.prototype.toString.call(exports.mem)", "[object WebAssembly.Memory]"),
    ("WebAssembly.validate(bytes) && !WebAssembly.validate(new Uint8Array(3))", True),
    ("class M extends WebAssembly.Memory {}; const m = new M({ initial: 1 });"
     " m instanceof M && m instanceof WebAssembly.Memory && m.grow(1)", 1),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), SHOWN)
def test_modules_do_what_node_says(wasm, source, expected):
    *before, last = source.split("; ")
    assert wasm("; ".join([*before, f"({last})"])) == expected


IMPORT = "WebAssembly.Instance(): Import #0 "
FAILS = [
    ("exports.div(1, 0)", "RuntimeError: divide by zero"),
    ("exports.trap()", "RuntimeError: unreachable"),
    ("exports.peek(-1)", "RuntimeError: memory access out of bounds"),
    ("exports.deep()", "RangeError: Maximum call stack size exceeded"),
    ("exports.div(1n, 1)", "TypeError: Cannot convert a BigInt value to a number"),
    ("env.log = () => { throw new RangeError('mine') }; const i = new WebAssembly"
     ".Instance(module, { env }); i.exports.add(1, 2)", "RangeError: mine"),
    ("new WebAssembly.Instance(module)", "TypeError: WebAssembly.Instance(): Imports "
     "argument must be present and must be an object"),
    ("new WebAssembly.Instance(module, {})",
     f'TypeError: {IMPORT}"env": module is not an object or function'),
    ("new WebAssembly.Instance(module, { env: {} })",
     f'LinkError: {IMPORT}"env" "log": function import requires a callable'),
    ("WebAssembly.Module(bytes)", "TypeError: WebAssembly.Module(): "
     "WebAssembly.Module must be invoked with 'new'"),
    ("new WebAssembly.Module(3)",
     "TypeError: WebAssembly.Module(): Argument 0 must be a buffer source"),
    ("new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 2, 0, 0, 0]))",
     "CompileError: WebAssembly.Module(): expected version 01 00 00 00, "
     "found 02 00 00 00 @+4"),
    ("exports.mem.grow(9)",
     "RangeError: WebAssembly.Memory.grow(): Maximum memory size exceeded"),
    ("new WebAssembly.Memory({})",
     "TypeError: WebAssembly.Memory(): Property 'initial' is required"),
    ("new WebAssembly.Memory({ initial: 3, maximum: 1 })", "RangeError: WebAssembly."
     "Memory(): Property 'maximum': value 1 is below the lower bound 3"),
    ("exports.table.get(99)", "RangeError: WebAssembly.Table.get(): invalid address "
     "99 in funcref table of size 2"),
    ("exports.table.set(0, () => 1)", "TypeError: WebAssembly.Table.set(): Argument 1 "
     "is invalid for table: function-typed object must be null (if nullable) or a "
     "Wasm function object"),
    ("new WebAssembly.Global({ value: 'i32' }).value = 1", "TypeError: set WebAssembly"
     ".Global.value): Can't set the value of an immutable global."),
]  # fmt: skip


@pytest.mark.parametrize(("source", "message"), FAILS)
def test_what_fails_says_so_as_node_does(wasm, source, message):
    tried = f"try {{ {source}; 'no' }} catch (e) {{ String(e) }}"
    assert wasm(tried) == message


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("WebAssembly.compile(bytes).then((m) => m instanceof WebAssembly.Module)",
         True),
        ("WebAssembly.instantiate(bytes, { env: { log() {}, base: 1 } })"
         ".then((r) => Object.keys(r).join() + r.instance.exports.add(1, 2))",
         "module,instance4"),
        ("WebAssembly.instantiate(new WebAssembly.Module(bytes), { env: { log() {},"
         " base: 1 } }).then((i) => i instanceof WebAssembly.Instance)", True),
        ("WebAssembly.compile(new Uint8Array([1])).catch(String)",
         "CompileError: WebAssembly.compile(): expected 4 bytes, fell off end @+0"),
        ("WebAssembly.instantiate(bytes, {}).catch((e) => e.name)", "TypeError"),
    ],
)  # fmt: skip
def test_promises_of_modules(wasm, source, expected):
    assert wasm(source, head="").result(10) == expected


def test_views_outlive_their_instance(wasm):
    import gc

    view = wasm("new Uint8Array(exports.mem.buffer).fill(5)")
    gc.collect()
    assert bytes(view[:3]) == b"\5\5\5"


def test_without_the_package_it_is_said_what_to_install():
    source = (
        "import sys; sys.modules['wasmtime'] = None\n"
        "from napi.js.host._globals import add_globals; import napi.js\n"
        "add_globals(); print(napi.js.eval('typeof WebAssembly.Memory'))\n"
        "try:\n    napi.js.eval('new WebAssembly.Memory({ initial: 1 })')\n"
        "except Exception as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.splitlines() == [
        "function",
        "WebAssembly needs the package wasmtime: pip install napi[wasm]",
    ], done.stderr

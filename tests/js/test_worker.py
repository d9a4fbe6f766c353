"""Workers: threads that run JavaScript (Node.js, Worker threads).

Each program runs in a process of its own; what is expected is what Node 26 prints.
"""

import json
import signal
import subprocess
import sys

import pytest

pytest.importorskip("esprima", reason="JavaScript needs napi[js]")

HEAD = """
const T = require('worker_threads');
const { Worker, MessageChannel, receiveMessageOnPort } = T;
/* Runs a text in a Worker: its messages, its error, its code. */
const run = (source, options) => new Promise((resolve) => {
  const told = [];
  const made = new Worker(
    `const { parentPort, workerData, ...T } = require('worker_threads');
     const post = (value, list) => parentPort.postMessage(value, list);
     ${source}`, { eval: true, ...options });
  made.on('message', (value) => told.push(value));
  made.on('error', (error) => told.push(error));
  made.on('exit', (code) => resolve([...told, code]));
});
const show = (...values) => console.log(...values);
"""


def program(source, *words, script=None):
    """What a program prints, and its status; it ends in time."""
    text = f"{HEAD}\n(async () => {{ {source} }})();"
    command = ["-e", text] if script is None else [str(script)]
    return subprocess.run(
        [sys.executable, "-m", "napi", "run", *command, *words],
        capture_output=True,
        text=True,
        timeout=60,
    )


def lines(source, *words):
    done = program(source, *words)
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout.splitlines()


# === what a Worker is given, and what comes back ===

GIVEN = {
    "a message": ("post({ a: [1, 2n, 'x'] })", "", "[ { a: [ 1, 2n, 'x' ] }, 0 ]"),
    "data": ("post(workerData)", "workerData: new Map([[1, null]])",
             "[ Map(1) { 1 => null }, 0 ]"),
    "no data": ("post(workerData)", "", "[ null, 0 ]"),
    "arguments": ("post(process.argv.slice(1))", "argv: [1, 'b']",
                  "[ [ '[worker eval]', '1', 'b' ], 0 ]"),
    "options": ("post(process.execArgv)", "execArgv: ['--no-warnings']",
                "[ [ '--no-warnings' ], 0 ]"),
    "variables": ("post(Object.entries(process.env))", "env: { A: 1 }",
                  "[ [ [ 'A', '1' ] ], 0 ]"),
    "a name": ("post(T.threadName)", "name: 'w'", "[ 'w', 0 ]"),
    "its number": ("post([T.threadId > 0, T.isMainThread])", "",
                   "[ [ true, false ], 0 ]"),
    "globals of its own": (
        "globalThis.there = 1; post([typeof here, typeof Array.prototype.map])",
        "", "[ [ 'undefined', 'function' ], 0 ]"),
    "names of its own": ("let here = 2; post(here)", "", "[ 2, 0 ]"),
    "modules of its own": (
        "const e = require('events'); e.defaultMaxListeners = 3; post(e.name)",
        "", "[ 'EventEmitter', 0 ]"),
    "an error of the parent's class": (
        "post(workerData instanceof RangeError)", "workerData: new RangeError('r')",
        "[ true, 0 ]"),
    "timers": ("setTimeout(() => setImmediate(() => post('late')), 2)", "",
               "[ 'late', 0 ]"),
    "microtasks": ("Promise.resolve().then(() => post('micro')); post('first')", "",
                   "[ 'first', 'micro', 0 ]"),
    "a module": ("import('path').then((p) => post(typeof p.join))", "",
                 "[ 'function', 0 ]"),
    "its exit code": ("process.exitCode = 9", "", "[ 9 ]"),
    "its exit": ("process.exit(7)", "", "[ 7 ]"),
    "its exit in a listener": (
        "process.on('exit', (code) => { post(code); process.exit(5) })", "",
        "[ 0, 5 ]"),
}  # fmt: skip


def in_one_program(cases, head, shown):
    """Runs the cases one after the other in one program: name -> what it shows."""
    rows = [[name, case[0], case[1]] for name, case in cases.items()]
    calls = "".join(
        f"show(JSON.stringify([{json.dumps(name)}, await (async () => {{"
        f" const told = await run({json.dumps(source)}, {{ {options} }});"
        f" return {shown} }})()]));"
        for name, source, options in rows
    )
    return dict(json.loads(line) for line in lines(head + calls))


@pytest.fixture(scope="module")
def given():
    return in_one_program(
        GIVEN,
        "globalThis.here = 1; const events = require('events');"
        "const inspect = require('util').inspect;",
        "[inspect(told), typeof there, events.defaultMaxListeners]",
    )


@pytest.mark.parametrize("name", GIVEN)
def test_a_worker_has(given, name):
    assert given[name] == [GIVEN[name][2], "undefined", 10]


ERRORS = {
    "an error": ("throw new RangeError('r')", ["RangeError", "r", None]),
    "one with properties": (
        "throw Object.assign(new Error('e'), { code: 'E1' })",
        ["Error", "e", "E1"],
    ),
    "a text": ("throw 'text'", "text"),
    "a function": ("throw () => 1", "[Function (anonymous)]"),
    "a rejection": ("Promise.reject(new TypeError('t'))", ["TypeError", "t", None]),
    "one in a timer": (
        "setTimeout(() => { throw new Error('late') }, 1)",
        ["Error", "late", None],
    ),
    "a syntax error": (
        "let T",
        ["SyntaxError", "Identifier 'T' has already been declared", None],
    ),
    "one of a nested Worker": (
        "new T.Worker('throw new EvalError(5)', { eval: true })",
        ["EvalError", "5", None],
    ),
}


@pytest.fixture(scope="module")
def errors():
    return in_one_program(
        {name: (source, "") for name, (source, _) in ERRORS.items()},
        "const plain = (error) => error instanceof Error"
        " ? [error.name, error.message, error.code ?? null] : error;",
        "told.map(plain)",
    )


@pytest.mark.parametrize("name", ERRORS)
def test_what_nobody_caught_is_the_event_error(errors, name):
    assert errors[name] == [ERRORS[name][1], 1]


def test_a_worker_may_take_its_errors_itself():
    source = (
        "process.on('uncaughtException', (e) => post(e.message)); throw new Error('x')"
    )
    assert lines(f"show(await run({json.dumps(source)}))") == ["[ 'x', 0 ]"]


def test_without_a_listener_the_error_is_the_programs():
    done = program("new Worker('throw new Error(\"lost\")', { eval: true })")
    assert done.returncode == 1
    assert "Error: lost" in done.stderr


def test_events_come_in_order():
    shown = lines(
        'const w = new Worker(\'require("worker_threads").parentPort.postMessage(1);'
        "throw 2', { eval: true });"
        "for (const event of ['online', 'message', 'error', 'exit'])"
        "  w.on(event, (value) => show(event, value, w.threadId));"
    )
    assert shown == ["online undefined 1", "message 1 1", "error 2 1", "exit 1 -1"]


def test_a_file_and_its_own_exports(tmp_path):
    (tmp_path / "other.js").write_text("exports.count = (exports.count || 0) + 1;")
    main = tmp_path / "main.js"
    main.write_text(
        "const T = require('worker_threads'); const other = require('./other.js');"
        "other.count += T.isMainThread ? 10 : 20;"
        "if (T.isMainThread) new T.Worker(__filename, { argv: ['a'] })"
        "  .on('message', (value) => console.log(value, other.count));"
        "else T.parentPort.postMessage([other.count, require.main === module,"
        "  process.argv.slice(1).map((word) => require('path').basename(word))]);"
    )
    done = program("", script=main)
    assert done.stderr == ""
    assert done.stdout == "[ 21, true, [ 'main.js', 'a' ] ] 11\n"


def test_a_file_that_is_an_ecmascript_module(tmp_path):
    main = tmp_path / "main.mjs"
    main.write_text(
        "import { Worker, isMainThread, parentPort } from 'worker_threads';"
        "if (isMainThread) new Worker(new URL(import.meta.url))"
        "  .on('message', (value) => console.log(value));"
        "else { await 1; parentPort.postMessage(import.meta.url.slice(-8)); }"
    )
    done = program("", script=main)
    assert (done.stderr, done.stdout) == ("", "main.mjs\n")


REFUSED = {
    "new Worker()": "ERR_INVALID_ARG_TYPE",
    "new Worker('name.js')": "ERR_WORKER_PATH",
    "new Worker('', { eval: true, argv: 5 })": "ERR_INVALID_ARG_TYPE",
    "new Worker('', { eval: true, env: 5 })": "ERR_INVALID_ARG_TYPE",
    "new Worker('', { eval: true, workerData: () => 1 })": "25",
    "T.receiveMessageOnPort({})": "ERR_INVALID_ARG_TYPE",
    "new T.MessagePort()": "ERR_CONSTRUCT_CALL_INVALID",
    "T.MessageChannel()": "ERR_CONSTRUCT_CALL_REQUIRED",
    "new T.BroadcastChannel()": "ERR_MISSING_ARGS",
    "new MessageChannel().port1.postMessage()": "ERR_MISSING_ARGS",
    "new MessageChannel().port1.postMessage(1, 2)": "ERR_INVALID_ARG_TYPE",
    "new MessageChannel().port1.postMessage(1, [{}])": "25",
}


def test_what_is_refused_says_so():
    calls = ", ".join(f"() => {{ {call} }}" for call in REFUSED)
    shown = lines(
        f"for (const act of [{calls}])"
        "  try { act(); show('nothing') } catch (error) { show(error.code) }"
    )
    assert shown == list(REFUSED.values())


@pytest.mark.parametrize("name", ["chdir", "abort", "setuid", "umask"])
def test_what_changes_the_process_is_refused_to_a_worker(name):
    source = f"process.{name}(1)"
    shown = lines(f"show((await run({json.dumps(source)}))[0].code)")
    assert shown == ["ERR_WORKER_UNSUPPORTED_OPERATION"]


# === the end ===

BUSY = {
    "a loop": "for (;;);",
    "a loop that catches": "for (;;) { try { for (;;); } catch {} finally {} }",
    "timers": "setInterval(() => {}, 1000);",
    "microtasks": "(function next() { Promise.resolve().then(next) })();",
    "Atomics.wait": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
    "built-in functions": "for (;;) [3, 1, 2].sort((a, b) => a - b);",
    "a listener": "parentPort.on('message', () => {});",
    "an import that never ends": "await new Promise(() => setInterval(() => {}, 1e3));",
}


@pytest.mark.parametrize("name", BUSY)
def test_terminate_ends_whatever_runs(name):
    head = (
        "import { parentPort } from 'node:worker_threads';"
        if (BUSY[name].startswith("await"))
        else "const { parentPort } = require('worker_threads');"
    )
    source = json.dumps(f"{head} parentPort.postMessage('begun'); {BUSY[name]}")
    shown = lines(
        f"const w = new Worker({source}, {{ eval: true }});"
        "w.on('error', (error) => show(error));"
        "w.on('exit', (code) => show('exit', code));"
        "w.once('message', async () => show('ended', await w.terminate(),"
        "  await w.terminate()));"
    )
    assert sorted(shown) == ["ended 1 undefined", "exit 1"]


def test_no_listener_for_exit_is_called_by_terminate():
    source = json.dumps(
        "process.on('exit', () => console.log('never'));"
        "require('worker_threads').parentPort.postMessage(0); for (;;);"
    )
    shown = lines(
        f"const w = new Worker({source}, {{ eval: true }});"
        "w.once('message', async () => show(await w.terminate()))"
    )
    assert shown == ["1"]


FOREVER = "new Worker('setInterval(() => {}, 1000)', { eval: true })"


@pytest.mark.parametrize(
    "end",
    [
        f"{FOREVER}.unref(); show('end')",
        f"{FOREVER}; show('end'); process.exit(0)",
        f"{FOREVER}.on('online', () => {{ show('end'); process.exit(0) }})",
        "new Worker('for (;;);', { eval: true })"
        ".on('online', () => { show('end'); process.exit(0) })",
        f"const w = {FOREVER}; w.unref(); w.ref(); w.unref(); show('end')",
    ],
)
def test_a_program_that_ends_takes_its_workers_with_it(end):
    assert lines(end) == ["end"]


def test_an_uncaught_error_of_the_program_ends_its_workers():
    done = program(f"{FOREVER}; throw new Error('mine')")
    assert done.returncode == 1
    assert "Error: mine" in done.stderr


def test_a_worker_ends_the_workers_that_it_started():
    inner = "setInterval(() => {}, 1000)"
    source = (
        f"const w = new T.Worker({json.dumps(inner)}, {{ eval: true }});"
        "w.on('online', () => process.exit(3))"
    )
    assert lines(f"show(await run({json.dumps(source)}))") == ["[ 3 ]"]


# === ports ===

PORTS = {
    "messages and the end": (
        "const { port1, port2 } = new MessageChannel();"
        "port2.on('message', (value) => {"
        "  show(value); if (value === 2) port2.close() });"
        "port1.on('close', () => show('one')); port2.on('close', () => show('two'));"
        "port1.postMessage(1); port1.postMessage(2); port1.postMessage(3);",
        {"1", "2", "one", "two"},
    ),
    "without waiting": (
        "const { port1, port2 } = new MessageChannel(); port1.postMessage([1]);"
        "show(JSON.stringify([receiveMessageOnPort(port2),"
        "  receiveMessageOnPort(port2) ?? 'nothing']))",
        {'[{"message":[1]},"nothing"]'},
    ),
    "as events": (
        "const { port1, port2 } = new MessageChannel(); port2.onmessage = (event) => {"
        "  show(event.constructor.name, event.data, event.target === port2,"
        "    event.ports.length); port2.close() };"
        "port1.postMessage('x')",
        {"MessageEvent x true 0"},
    ),
    "nobody listens": (
        "const { port1 } = new MessageChannel(); port1.postMessage(1);"
        "show(port1.hasRef())",
        {"false"},
    ),
    "once, and off": (
        "const { port1, port2 } = new MessageChannel(); const never = () => show('no');"
        "port2.on('message', never); port2.off('message', never);"
        "port2.once('message', (value) => show(value, port2.listenerCount('message')));"
        "port1.postMessage('a'); port1.postMessage('b')",
        {"a 0"},
    ),
    "a port in a message": (
        "const [a, b] = [new MessageChannel(), new MessageChannel()];"
        "b.port1.postMessage('before');"
        "a.port1.postMessage({ port: b.port2 }, [b.port2]);"
        "const { port } = receiveMessageOnPort(a.port2).message;"
        "port.on('message', (value) => { show(value); port.close() });"
        "try { a.port1.postMessage(b.port2, [b.port2]) } catch (e) { show(e.message) }",
        {"before", "MessagePort in transfer list is already detached"},
    ),
    "a port without transfer": (
        "const { port1, port2 } = new MessageChannel();"
        "try { port1.postMessage(port2) }"
        "catch (error) { show(error.name, error.code) }",
        {"DataCloneError 25"},
    ),
    "marks": (
        "const buffer = new ArrayBuffer(8); T.markAsUntransferable(buffer);"
        "const { port1 } = new MessageChannel();"
        "try { port1.postMessage(buffer, [buffer]) } catch (error) { show(error.code,"
        "  buffer.byteLength, T.isMarkedAsUntransferable(buffer)) }"
        "const secret = {}; T.markAsUncloneable(secret);"
        "try { structuredClone(secret) } catch (error) { show(error.name) }",
        {"25 8 true", "DataCloneError"},
    ),
    "globals": (
        "show([globalThis.MessageChannel === MessageChannel,"
        "  globalThis.MessagePort === T.MessagePort,"
        "  new MessageEvent('x', { data: 1 }).data].join())",
        {"true,true,1"},
    ),
}


@pytest.mark.parametrize("name", PORTS)
def test_ports(name):
    source, expected = PORTS[name]
    shown = lines(source)
    assert (set(shown), len(shown)) == (expected, len(expected))


def test_the_end_of_a_worker_closes_its_ports():
    source = "workerData.postMessage('last'); setTimeout(() => process.exit(2), 1)"
    shown = lines(
        "const { port1, port2 } = new MessageChannel();"
        "port1.on('message', show); port1.on('close', () => show('closed'));"
        f"await run({json.dumps(source)},"
        "  { workerData: port2, transferList: [port2] })"
    )
    assert shown == ["last", "closed"]


def test_a_port_connects_two_workers():
    source = (
        "workerData.on('message', (value) => { post(value); workerData.close() });"
        "workerData.postMessage(T.threadId)"
    )
    shown = lines(
        "const { port1, port2 } = new MessageChannel();"
        f"const source = {json.dumps(source)};"
        "const told = await Promise.all([port1, port2].map((port) =>"
        "  run(source, { workerData: port, transferList: [port] })));"
        "show(JSON.stringify(told))"
    )
    assert json.loads(shown[0]) == [[2, 0], [1, 0]]


def test_buffers_are_taken_over_and_shared_ones_are_shared():
    source = (
        "for (let i = 0; i < 300; i++) Atomics.add(workerData.shared, 0, 1);"
        "post(workerData.bytes, [workerData.bytes])"
    )
    shown = lines(
        "const shared = new Int32Array(new SharedArrayBuffer(4));"
        "const bytes = new ArrayBuffer(3);"
        f"const source = {json.dumps(source)};"
        "const [one] = await Promise.all([1, 2, 3].map((n) => run(source, n > 1"
        "  ? { workerData: { shared, bytes: new ArrayBuffer(n) } }"
        "  : { workerData: { shared, bytes }, transferList: [bytes] })));"
        "show(shared[0], bytes.byteLength, one[0].byteLength)"
    )
    assert shown == ["900 0 3"]


def test_a_waiting_worker_is_woken():
    source = "post(Atomics.wait(workerData, 0, 0))"
    shown = lines(
        "const cell = new Int32Array(new SharedArrayBuffer(4));"
        f"const done = run({json.dumps(source)}, {{ workerData: cell }});"
        "const wake = () => { if (!Atomics.notify(cell, 0)) setImmediate(wake) };"
        "wake(); show(await done)"
    )
    assert shown == ["[ 'ok', 0 ]"]


def test_a_broadcast_reaches_all_others():
    source = (
        "const b = new T.BroadcastChannel('c');"
        "b.onmessage = (e) => { post(e.data); b.close() }; post('ready')"
    )
    shown = lines(
        "const channel = new BroadcastChannel('c'); let ready = 0;"
        "channel.onmessage = () => show('never');"
        f"const workers = [1, 2].map(() => new Worker({json.dumps(_listening(source))},"
        "  { eval: true }));"
        "for (const w of workers) w.on('message', (value) => {"
        "  if (value !== 'ready') show(value);"
        "  else if (++ready === 2) { channel.postMessage('all'); channel.close() } })"
    )
    assert shown == ["all", "all"]


def _listening(source):
    return (
        "const { parentPort, ...T } = require('worker_threads');"
        f"const post = (value) => parentPort.postMessage(value); {source}"
    )


# === what is shared, and what is not ===


def test_environment_and_its_sharing():
    shown = lines(
        "process.env.WORKER_TEST = 'main'; T.setEnvironmentData('key', { a: 1 });"
        "const text = \"post([process.env.WORKER_TEST, T.getEnvironmentData('key')]);"
        "process.env.WORKER_TEST = 'worker'\";"
        "show(JSON.stringify(await run(text)), process.env.WORKER_TEST);"
        "await run(text, { env: T.SHARE_ENV }); show(process.env.WORKER_TEST)"
    )
    assert shown == ['[["main",{"a":1}],0] main', "worker"]


def test_the_parent_may_have_the_streams():
    source = (
        "process.stdout.write('one '); console.log('two'); console.error('bad');"
        "process.stdin.on('data', (d) => console.log('in', String(d)));"
        "process.stdin.on('end', () => console.log('end'))"
    )
    shown = lines(
        f"const w = new Worker({json.dumps(source)},"
        "  { eval: true, stdout: true, stderr: true, stdin: true });"
        "let out = '', bad = ''; w.stdout.on('data', (data) => out += data);"
        "w.stderr.on('data', (data) => bad += data); w.stdin.end('words');"
        "w.on('exit', () => show(JSON.stringify([out, bad])))"
    )
    assert json.loads(shown[0]) == ["one two\nin words\nend\n", "bad\n"]


def test_other_output_goes_to_the_program():
    source = json.dumps("console.log('from there')")
    assert lines(f"await run({source}); show('here')") == ["from there", "here"]


# === addons ===


def test_a_worker_has_environments_of_its_own(addon_path):
    """They end on its thread in Node's order, before the parent is told."""
    path = json.dumps(str(addon_path("teardown")))
    source = (
        f"const m = require({path}); m.set_data('data'); m.hook('first');"
        "globalThis.kept = {}; m.wrap(kept, 'wrapped'); m.async_hook('later');"
        "m.hook('last'); post('loaded')"
    )
    shown = lines(
        f"const main = require({path}); main.hook('of main');"
        f"const told = await run({json.dumps(source)});"
        "process.stdout.write(told.join() + '\\n')"
    )
    assert shown == [
        "hook last",
        "async hook later",
        "hook first",
        "finished later",
        "finalizer wrapped",
        "instance data data",
        "loaded,0",
        "hook of main",
    ]


def test_what_terminates_a_worker_tears_its_environments_down(addon_path):
    path = json.dumps(str(addon_path("teardown")))
    source = (
        f"const m = require({path}); m.hook('hook');"
        "require('worker_threads').parentPort.postMessage(0); for (;;);"
    )
    shown = lines(
        f"const w = new Worker({json.dumps(source)}, {{ eval: true }});"
        "w.once('message', async () => {"
        "  process.stdout.write(`ended ${await w.terminate()}\\n`) })"
    )
    assert shown == ["hook hook", "ended 1"]


def test_what_an_addon_finishes_after_the_exit_calls_nobody(addon_path):
    path = json.dumps(str(addon_path("async_work")))
    source = (
        f"require({path}).doubled(1).then(() => post('never'), () => post('never'));"
        "process.exit(3)"
    )
    assert lines(f"show(await run({json.dumps(source)}))") == ["[ 3 ]"]


def test_a_callback_that_exits_is_a_pending_exception(addon_path):
    path = json.dumps(str(addon_path("function")))
    source = (
        f"const m = require({path}); post(Object.keys(m).length > 0); process.exit(4)"
    )
    assert lines(f"show(await run({json.dumps(source)}))") == ["[ true, 4 ]"]


def test_a_program_in_python_may_have_workers(tmp_path):
    (tmp_path / "pool.js").write_text(
        "const { Worker } = require('worker_threads');"
        "exports.double = (value) => new Promise((resolve, reject) =>"
        '  new Worker(\'const T = require("worker_threads");'
        "T.parentPort.postMessage(T.workerData * 2)',"
        "    { eval: true, workerData: value }).on('message', resolve)"
        ".on('error', reject));"
    )
    code = (
        "import asyncio, napi\n"
        "pool = napi.js.module.require('./pool.js')\n"
        "print(pool.double(21).result(30))\n"
        "async def main():\n"
        "    found = await asyncio.gather(pool.double(1), pool.double(2))\n"
        "    print(found)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", "import napi.js.module\n" + code],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
    )
    assert (done.stderr, done.stdout) == ("", "42\n[2, 4]\n")


def test_the_end_of_a_program_in_python_ends_its_workers(tmp_path, addon_path):
    """Their environments are torn down by their own threads."""
    path = addon_path("teardown")
    (tmp_path / "busy.js").write_text(
        "const { Worker } = require('worker_threads'); module.exports = () =>"
        " new Promise((resolve) => new Worker("
        f"`require({json.dumps(str(path))}).hook('hook');"
        "require('worker_threads').parentPort.postMessage('busy'); for (;;);`,"
        " { eval: true }).on('message', resolve));"
    )
    code = (
        "import napi.js.module\n"
        "begin = napi.js.module.require('./busy.js')\n"
        "print(begin().result(30), flush=True)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
    )
    assert (done.stderr, done.stdout) == ("", "busy\nhook hook\n")
    assert done.returncode == 0


def test_an_interrupt_ends_a_program_with_busy_workers():
    source = (
        "new Worker('for (;;);', { eval: true }).on('online', () => show('on'));"
        "setInterval(() => {}, 1000)"
    )
    child = subprocess.Popen(
        [sys.executable, "-m", "napi", "run", "-e", HEAD + source],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout.readline() == "on\n"
    child.send_signal(signal.SIGINT)
    assert child.communicate(timeout=60) == ("", "")
    assert child.returncode == 130

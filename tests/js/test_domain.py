"""Domains, and the values that jobs keep (Node.js, Domain, Asynchronous context).

What is expected is what Node 26 prints.
"""

import subprocess
import sys

import pytest

pytest.importorskip("esprima", reason="JavaScript needs napi[js]")

HEAD = """
const domain = require('domain');
const events = require('events');
const { AsyncLocalStorage } = require('async_hooks');
const storage = new AsyncLocalStorage();
const show = console.log;
const d = domain.create();
d.on('error', (e) => show('taken', e.message, e.domain === d, e.domainThrown));
const fail = () => { throw new Error('thrown') };
"""


def run(source):
    return subprocess.run(
        [sys.executable, "-m", "napi", "run", "-e", HEAD + source],
        capture_output=True,
        text=True,
        timeout=60,
    )


THROWN = "taken thrown true true"
MARKED = "taken thrown true false"
CASES = {
    "a call": ("show(d.run((a, b) => [a + b, process.domain === d], 1, 2))",
               ["[ 3, true ]"]),
    "the call throws": ("d.run(fail)", [THROWN]),
    "what is caught": ("d.run(() => { try { fail() } catch { show('caught') } })",
                       ["caught"]),
    "a timer": ("d.run(() => setTimeout(fail, 1))", [THROWN]),
    "an immediate": ("d.run(() => setImmediate(fail))", [THROWN]),
    "a tick": ("d.run(() => process.nextTick(fail))", [THROWN]),
    "a microtask": ("d.run(() => queueMicrotask(fail))", [THROWN]),
    "a file": ("d.run(() => require('fs').readFile('/none', fail))", [THROWN]),
    "after await": ("d.run(async () => { await 1; show(process.domain === d) })",
                    ["true"]),
    "enter and exit": ("d.enter(); show(domain.active === d); d.exit();"
                       "show(domain._stack.length)", ["true", "0"]),
    "bind": ("setTimeout(d.bind(fail), 1)", [THROWN]),
    "intercept": ("const f = d.intercept((v) => show('value', v)); f(null, 1);"
                  "f(new Error('thrown'))", ["value 1", MARKED]),
    "an emitter made in it": (
        "const e = d.run(() => new events()); show(e.domain === d);"
        "e.emit('error', new Error('thrown'))", ["true", MARKED]),
    "an emitter added": (
        "const e = new events(); d.add(e); show(d.members.length);"
        "e.emit('error', new Error('thrown')); d.remove(e); show(d.members.length)",
        ["1", MARKED, "0"]),
    "the outer one, where the inner has no listener": (
        "d.run(() => domain.create().run(fail))", [THROWN]),
    "only the innermost goes with a timer": (
        "process.on('uncaughtException', (e) => show('program', e.message));"
        "d.run(() => domain.create().run(() => setTimeout(fail, 1)))",
        ["program thrown"]),
    "what is outside": (
        "process.on('uncaughtException', (e) => show('program', e.message));"
        "d.run(() => show('in')); setTimeout(fail, 1)", ["in", "program thrown"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_domains(name):
    source, expected = CASES[name]
    done = run(source)
    assert (done.stderr, done.stdout.splitlines()) == ("", expected)
    assert done.returncode == 0


def test_a_callback_of_an_addon_runs_in_the_receivers_domain(addon_path):
    path = addon_path("async_work")
    done = run(
        f"const m = require({str(path)!r});"
        "m.call_back({ domain: d }, () => show(process.domain === d));"
        "m.call_back({}, () => show(process.domain));"
        "setTimeout(() => m.call_back({ domain: d }, fail), 1)"
    )
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.splitlines() == ["true", "undefined", THROWN]


JOBS = {
    "a tick": "process.nextTick(tell)",
    "a microtask": "queueMicrotask(tell)",
    "a reaction": "Promise.resolve().then(tell)",
    "a reaction to a rejection": "Promise.reject(1).catch(tell)",
    "after await": "(async () => { await 1; tell() })()",
    "a promise that is settled outside": "later.then(tell)",
    "a timer": "setTimeout(tell, 1)",
    "an immediate": "setImmediate(tell)",
}


@pytest.mark.parametrize("name", JOBS)
def test_a_job_keeps_the_value_of_its_maker(name):
    done = run(
        "let settle; const later = new Promise((resolve) => settle = resolve);"
        "const tell = () => show(storage.getStore());"
        f"storage.run('mine', () => {{ {JOBS[name]} }});"
        "storage.run('other', () => settle()); tell()"
    )
    assert (done.stderr, done.stdout) == ("", "undefined\nmine\n")

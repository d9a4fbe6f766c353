"""CommonJS and ECMAScript modules: napi/js/module*.py."""

# Programs of JavaScript stand on one line.
# ruff: noqa: E501

import os
import subprocess
import sys

import pytest

pytest.importorskip("esprima", reason="JavaScript needs napi[js]")


def run(folder, name="main.js"):
    return subprocess.run(
        [sys.executable, "-m", "napi", "run", name],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "NO_COLOR": "1"},
    )


def lay(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


PROGRAMS = {
    "a module runs once": (
        {
            "main.js": "require('./a'); console.log(require('./a').n)",
            "a.js": "exports.n = (globalThis.n = (globalThis.n || 0) + 1)",
        },
        "1\n",
    ),
    "a cycle sees what is there": (
        {
            "main.js": "console.log(require('./a').done, require('./b').seen)",
            "a.js": "exports.done = false; exports.b = require('./b'); exports.done = true",
            "b.js": "exports.seen = require('./a').done",
        },
        "true false\n",
    ),
    "a module that throws is forgotten": (
        {
            "main.js": "for (let i = 0; i < 2; i++) try { require('./a') } catch (e) { console.log(e.message) }",
            "a.js": "globalThis.k = (globalThis.k || 0) + 1; throw new Error('no ' + globalThis.k)",
        },
        "no 1\nno 2\n",
    ),
    "names, main and paths": (
        {
            "main.js": "console.log(module.id, require.main === module, module.paths[0].endsWith('node_modules'), module.loaded, module.children.length, require.resolve('./main') === __filename)"
        },
        ". true true false 0 true\n",
    ),
    "json and packages": (
        {
            "main.js": "console.log(require('./d'), require('p'), require('p/sub').s)",
            "d.json": '{"a": [1]}',
            "node_modules/p/package.json": '{"exports": {".": {"import": "./m.mjs", "require": "./c.js"}, "./sub": "./s.js"}}',
            "node_modules/p/c.js": "module.exports = 'cjs'",
            "node_modules/p/m.mjs": "export default 'esm'",
            "node_modules/p/s.js": "exports.s = require('p')",
        },
        "{ a: [ 1 ] } cjs cjs\n",
    ),
    "a new extension": (
        {
            "main.js": "require.extensions['.txt'] = (m, f) => { m.exports = require('fs').readFileSync(f, 'utf8') }; console.log(require('./t.txt'))",
            "t.txt": "text",
        },
        "text\n",
    ),
    "a hook of _resolveFilename and _load": (
        {
            "main.js": "const M = require('module'), old = M._load; M._load = function (r, ...a) { return r === 'virtual' ? 7 : old.call(this, r, ...a) }; console.log(require('virtual'), typeof require('fs').statSync)"
        },
        "7 function\n",
    ),
    "what is not found": (
        {
            "main.js": "try { require('./nope') } catch (e) { console.log(e.code, e.requireStack.length, e.message.split('\\n')[0]) } try { require('') } catch (e) { console.log(e.code) } try { require('node:nope') } catch (e) { console.log(e.code) }"
        },
        "MODULE_NOT_FOUND 1 Cannot find module './nope'\nERR_INVALID_ARG_VALUE\nERR_UNKNOWN_BUILTIN_MODULE\n",
    ),
    "require of an ECMAScript module": (
        {
            "main.js": "console.log(require('./m.mjs').x, require('./m.mjs').default)",
            "m.mjs": "export const x = 1; export default 2",
        },
        "1 2\n",
    ),
    "a top-level await cannot be required": (
        {
            "main.js": "try { require('./m.mjs') } catch (e) { console.log(e.code) }",
            "m.mjs": "await 1",
        },
        "ERR_REQUIRE_ASYNC_MODULE\n",
    ),
    "import() and import.meta": (
        {
            "main.mjs": "const m = await import('./m.mjs'); console.log(m.x, m.url.endsWith('m.mjs'), (await import('./c.cjs')).named, import.meta.resolve('./m.mjs') === m.url)",
            "m.mjs": "export const x = 1; export const url = import.meta.url",
            "c.cjs": "module.exports = { named: 3, other() {} }",
        },
        "1 true 3 true\n",
    ),
    "live bindings and cycles": (
        {
            "main.mjs": "import { n, up } from './a.mjs'; import { seen } from './b.mjs'; up(); console.log(n, seen())",
            "a.mjs": "import './b.mjs'; export let n = 1; export function up() { n++ }",
            "b.mjs": "import { n } from './a.mjs'; export function seen() { return n }",
        },
        "2 2\n",
    ),
    "a missing export": (
        {
            "main.mjs": "import('./x.mjs').catch((e) => console.log(e.name, e.message))",
            "x.mjs": "import { nope } from './y.mjs'",
            "y.mjs": "export {}",
        },
        "SyntaxError The requested module './y.mjs' does not provide an export named 'nope'\n",
    ),
    "a package of type module": (
        {
            "main.js": "import { b } from './b.js'; export default 1; console.log(b, typeof require)",
            "b.js": "export const b = 4",
            "package.json": '{"type": "module"}',
        },
        "4 undefined\n",
    ),
    "a text that can only be a module": (
        {"main.js": "import fs from 'fs'; console.log(typeof fs.readFileSync)"},
        "function\n",
    ),
    "createRequire": (
        {
            "main.mjs": "import { createRequire } from 'module'; const r = createRequire(import.meta.url); console.log(r('./d.json').q, r.resolve('./d') === import.meta.dirname + '/d.json')",
            "d.json": '{"q": 5}',
        },
        "5 true\n",
    ),
    "json needs an attribute": (
        {
            "main.mjs": "import d from './d.json' with { type: 'json' }; console.log(d); try { await import('./d2.json') } catch (e) { console.log(e.code) }",
            "d.json": "[1]",
            "d2.json": "1",
        },
        "[ 1 ]\nERR_IMPORT_ATTRIBUTE_MISSING\n",
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs(tmp_path, name):
    files, shown = PROGRAMS[name]
    lay(tmp_path, files)
    main = "main.mjs" if "main.mjs" in files else "main.js"
    done = run(tmp_path, main)
    assert done.stdout == shown, done.stderr
    assert done.returncode == 0


NAMES = [
    ("exports.a = 1; exports['b-c'] = 2; module.exports.d = 3", ["a", "d", "b-c"]),
    ("module.exports = { a, 'b': 1, c() {}, ...x, e: 1 }", ["a", "b", "c"]),
    ("Object.defineProperty(exports, 'q', { enumerable: true, get: f })", ["q"]),
    (
        "// exports.no = 1\n/* exports.no = 2 */ 'exports.no = 3'; exports.yes = 1",
        ["yes"],
    ),
    ("module.exports = class {}", []),
    ("exports.a == 1", []),
]


@pytest.mark.parametrize(("source", "names"), NAMES)
def test_names_of_a_commonjs_file(tmp_path, source, names):
    from napi.js.module_names import exported_names

    assert exported_names(str(tmp_path / "x.js"), source) == names


def test_names_of_other_files(tmp_path):
    from napi.js.module_names import exported_names

    lay(
        tmp_path,
        {
            "b.js": "exports.b = 1; module.exports = require('./c')",
            "c.js": "exports.c = 1; __exportStar(require('./b'), exports)",
        },
    )
    found = exported_names(str(tmp_path / "a.js"), "module.exports = require('./b')")
    assert sorted(found) == ["b", "c"]


def test_require_from_python(tmp_path):
    from napi.js.module import import_module, require

    lay(
        tmp_path,
        {"a.js": "exports.f = (x) => x + 1", "m.mjs": "export const y = await 4"},
    )
    assert require("./a", tmp_path / "x").f(2) == 3
    assert import_module("./m.mjs", tmp_path / "x").result()["y"] == 4

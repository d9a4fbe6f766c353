"""The stand-in for ``node``: answers from packages, and names what it cannot do."""

import os
import sys

import pytest

from napi import platform
from napi.build import members, node
from napi.build.evaluate import NotUnderstood, Scope, Thrown, run

ADDON_API = """
const path = require('path');
const { version } = require('./package.json');
const includeDir = path.relative('.', __dirname);
module.exports = {
  include: `"${__dirname}"`,
  include_dir: includeDir,
  gyp: path.join(includeDir, 'node_api.gyp:nothing'),
  targets: path.join(includeDir, 'node_addon_api.gyp'),
  version,
};
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A package below a project whose node_modules has node-addon-api."""
    files = {
        "node_modules/node-addon-api/index.js": ADDON_API,
        "node_modules/node-addon-api/package.json": '{"version": "8.5.0"}',
        "node_modules/macros/dir.js": "console.log(require('path').join(__dirname))",
        "node_modules/macros/package.json": '{"main": "dir"}',
        "node_modules/nan/include_dirs.js": "console.log('x')",
        "package/package.json": '{"version": "1.2.3", "config": {"n": null}}',
        "package/say.js": "#!/usr/bin/env node\nconsole.log(process.argv[2] || 'no')",
        "package/stop.js": "console.log('a'); process.exit(3); console.log('b')",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(tmp_path / "package")
    monkeypatch.setattr(node, "_cache", {})
    return tmp_path


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("require('node-addon-api').include", '"{root}/node_modules/node-addon-api"'),
        ('require("node-addon-api").include_dir', "../node_modules/node-addon-api"),
        (
            "require('node-addon-api').gyp",
            "../node_modules/node-addon-api/node_api.gyp:nothing",
        ),
        (
            "require('node-addon-api').targets",
            "../node_modules/node-addon-api/node_addon_api.gyp",
        ),
        ("require('node-addon-api').version", "8.5.0"),
        ("require('./package').version.split('.')[0]", "1"),
        ("require('./package.json').config.n || 'none'", "none"),
        ("require.resolve('macros')", "{root}/node_modules/macros/dir.js"),
        (
            "require('path').dirname(require.resolve('macros/package.json'))",
            "{root}/node_modules/macros",
        ),
        ("process.arch", platform.machine()),
        ("process.platform === 'linux' ? 'yes' : 'no'", "yes"),
        ('process.versions.node.split(".")[0]', "26"),
        ("process.env.NAPI_VERSION || process.versions.napi", "10"),
        ("process.env['npm_config_nothing']", "undefined"),
        ("parseInt(process.versions.node) >= 18", "true"),
        ("require('fs').existsSync('package.json')", "true"),
        ("require('fs').existsSync('nothing')", "false"),
        (
            "JSON.parse(require('fs').readFileSync('package.json','utf8')).version",
            "1.2.3",
        ),
        ("require('os').cpus().length > 0", "true"),
        ("process.cwd()", "{root}/package"),
        ("['a','b'].map(x => '-I' + x).join(' ')", "-Ia -Ib"),
        ("`${1 + 1}${'\\n'.length}`", "21"),
        ("'a-b_c'.replace(/[-_]/g, '.')", "a.b.c"),
        ("'v20.1'.match(/v(\\d+)/)[1]", "20"),
        (
            "(() => { try { require('no') } catch (e) { return e.code } })()",
            "MODULE_NOT_FOUND",
        ),
        ("((a, ...b) => a + b.length)(1, 2, 3)", "3"),
        ("typeof nothing", "undefined"),
        ("null ?? undefined ?? 0", "0"),
        ("[1, 'a', {b: true}]", "[ 1, 'a', { b: true } ]"),
    ],
)
def test_print(project, capsys, script, said):
    assert node.main(["-p", script]) == 0
    assert capsys.readouterr().out == said.replace("{root}", str(project)) + "\n"


@pytest.mark.parametrize(
    ("arguments", "said", "status"),
    [
        (["-e", "console.log(1, 'a')"], "1 a\n", 0),
        (["-e", "process.stdout.write('x')"], "x", 0),
        (["-e", "require('macros')"], "{root}/node_modules/macros\n", 0),
        (["say.js", "hello"], "hello\n", 0),
        (["./say"], "no\n", 0),
        (["stop.js"], "a\n", 3),
        (["--version"], "v26.10.0\n", 0),
        (["--no-warnings", "-p", "1"], "1\n", 0),
    ],
)
def test_program(project, capsys, arguments, said, status):
    assert node.main(arguments) == status
    assert capsys.readouterr().out == said.replace("{root}", str(project))


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("require('nan')", "not made for Node-API"),
        ("require('absent')", "napi add absent"),
        ("require('crypto').createHash('x')", "Cannot find module 'crypto'"),
        ("while (true) {}", "while statement"),
        ("new Foo()", "the name 'Foo'"),
        ("1 +", "syntax"),
        ("undefined.x", "Cannot read properties of undefined"),
        ("throw new Error('mine')", "mine"),
        ("'a'.normalize()", "the property 'normalize'"),
        ("require('fs').readFileSync('nothing')", "ENOENT"),
        ("(1)()", "(1) is not a function"),
    ],
)
def test_refusal_names_the_reason(project, capsys, script, complaint):
    assert node.main(["-e", script]) == 1
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ("'5' * '2'", 10),
        ("1 + '2'", "12"),
        ("'b' > 'a'", True),
        ("'10' > 9", True),
        ("null == undefined", True),
        ("null === undefined", False),
        ("'' == 0", True),
        ("[] + {}", "[object Object]"),
        ("!!''", False),
        ("0 || 'x'", "x"),
        ("7 % 4", 3),
        ("'a' in {a: 1}", True),
        ("let {a, b: [c, d = 4]} = {a: 1, b: [2]}; a + c + d", 7),
        ("const o = {}; o.x = 1; o['y'] = 2; Object", None),
        ("var x = 1; x += 2; x", 3),
        ("function f(n) { if (n) { return 'y' } else { return 'n' } } f(0)", "n"),
        ("/^A$/i.test('a')", True),
        ("[3, 1, 2].filter(x => x > 1).length", 2),
        ("`a${[1, 2]}`", "a1,2"),
        ("'\\x41\\u{42}\\u0043'", "ABC"),
    ],
)
def test_values_are_those_of_javascript(script, value):
    assert run(script, Scope(Object=None)) == value


def test_errors_are_told_apart():
    with pytest.raises(Thrown, match="x"):
        run("throw 'x'", Scope())
    with pytest.raises(NotUnderstood, match="class"):
        run("class A {}", Scope())
    assert members.to_string(members.NULL) == "null"


def test_answers_are_those_of_a_program(project, child):
    """The script on PATH works from any directory, and for pipes."""
    code = """
import os, subprocess, sys
from pathlib import Path
from napi.build import configure
private = configure.prepare(Path(sys.argv[1]), None)
print(subprocess.run("node -p \\"require('node-addon-api').version\\" | tr 8 9",
    shell=True, cwd=sys.argv[2], env=configure.environment(private),
    capture_output=True, text=True, check=True).stdout)
"""
    done = child(code, project / "build", project / "package")
    assert done.stdout.strip() == "9.5.0"
    assert os.access(project / "build/.napi/bin/node", os.X_OK), sys.platform

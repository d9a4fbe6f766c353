"""During a build ``node`` is ``napi run``: for commands, scripts and pipes of gyp."""

import os
import subprocess

import pytest

from napi.build import configure

ADDON_API = """
const path = require('path');
const { version } = require('./package.json');
const includeDir = path.relative('.', __dirname);
module.exports = {
  include: `"${__dirname}"`,
  include_dir: includeDir,
  gyp: path.join(includeDir, 'node_api.gyp:nothing'),
  version,
};
"""
FILES = {
    "node_modules/node-addon-api/index.js": ADDON_API,
    "node_modules/node-addon-api/package.json": '{"version": "8.5.0"}',
    "node_modules/macros/dir.js": "console.log(require('path').join(__dirname))",
    "node_modules/macros/package.json": '{"main": "dir"}',
    "package/say.js": "#!/usr/bin/env node\nconsole.log(process.argv[2] || 'no')",
    "package/stop.js": "console.log('a'); process.exit(3); console.log('b')",
    "package/loop.js": "class A { static b = 2 }; for (let i = 0; i < A.b; i++) "
    "console.log(i)",
}


@pytest.fixture(scope="module")
def shell(tmp_path_factory, javascript):
    """shell(command): what a command of a binding.gyp prints, and its status."""
    root = tmp_path_factory.mktemp("node")
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
    private = configure.prepare(root / "build", None)

    def run(command):
        done = subprocess.run(
            command,
            shell=True,
            cwd=root / "package",
            env=configure.environment(private),
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.stdout.replace(str(root), "{root}"), done.returncode, done.stderr

    return run


@pytest.mark.parametrize(
    ("command", "said", "status"),
    [
        (
            "node -p \"require('node-addon-api').include\"",
            '"{root}/node_modules/node-addon-api"\n',
            0,
        ),
        (
            "node -p \"require('node-addon-api').gyp\"",
            "../node_modules/node-addon-api/node_api.gyp:nothing\n",
            0,
        ),
        ("node -p \"require('node-addon-api').version\" | tr 8 9", "9.5.0\n", 0),
        ("node -e \"require('macros')\"", "{root}/node_modules/macros\n", 0),
        ("node -p process.config.variables.napi_build_version", "10\n", 0),
        ("node --no-warnings -p process.release.name", "node\n", 0),
        ("node say.js hello", "hello\n", 0),
        ("./say.js", "no\n", 0),
        ("node stop.js", "a\n", 3),
        ("node ./loop", "0\n1\n", 0),
        (
            "node -p \"require('child_process').execFileSync(process.execPath, "
            "['-p', '1 + 1']).toString().trim()\"",
            "2\n",
            0,
        ),
    ],
)
def test_node_is_napi_run(shell, command, said, status):
    assert shell(command)[:2] == (said, status)


def test_a_failure_is_that_of_the_command(shell):
    out, status, complaint = shell("node -e \"throw new Error('mine')\"")
    assert (out, status) == ("", 1)
    assert "Error: mine" in complaint


def test_without_the_parser_the_message_says_what_to_install(shell, tmp_path):
    (tmp_path / "esprima.py").write_text("raise ImportError('none')\n")
    out, status, complaint = shell(f"PYTHONPATH={tmp_path} node -p 1")
    assert (out, status) == ("", 1)
    assert "napi[js]" in complaint
    assert "Traceback" not in complaint
    assert os.linesep in complaint

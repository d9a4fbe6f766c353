"""readline: programs that ask (cases/readline.js has what streams of all kinds do)."""

import os
import pty
import select
import subprocess
import sys
import time

import pytest

pytest.importorskip("esprima", reason="JavaScript needs napi[js]")

ASK = """
const { createInterface } = require('readline');
const rl = createInterface({ input: process.stdin, output: process.stdout });
rl.question('name? ', (name) => { console.log(`hello ${name}`); rl.close() });
"""
SUM = """
let sum = 0;
for await (const line of require('readline').createInterface(process.stdin)) {
  sum += Number(line);
}
console.log(sum);
"""
PROMISED = """
const rl = require('readline/promises').createInterface({ input: process.stdin });
const one = await rl.question('');
console.log(one);
rl.close();
"""


def words(source):
    body = f"(async () => {{ {source} }})()"
    return [sys.executable, "-m", "napi", "run", "-e", body]


@pytest.mark.parametrize(
    ("source", "given", "shown"),
    [
        (ASK, "Eve\n", "name? hello Eve\n"),
        (SUM, "1\n2\r\n39", "42\n"),
        (SUM, "", "0\n"),
        (PROMISED, "a\n", "a\n"),
    ],
)
def test_programs_read_their_standard_input(source, given, shown):
    done = subprocess.run(
        words(source), input=given, capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.returncode) == (shown, 0), done.stderr


def read_until(descriptor, text, seconds=30):
    end, found = time.monotonic() + seconds, b""
    while text not in found and time.monotonic() < end:
        if select.select([descriptor], [], [], 0.2)[0]:
            try:
                found += os.read(descriptor, 4096)
            except OSError:
                break
    assert text in found, found
    return found


def test_a_line_is_edited_on_a_terminal():
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        words(ASK), stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True
    )
    os.close(theirs)
    try:
        read_until(ours, b"name? ")
        os.write(ours, b"Evx\x7fe\x01My \r")
        read_until(ours, b"hello My Eve")
        assert child.wait(30) == 0
    finally:
        child.kill()
        child.wait()
        os.close(ours)

"""net and dns: what no recorded case says (cases/net.js, cases/net_echo.js)."""

import asyncio
import os
import socket
import subprocess
import sys
import threading

import pytest

from napi.js.host import load

pytest.importorskip("esprima", reason="JavaScript needs napi[js]")


def program(source, timeout=60):
    return subprocess.run(
        [sys.executable, "-m", "napi", "run", "-e", source],
        capture_output=True,
        text=True,
        timeout=timeout,
        env={**os.environ, "NO_COLOR": "1"},
    )


ENDS = [
    ("net.createServer().listen(0).unref()", ""),
    ("net.createServer().listen(0, () => {}).close(() => console.log('closed'))",
     "closed\n"),
    ("const s = net.createServer((c) => c.unref()).listen(0, () => {"
     " const c = net.connect(s.address().port, () => { s.unref(); c.unref() }) })", ""),
    ("net.connect(1, '127.0.0.1').on('error', (e) => console.log(e.code))",
     "ECONNREFUSED\n"),
    ("const c = net.connect(1, '127.0.0.1'); c.destroy();"
     " c.on('close', (had) => console.log(had))", "false\n"),
    ("dns.lookup('127.0.0.1', (e, a, f) => console.log(e, a, f))",
     "null 127.0.0.1 4\n"),
    ("dns.promises.lookup('localhost', 4).then((r) => console.log(r.family))", "4\n"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "shown"), ENDS)
def test_a_program_ends_when_nothing_is_waited_for(source, shown):
    done = program(f"const net = require('net'), dns = require('dns'); {source}")
    assert (done.stdout, done.returncode) == (shown, 0), done.stderr


def test_an_error_that_nobody_listens_to_ends_the_program():
    done = program("require('net').connect(1, '127.0.0.1')")
    assert done.returncode == 1
    assert "ECONNREFUSED" in done.stderr


ECHO = """
new Promise((done, fail) => {
  const socket = net.connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (part) => { text += part });
  socket.on('end', () => done(text)).on('error', fail);
  socket.end('hello');
})
"""


@pytest.fixture
def upper():
    """A server of Python that answers one client in capitals; its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        client, _ = listener.accept()
        with client:
            while data := client.recv(100):
                client.sendall(data.upper())

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    thread.join(10)
    listener.close()


def test_a_socket_of_javascript_talks_to_python(upper):
    import napi.js

    assert napi.js.eval(ECHO, net=load("net"), port=upper).result(20) == "HELLO"


def test_sockets_work_on_a_loop_of_asyncio(upper):
    import napi.js

    async def main():
        return await napi.js.eval(ECHO, net=load("net"), port=upper)

    assert asyncio.run(asyncio.wait_for(main(), 20)) == "HELLO"


def test_sockets_work_on_a_thread_of_their_own(upper):
    import napi.js

    found = []

    def act():
        found.append(napi.js.eval(ECHO, net=load("net"), port=upper).result(20))

    thread = threading.Thread(target=act)
    thread.start()
    thread.join(30)
    assert found == ["HELLO"]


def test_a_server_of_javascript_serves_asyncio():
    import napi.js

    async def main():
        made = napi.js.eval(
            "new Promise((done) => { const s = net.createServer((c) =>"
            " { s.close(); c.pipe(c) }).listen(0, () => done(s.address().port)) })",
            net=load("net"),
        )
        reader, writer = await asyncio.open_connection("127.0.0.1", await made)
        writer.write(b"abc")
        writer.write_eof()
        data = await reader.read()
        writer.close()
        return data

    assert asyncio.run(asyncio.wait_for(main(), 20)) == b"abc"

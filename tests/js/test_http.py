"""http: what the recorded case prints, and both sides against Python's own."""

import http.client
import http.server
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

pytest.importorskip("httptools", reason="http needs napi[js]")
pytest.importorskip("esprima", reason="JavaScript needs napi[js]")

import napi.js
from napi.js.host import load

CASE = Path(__file__).parent / "cases" / "http" / "http.js"


def test_the_case_prints_what_node_printed():
    done = subprocess.run(
        [sys.executable, "-m", "napi", "run", CASE.name],
        cwd=CASE.parent,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert done.stdout == CASE.with_suffix(".out").read_text("utf-8"), done.stderr
    assert done.returncode == 0


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        body = self.path.encode()
        if self.path == "/close":  # the end of the connection is the body's
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        size = int(self.headers["Content-Length"])
        body = self.rfile.read(size)
        self.send_response(202, "Taken")
        self.send_header("Content-Length", str(size))
        self.end_headers()
        self.wfile.write(body[::-1])

    def log_message(self, *_):
        pass


@pytest.fixture
def port():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join(10)


ASK = """
new Promise((done, fail) => {
  const options = { host: '127.0.0.1', port, path, method, agent: false };
  const request = http.request(options, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (part) => { text += part });
    response.on('end', () => done([response.statusCode, response.statusMessage, text]));
  }).on('error', fail);
  if (body) request.setHeader('Content-Length', body.length);
  request.end(body || undefined);
})
"""


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("GET", "/a", "", [200, "OK", "/a"]),
        ("GET", "/close", "", [200, "OK", "/close"]),
        ("POST", "/b", "abc", [202, "Taken", "cba"]),
    ],
)
def test_requests_to_a_server_of_python(port, method, path, body, expected):
    promise = napi.js.eval(
        ASK, http=load("http"), port=port, path=path, method=method, body=body
    )
    assert list(promise.result(30)) == expected


SERVE = """
new Promise((done) => {
  const server = http.createServer((request, response) => {
    let text = '';
    request.on('data', (part) => { text += part });
    request.on('end', () => {
      response.setHeader('X-Method', request.method);
      response.end(text.toUpperCase());
      if (request.url === '/last') server.close(ended);
    });
  });
  server.listen(0, '127.0.0.1', () => done(server.address().port));
})
"""


def test_a_client_of_python_asks_a_server(run):
    ended = run("Promise.withResolvers()")
    port = napi.js.eval(SERVE, http=load("http"), ended=ended.resolve).result(30)
    answers = []

    def ask():
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for path, chunks in (("/one", [b"ab", b"c"]), ("/last", [b"z"])):
            client.request("PUT", path, iter(chunks), encode_chunked=True,
                           headers={"Transfer-Encoding": "chunked"})  # fmt: skip
            answer = client.getresponse()
            answers.append((answer.getheader("X-Method"), answer.read()))
        client.close()

    thread = threading.Thread(target=ask)
    thread.start()
    ended.promise.result(30)
    thread.join(30)
    assert answers == [("PUT", b"ABC"), ("PUT", b"Z")]


def test_a_request_keeps_a_program_going_and_an_idle_connection_does_not(port):
    source = f"""
    const http = require('http');
    http.get('http://127.0.0.1:{port}/x', (r) => r.on('data', (d) =>
      console.log(String(d), Object.keys(http.globalAgent.sockets).length)));
    """
    done = subprocess.run(
        [sys.executable, "-m", "napi", "run", "-e", source],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout, done.returncode) == ("/x 1\n", 0), done.stderr

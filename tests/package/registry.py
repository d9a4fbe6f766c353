"""A registry on this machine: real HTTP, real tarballs, and everything going wrong."""

import base64
import gzip
import hashlib
import http.server
import io
import json
import select
import socket
import ssl
import stat
import tarfile
import threading
import time
import urllib.parse


def make_tarball(files, manifest=None, top="package"):
    """A package; files maps names to bytes, or to a TarInfo as it is."""
    buffer = io.BytesIO()
    # No times, so that the same files are the same tarball.
    with (
        gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        if manifest is not None:
            files = {"package.json": json.dumps(manifest).encode(), **files}
        for name, content in files.items():
            if isinstance(content, tarfile.TarInfo):
                archive.addfile(content)
                continue
            member = tarfile.TarInfo(f"{top}/{name}")
            member.size = len(content)
            member.mode = 0o644
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def sri(data, kind="sha512"):
    return f"{kind}-" + base64.b64encode(hashlib.new(kind, data).digest()).decode()


def snapshot(folder):
    """All that lies in a folder: kinds, modes, contents, targets of links."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        kind = stat.S_IFMT(status.st_mode)
        content = status.st_mode
        if stat.S_ISREG(kind):
            content = (status.st_mode, path.read_bytes())
        elif stat.S_ISLNK(kind):
            content = str(path.readlink())
        found[str(path.relative_to(folder))] = content
    return found


class Registry(http.server.ThreadingHTTPServer):
    """Packages in memory.

    `script[path]` is a list of what happens first: a status, or one of the words of
    Handler.odd(). `token` is asked for if it is set. `asked` has each request as
    (path, headers). A request with a whole address is one to a proxy.
    """

    daemon_threads = True

    def __init__(self, certificate=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.packuments, self.tarballs, self.script = {}, {}, {}
        self.asked, self.proxied = [], []
        self.token, self.proxy_login = "", ""
        self.released = threading.Event()
        self.meeting = threading.Barrier(2)
        self.first = threading.Event()
        scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
            scheme = "https"
        self.url = f"{scheme}://localhost:{self.server_port}"
        self.thread = threading.Thread(target=self.serve_forever, args=(0.01,))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *details):
        self.released.set()
        self.shutdown()
        self.thread.join()
        self.server_close()

    def handle_error(self, request, address):
        pass  # a client that went away is what some tests want

    def publish(self, name, version="1.0.0", *, files=(), data=None, tags=(), **more):
        """Adds a version; `data` is the tarball, `dist` changes what is said."""
        dist = more.pop("dist", {})
        manifest = {"name": name, "version": version, **more}
        if data is None:
            data = make_tarball(dict(files or {"index.js": b"// " + name.encode()}),
                                manifest)  # fmt: skip
        path = f"/{name}/-/{name.split('/')[-1]}-{version}.tgz"
        self.tarballs[path] = data
        body = self.packuments.setdefault(
            name, {"name": name, "dist-tags": {}, "versions": {}}
        )
        manifest["dist"] = {
            "tarball": self.url + path,
            "integrity": sri(data),
            "shasum": hashlib.sha1(data).hexdigest(),
            **dist,
        }
        manifest.pop("scripts", None)
        body["versions"][version] = manifest
        if "-" not in version:
            body["dist-tags"]["latest"] = version
        for tag in tags:
            body["dist-tags"][tag] = version
        return path

    def paths(self):
        return [path for path, _ in self.asked]

    def downloads(self):
        return [path for path in self.paths() if path.endswith(".tgz")]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self):
        server, target = self.server, self.path
        if target.startswith("http://"):
            server.proxied.append((target, dict(self.headers)))
            login = self.headers.get("Proxy-Authorization", "")
            if server.proxy_login and login != server.proxy_login:
                return self.fail(407)
            target = urllib.parse.urlsplit(target).path
        path = urllib.parse.unquote(target)
        server.asked.append((path, dict(self.headers)))
        server.first.set()
        if server.token and self.headers.get("Authorization") != server.token:
            return self.fail(401)
        acts = server.script.get(path) or server.script.get("*")
        if acts:
            act = acts.pop(0)
            if isinstance(act, int):
                return self.fail(act)
            return self.odd(act, path)
        if path in server.tarballs:
            return self.answer(server.tarballs[path])
        body = server.packuments.get(path[1:])
        if body is None:
            return self.fail(404)
        data = json.dumps(body).encode()
        etag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self.send_response(304)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        return self.answer(data, ETag=etag)

    def do_CONNECT(self):
        """A tunnel, as a proxy digs one for https; only to this machine."""
        server = self.server
        server.proxied.append((self.path, dict(self.headers)))
        self.close_connection = True
        login = self.headers.get("Proxy-Authorization", "")
        if server.proxy_login and login != server.proxy_login:
            return self.fail(407)
        host, _, port = self.path.rpartition(":")
        assert host == "localhost"
        with socket.create_connection((host, int(port)), 30) as far:
            self.send_response(200)
            self.end_headers()
            pair = [self.connection, far]
            while not server.released.is_set():
                for ready in select.select(pair, [], [], 0.05)[0]:
                    data = ready.recv(1 << 16)
                    if not data:
                        return None
                    pair[ready is self.connection].sendall(data)

    def answer(self, data, **headers):
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def fail(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def odd(self, act, path):
        server, data = self.server, self.server.tarballs.get(path, b"{}")
        if act == "truncated":  # less than was promised
            self.send_response(200)
            self.send_header("Content-Length", str(len(data) + 1000))
            self.end_headers()
            self.wfile.write(data)
            self.close_connection = True
        elif act == "short":  # whole as HTTP sees it
            self.answer(data[: len(data) // 2])
        elif act == "broken chunks":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.wfile.write(b"40\r\nhalf")
            self.close_connection = True
        elif act == "silent":  # until the test ends
            server.released.wait(20)
            self.close_connection = True
        elif act == "drip":
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            while not server.released.wait(0.02):
                self.wfile.write(b"x")
        elif act == "hang up":
            self.close_connection = True
        elif act == "claims much":
            self.send_response(200)
            self.send_header("Content-Length", str(1 << 40))
            self.end_headers()
            self.close_connection = True
        elif act == "without end":
            self.send_response(200)
            self.end_headers()
            self.close_connection = True
            while not server.released.is_set():
                self.wfile.write(bytes(1 << 16))
        elif act.startswith("to "):
            self.send_response(302)
            self.send_header("Location", act[3:])
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif act.startswith("wait "):
            time.sleep(float(act[5:]))
            self.answer(data)
        elif act == "meet":  # another one that is asked for at the same time
            server.meeting.wait(20)
            self.answer(data)
        elif act.startswith("says "):
            self.answer(act[5:].encode())
        else:
            raise AssertionError(act)

    def log_message(self, *arguments):
        pass

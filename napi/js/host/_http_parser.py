"""HTTP/1 messages, read by httptools, which has the parser that Node has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from napi._native import shim
from napi.js.host._errors import node_error

__all__ = ["Head", "Parser"]


class Head:
    """The first line and the headers of a message."""

    def __init__(self) -> None:
        self.url = b""
        self.status = b""
        self.headers: list[tuple[bytes, bytes]] = []
        self.trailers: list[tuple[bytes, bytes]] = []
        self.method = self.version = ""
        self.code = 0
        self.keep_alive = self.upgrade = False


class Parser:
    """Cuts a stream of bytes into messages.

    Args:
        responses: Whether they are responses.
        on_head: Called with the Head of a message; whether it has no body.
        on_body: Called with bytes.
        on_end: Called with the Head, which has the trailers then.
    """

    def __init__(
        self,
        responses: bool,
        on_head: Callable[[Head], bool],
        on_body: Callable[[bytes], Any],
        on_end: Callable[[Head], Any],
    ) -> None:
        try:
            import httptools
        except ImportError:
            text = "http needs the package httptools: pip install napi[js]"
            raise node_error(
                "Error", "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM", text
            ) from None
        self._library = httptools
        self._responses = responses
        self._on_head, self._on_body, self._on_end = on_head, on_body, on_end
        self._parts: list[tuple[str, Any]] = []
        self.head: Head | None = None
        self._bare = False
        self._new()

    def _new(self) -> None:
        name = "HttpResponseParser" if self._responses else "HttpRequestParser"
        self._parser = getattr(self._library, name)(self)
        self._begun = self._in_body = False
        self._head = Head()

    # What httptools calls; programs are called when it has returned.

    def on_message_begin(self) -> None:
        """A message begins."""
        self._head, self._begun, self._in_body = Head(), True, False

    def on_url(self, url: bytes) -> None:
        """A part of the target."""
        self._head.url += url

    def on_status(self, status: bytes) -> None:
        """A part of the words of the status."""
        self._head.status += status

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or a trailer."""
        head = self._head
        (head.trailers if self._in_body else head.headers).append((name, value))

    def on_headers_complete(self) -> None:
        """The headers have ended."""
        head, self._in_body = self._head, True
        head.version = self._parser.get_http_version()
        head.keep_alive = self._parser.should_keep_alive()
        head.upgrade = bool(self._parser.should_upgrade())
        if self._responses:
            head.code = self._parser.get_status_code()
        else:
            head.method = self._parser.get_method().decode("latin-1")
        self._parts.append(("head", head))

    def on_body(self, data: bytes) -> None:
        """A part of the body."""
        self._parts.append(("body", bytes(data)))

    def on_message_complete(self) -> None:
        """The message has ended."""
        self._begun = False
        self._parts.append(("end", self._head))

    # What others call.

    @property
    def idle(self) -> bool:
        """Whether nothing of a message is there."""
        return not self._begun and self.head is None

    def feed(self, data: bytes) -> bytes | None:
        """Reads bytes; those that follow a change of the protocol are returned.

        Raises:
            napi.Error: They are no HTTP (``HPE_...``).
        """
        rest, failure = None, None
        try:
            self._parser.feed_data(data)
        except self._library.HttpParserUpgrade as change:
            rest = data[change.args[0] :]
        except self._library.HttpParserError as error:
            failure = error
        parts, self._parts = self._parts, []
        for kind, value in parts:
            self._say(kind, value)
            if self._bare:  # of what answers HEAD there is the head only
                self._bare = False
                self._new()
                break
        if failure is not None:
            kind = type(failure).__name__.removeprefix("HttpParser")
            code = "HPE_INVALID_" + kind.removeprefix("Invalid").removesuffix("Error")
            code = "HPE_INTERNAL" if kind == "Error" else code.upper()
            raise node_error("Error", code, f"Parse Error: {failure}")
        return rest

    def _say(self, kind: str, value: Any) -> None:
        if kind == "head":
            self.head = value
            if self._on_head(value):
                self._bare = True
                self._end(value)
        elif kind == "body":
            self._on_body(value)
        else:
            self._end(value)

    def _end(self, head: Head) -> None:
        if head.code // 100 != 1:
            self.head = None
        self._on_end(head)

    def finish(self) -> bool:
        """The connection has ended; whether that ends a message, too."""
        head = self.head
        if head is None:
            return False
        names = {name.lower(): value.lower() for name, value in head.headers}
        bounded = b"content-length" in names
        chunked = b"chunked" in names.get(b"transfer-encoding", b"")
        if not self._responses or bounded or chunked:
            return False
        self._end(head)
        return True


def text(data: bytes) -> Any:
    """Bytes of a head as a text: each is a character."""
    return data.decode("latin-1")


def pairs(headers: list[tuple[bytes, bytes]]) -> Any:
    """``rawHeaders``: names and values in turn."""
    return shim.Array([text(one) for pair in headers for one in pair])

"""Messages between a campaign and its child: JSON over a socket, a length before."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any

__all__ = ["Closed", "receive", "send"]

_LENGTH = struct.Struct("!I")


class Closed(Exception):
    """The other side is gone."""


def send(channel: socket.socket, message: Any) -> None:
    """Sends one message.

    Raises:
        Closed: The other side is gone.
    """
    data = json.dumps(message).encode()
    try:
        channel.sendall(_LENGTH.pack(len(data)) + data)
    except OSError as error:
        raise Closed from error


def _exactly(channel: socket.socket, size: int) -> bytes:
    parts = []
    while size:
        try:
            part = channel.recv(min(size, 1 << 20))
        except ConnectionError as error:
            raise Closed from error
        if not part:
            raise Closed
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def receive(channel: socket.socket) -> Any:
    """Waits for one message.

    Raises:
        Closed: The other side is gone.
        TimeoutError: The socket has a time limit, and it has passed.
    """
    (size,) = _LENGTH.unpack(_exactly(channel, _LENGTH.size))
    return json.loads(_exactly(channel, size))

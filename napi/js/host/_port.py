"""MessagePort and MessageChannel: messages between threads, or within one.

A port has two halves: what other threads may touch, a queue and the agent that reads
it, and the object that JavaScript has. Who sends copies the message at once and has
the reader's loop deliver it: one message, one macrotask.

Source: "Worker threads" of Node's manual; HTML, chapter 9.4.
"""

from __future__ import annotations

import sys
from collections import deque
from typing import Any
from weakref import WeakSet

from napi._native import shim
from napi.js.host._errors import invalid_type, node_error
from napi.js.host._kit import is_object
from napi.js.host._web_events import message_event
from napi.runtime.builtin import hidden, install, sized, tag
from napi.runtime.clone import clone, refusal
from napi.runtime.constructor import allocate, publish
from napi.runtime.event_handler import event_handlers
from napi.runtime.events import Event, EventTarget, dispatch, set_up
from napi.runtime.iterate import iterate
from napi.runtime.node_target import node_target
from napi.runtime.realm import kept

__all__ = [
    "Message",
    "MessageChannel",
    "MessagePort",
    "Port",
    "attach_running",
    "close_all",
    "clone_message",
    "connect",
    "receive",
]


def attach_running() -> None:
    """The asyncio loop that runs on this thread, if one does, shall deliver."""
    if "asyncio.events" in sys.modules:
        from napi import loop

        loop.arm()


class Message:
    """What was sent: the copy, and the ports that came with it."""

    __slots__ = ("faces", "value")

    def __init__(self, value: Any, faces: list[MessagePort]) -> None:
        self.value, self.faces = value, faces

    def open(self) -> Any:
        """The value; its ports belong to this thread from now on."""
        for face in self.faces:
            face.__port__.adopt(face)
        return self.value


class Port:
    """One end of a channel.

    Attributes:
        peer: The other end; None once either was closed.
        agent: The agent whose port it is; None while it is being transferred.
        face: Its object MessagePort.
    """

    def __init__(self) -> None:
        # Messages, and None where the other end was closed.
        self.queue: deque[Message | None] = deque()
        self.peer: Port | None = None
        self.agent: int | None = None
        self.face: MessagePort | None = None
        self.started = self.closed = self.held = False

    def adopt(self, face: MessagePort) -> None:
        """The port is this thread's, behind this object."""
        self.face, self.agent = face, shim.agent_id()
        self.started = False
        kept("ports", WeakSet).add(self)
        if None in self.queue:
            self.wake()

    def leave(self) -> None:
        """The port is transferred: it is nobody's until it arrives."""
        self.refer(False)
        kept("ports", WeakSet).discard(self)
        self.agent = self.face = None

    def wake(self) -> bool:
        """Has the owner's loop deliver one message; False: the owner has ended."""
        return self.agent is None or shim.post(self.agent, self.deliver)

    def send(self, message: Message | None) -> None:
        """Gives the other end a message; any thread may call this end's."""
        peer = self.peer
        if peer is not None:
            peer.queue.append(message)
            peer.wake()

    def start(self) -> None:
        """From now on messages are delivered."""
        if not self.started and not self.closed:
            self.started = True
            attach_running()
            for _ in range(len(self.queue)):
                self.wake()

    def deliver(self) -> None:
        """A turn of the owner's: the first message, or the end."""
        if self.agent != shim.agent_id() or not self.queue:
            return
        if self.queue[0] is None:
            self.finish()
        elif self.started and self.face is not None:
            self.show(self.queue.popleft(), self.face)

    def show(self, message: Message | None, face: MessagePort) -> None:
        """Has the listeners called for a message."""
        if message is not None:
            value = message.open()
            dispatch(face, message_event(value, [*message.faces]))
            face.__changed__()

    def close(self) -> None:
        """Closes both ends; each is told of it in a turn of its own."""
        if self.closed or None in self.queue:
            return
        self.send(None)
        peer, self.peer = self.peer, None
        if peer is not None:
            peer.peer = None
        self.started = False
        self.queue.clear()
        self.queue.append(None)
        self.wake()

    def finish(self) -> None:
        """Nothing comes any more."""
        self.queue.clear()
        self.closed, self.peer = True, None
        self.refer(False)
        if self.face is not None:
            event = Event.__new__(Event)
            set_up(event, "close", None)
            dispatch(self.face, event)

    def refer(self, held: bool) -> None:
        """Whether the port keeps its thread's loop going."""
        if held != self.held and not (held and self.closed):
            self.held = held
            shim.hold(1 if held else -1, 1 if held else -1)


def close_all() -> None:
    """This thread ends: the other ends of its ports are told."""
    for port in list(kept("ports", WeakSet)):
        port.send(None)
        port.closed = True


class MessagePort(EventTarget):
    """JavaScript's ``MessagePort``."""

    __module__ = "napi"
    __slots__ = ("__handlers__", "__port__")
    __port__: Port
    __handlers__: dict[str, Any]

    def __new__(cls, *_: Any) -> MessagePort:
        """Makes one that is closed."""
        made = super().__new__(cls)
        assert isinstance(made, MessagePort)
        made.__port__ = Port()
        made.__port__.closed = True
        made.__handlers__ = {}
        return made

    def __changed__(self) -> None:
        """The listeners are others: those of messages begin and hold the port."""
        listens = bool(self.__listeners__.get("message"))
        if listens != self.__handlers__.get("listens", False):
            self.__handlers__["listens"] = listens
            self.__port__.refer(listens)
            if listens:
                self.__port__.start()


class MessageChannel(shim.Host):
    """JavaScript's ``MessageChannel``: two ports."""

    __module__ = "napi"
    __slots__ = ()


def new_port(port: Port) -> MessagePort:
    """The object for a port; it is nobody's before it is adopted."""
    made = MessagePort.__new__(MessagePort)
    made.__port__ = port
    return made


def connect() -> tuple[Port, Port]:
    """Two ports of a new channel, which belong to nobody yet."""
    first, second = Port(), Port()
    first.peer, second.peer = second, first
    return first, second


# === messages ===


def _split(transfer: list[Any], source: Any) -> tuple[list[Any], list[Any]]:
    buffers: list[Any] = []
    ports: list[Any] = []
    for one in transfer:
        if isinstance(one, MessagePort):
            if one is source:
                raise refusal("Transfer list contains source port")
            if any(one is other for other in ports):
                raise refusal("Transfer list contains duplicate MessagePort")
            if one.__port__.closed or one.__port__.face is not one:
                raise refusal("MessagePort in transfer list is already detached")
            ports.append(one)
        elif isinstance(one, shim.ArrayBuffer):
            buffers.append(one)
        else:
            raise refusal("Found invalid value in transferList.")
    return buffers, ports


def clone_message(value: Any, transfer: list[Any], source: Any) -> Message:
    """Copies what is to be sent.

    Args:
        value: The value.
        transfer: What goes with it and is gone here: array buffers and ports.
        source: The port that it is sent through, or None.

    Raises:
        napi.Error: Something cannot be cloned or transferred (``DataCloneError``).
    """
    buffers, ports = _split(transfer, source)
    faces = [new_port(one.__port__) for one in ports]
    made = clone(value, buffers, list(zip(ports, faces, strict=True)))
    for old in ports:
        old.__port__.leave()
        old.__port__ = Port()
        old.__port__.closed = True
    return Message(made, faces)


def transfer_list(given: Any) -> list[Any]:
    """The second argument of postMessage: a list, or options that have one."""
    if given is None or given is shim.null:
        return []
    if is_object(given):
        listed = given
        if shim.get(given, shim.Symbol.iterator) is None:
            listed = shim.get(given, "transfer")
            if listed is None:
                return []
        if is_object(listed) and callable(shim.get(listed, shim.Symbol.iterator)):
            return list(iterate(listed))
        what = "Optional options.transfer" if listed is not given else _OPTIONAL
    else:
        what = _OPTIONAL
    text = f"{what} argument must be an iterable"
    raise node_error("TypeError", "ERR_INVALID_ARG_TYPE", text)


_OPTIONAL = "Optional transferList"


def post(port: Port, source: Any, *given: Any) -> None:
    """``postMessage`` of a port."""
    if not given:
        text = "Not enough arguments to MessagePort.postMessage"
        raise node_error("TypeError", "ERR_MISSING_ARGS", text)
    transfer = transfer_list(given[1] if len(given) > 1 else None)
    port.send(clone_message(given[0], transfer, source))


def receive(port: Any) -> Any:
    """The function receiveMessageOnPort: the next message, or undefined."""
    if isinstance(port, MessagePort):
        queue = port.__port__.queue
        message = queue.popleft() if queue and queue[0] is not None else None
        if message is None:
            return None
        made = shim.Object()
        shim.set(made, "message", message.open())
        return made
    text = 'The "port" argument must be a MessagePort instance'
    raise node_error("TypeError", "ERR_INVALID_ARG_TYPE", text)


# === what JavaScript sees ===


def _need(this: Any) -> MessagePort:
    if not isinstance(this, MessagePort):
        raise invalid_type("this", "MessagePort", this)
    return this


def _handlers(this: Any) -> dict[str, Any]:
    return _need(this).__handlers__


class _Prototype:
    @sized(0)
    def postMessage(this: Any, *given: Any) -> None:
        face = _need(this)
        post(face.__port__, face, *given)

    def start(this: Any) -> None:
        _need(this).__port__.start()

    def close(this: Any, callback: Any = None) -> None:
        if callable(callback):
            shim.call(shim.get(this, "once"), this, "close", callback)
        _need(this).__port__.close()

    def ref(this: Any) -> None:
        _need(this).__port__.refer(True)

    def unref(this: Any) -> None:
        _need(this).__port__.refer(False)

    def hasRef(this: Any) -> bool:
        return _need(this).__port__.held


def _not_constructed(*_: Any) -> Any:
    text = "Constructor cannot be called"
    raise node_error("TypeError", "ERR_CONSTRUCT_CALL_INVALID", text)


def _construct_channel(new_target: Any) -> Any:
    made = allocate(MessageChannel, new_target)
    for name, port in zip(("port1", "port2"), connect(), strict=True):
        face = new_port(port)
        port.adopt(face)
        shim.set(made, name, face)
    return made


def _call_channel(this: Any) -> Any:
    text = "Cannot call constructor without `new`"
    raise node_error("TypeError", "ERR_CONSTRUCT_CALL_REQUIRED", text)


def _publish() -> None:
    targets = node_target(lambda face: face.__changed__())
    prototype = shim.create(targets)
    install(prototype, _Prototype, listed=True)
    handlers = event_handlers(_handlers, "message", "messageerror")
    install(prototype, handlers, listed=True)
    tag(prototype, "MessagePort")
    publish(
        MessagePort,
        call=_not_constructed,
        construct=_not_constructed,
        prototype=prototype,
    )
    hidden(prototype, "constructor", MessagePort)
    publish(
        MessageChannel,
        call=_call_channel,
        construct=_construct_channel,
        prototype=shim.Object(),
    )


_publish()

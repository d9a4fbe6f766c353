import pytest

import napi

PUSH, PULL = 8, 7


@pytest.fixture
def m(package):
    return package("zeromq")


def test_library(m):
    assert m.version.split(".")[0] == "4"
    assert m.capability["ipc"] is True


@pytest.fixture
def sockets(m):
    pair = [m.Socket(kind, {"context": m.context}) for kind in (PUSH, PULL)]
    yield pair
    for socket in pair:
        socket.close()
        assert socket.closed is True


def exchange(sockets, address):
    async def main():
        sender, receiver = sockets
        await sender.bind(address)
        receiver.connect(address)
        incoming = receiver.receive()
        await sender.send(["hello", napi.Buffer("wörld".encode())])
        return [bytes(part) for part in await incoming]

    return main


def test_messages(sockets, wait, request):
    address = f"inproc://{request.node.name}"
    main = exchange(sockets, address)
    got = wait(lambda: napi.Promise(lambda done, _: done(main())))
    assert got == [b"hello", "wörld".encode()]


def test_messages_without_awaiting(sockets):
    sender, receiver = sockets
    sender.bind("inproc://plain").result(10)
    receiver.connect("inproc://plain")
    incoming = receiver.receive()
    sender.send(["one", "two"]).result(10)
    assert [bytes(part) for part in incoming.result(10)] == [b"one", b"two"]


def test_options(sockets):
    assert sockets[0].getInt32Option(16) == PUSH


def test_refused_address(sockets, wait):
    with pytest.raises(napi.Error, match="Invalid argument") as info:
        wait(lambda: sockets[0].bind("bogus://"))
    assert (info.value.code, info.value.errno) == ("EINVAL", 22)
    assert info.value.address == "bogus://"


EXIT = """
import sys, napi
m = napi.load(sys.argv[1])
sender, receiver = [m.Socket(kind, {"context": m.context}) for kind in (8, 7)]
bound = sender.bind("inproc://exit")
if sys.argv[2] > "0":
    bound.result(10)
    receiver.connect("inproc://exit")
    incoming = receiver.receive()
if sys.argv[2] > "1":
    sender.send(["one"])
if sys.argv[2] > "2":
    napi.run_once()
"""


@pytest.mark.parametrize("step", range(4))
def test_exit_in_the_middle(child, package, step):
    """Sockets that are in use cannot be finalized: they reject their promises."""
    done = child(EXIT, package("zeromq").__file__, step)
    assert (done.stdout, done.stderr) == ("", "")

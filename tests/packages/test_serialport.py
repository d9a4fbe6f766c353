import os
import pty

import pytest

import napi

OPTIONS = {
    "baudRate": 9600,
    "dataBits": 8,
    "stopBits": 1,
    "parity": "none",
    "rtscts": False,
    "xon": False,
    "xoff": False,
    "xany": False,
    "hupcl": True,
    "lock": True,
}


@pytest.fixture
def m(package):
    return package("@serialport/bindings-cpp")


def settled(function, *args):
    """A promise for the (error, value) that a function calls back with."""
    return napi.Promise(
        lambda done, _: function(*args, lambda *answer: done(list(answer)))
    )


def test_port_that_is_not_there(m, wait):
    error, *_ = wait(lambda: settled(m.open, "/nonexistent/tty", OPTIONS))
    assert str(error).endswith(
        "No such file or directory, cannot open /nonexistent/tty"
    )


def test_terminal(m, wait):
    master, slave = pty.openpty()
    error, descriptor = wait(lambda: settled(m.open, os.ttyname(slave), OPTIONS))
    assert error is napi.null
    os.write(master, b"text\n")
    assert os.read(descriptor, 5) == b"text\n"
    for each in (descriptor, master, slave):
        os.close(each)


def test_poller(m, wait):
    master, slave = pty.openpty()

    def begin():
        def ask(done, _):
            def readable(error, events):
                poller.stop()
                poller.destroy()
                done([error, events])

            poller = m.Poller(master, readable)
            poller.poll(1)
            os.write(slave, b"x")

        return napi.Promise(ask)

    assert wait(begin) == [napi.null, 1]
    os.close(master)
    os.close(slave)

import os
import shutil

import pytest

import napi

NAME = "@lydell/node-pty-linux-x64"
SHELL = shutil.which("sh")
ENVIRONMENT = ["FOO=bar", f"PATH={os.environ.get('PATH', os.defpath)}"]


@pytest.fixture
def m(package):
    return package(NAME)


@pytest.fixture
def fork(m, answer):
    """fork(script): what it wrote to its terminal, its exit code and signal."""
    opened = []

    def run(script, file=SHELL, size=(80, 24)):
        args = napi.Array(["-c", script])
        environment = napi.Array(ENVIRONMENT)

        def start(done):
            terminal = m.fork(
                *(file, args, environment, "/", *size, -1, -1, True, "", done)
            )
            assert terminal["pid"] > 0
            assert terminal["pty"].startswith("/dev/pts/")
            opened.append(terminal["fd"])

        end = answer(start)
        return read_all(opened[-1]), end

    yield run
    for descriptor in opened:
        os.close(descriptor)


def read_all(descriptor):
    os.set_blocking(descriptor, False)
    parts = []
    try:
        while part := os.read(descriptor, 1000):
            parts.append(part)
    except OSError:  # nobody holds the other side any more
        pass
    return b"".join(parts).decode()


@pytest.mark.parametrize(
    ("script", "text", "end"),
    [
        ("echo hi $FOO; exit 3", "hi bar\r\n", (3, 0)),
        ("kill -9 $$", "", (0, 9)),
        ("pwd", "/\r\n", (0, 0)),
    ],
)
def test_fork(fork, script, text, end):
    assert fork(script) == (text, end)


def test_size(fork):
    assert fork("stty size", size=(100, 50)) == ("50 100\r\n", (0, 0))


def test_no_such_program(fork):
    _, end = fork("", file="/nonexistent")
    assert end == (1, 0)


def test_open_and_resize(m):
    made = m.open(80, 24)
    master, slave = made["master"], made["slave"]
    assert os.ttyname(slave) == made["pty"]
    assert os.get_terminal_size(slave) == (80, 24)
    assert m.resize(master, 100, 50) is None
    assert os.get_terminal_size(slave) == (100, 50)
    os.close(slave)
    os.close(master)


def test_errors(m):
    with pytest.raises(napi.Error, match=r"Usage: pty\.fork"):
        m.fork()
    with pytest.raises(napi.Error, match=r"ioctl\(2\) failed, EBADF"):
        m.resize(-1, 10, 10)


FORK = f"""
def fork(script, done):
    return m.fork({SHELL!r}, ["-c", script], {ENVIRONMENT!r}, "/", 80, 24, -1, -1,
                  True, "", done)
"""


@pytest.mark.parametrize(
    "code",
    [
        "m.open(80, 24)",
        f"{FORK}fork('exit 3', print); napi.run(10)",
        f"{FORK}fork('exit 3', print)",
        f"{FORK}fork('sleep 1', print)",
        f"{FORK}[fork('sleep 1', print) for _ in range(5)]; napi.run_once()",
    ],
)
def test_leaves_the_interpreter_cleanly(ends, code):
    ends(NAME, code)

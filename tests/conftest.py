"""Fixtures of the whole suite: compiled addons, child processes, strict build."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios

import hypothesis
import pytest
from places import ROOT, build_addon

import napi
from napi._native import is_strict

hypothesis.settings.register_profile("dev", max_examples=50, deadline=None)
hypothesis.settings.register_profile(
    "ci", max_examples=300, deadline=None, derandomize=True
)
hypothesis.settings.register_profile("night", max_examples=5000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


def pytest_configure():
    """A job in the background is started with SIGINT ignored; Ctrl-C is tested."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def addon():
    """addon(name, version=None, experimental=False, fresh=False): napi.Module."""

    def load(name, version=None, experimental=False, fresh=False):
        path = build_addon(name, version, experimental)
        return napi.load(path, fresh=fresh)

    return load


@pytest.fixture(scope="module")
def view(addon):
    """The fixture of typed arrays, buffers and data views, ready to be asked."""
    module = addon("view")
    module.set_up()
    return module


@pytest.fixture(scope="session")
def addon_path():
    """addon_path(name, ...): where the compiled addon is, for child processes."""
    return build_addon


@pytest.fixture
def child():
    """child(code, *args): runs Python code in a process of its own, 60 s at most."""

    def run(code, *args, timeout=60, check=True):
        done = subprocess.run(
            [sys.executable, "-c", code, *map(str, args)],
            capture_output=True,
            text=True,
            timeout=timeout,
            cwd=ROOT,
        )
        if check:
            assert done.returncode == 0, done.stderr
        return done

    return run


@pytest.fixture
def in_terminal():
    """in_terminal(*words, **environ): status and all that a terminal got of napi."""

    def run(*words, **environ):
        mine, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        process = subprocess.Popen(
            [sys.executable, "-m", "napi", *map(str, words)],
            stdin=its,
            stdout=its,
            stderr=its,
            env={**os.environ, "TERM": "xterm-256color", **environ},
            start_new_session=True,
        )
        os.close(its)
        said = b""
        with contextlib.suppress(OSError):  # EIO when the other end is closed
            while select.select([mine], [], [], 60)[0]:
                said += os.read(mine, 65536)
        os.close(mine)
        return process.wait(60), said.decode()

    return run


@pytest.fixture
def recorded_reports():
    """For tests of misuse: the strict build records and does not raise."""
    from napi._native import shim

    shim.reports(keep=True)
    yield lambda: shim.reports()
    shim.reports(keep=False)


@pytest.fixture
def strict_only():
    """Skips in the release build, which cannot see what the test provokes."""
    if not is_strict():
        pytest.skip("only the strict build reports this misuse")

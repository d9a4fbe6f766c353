"""The pytest plugin: fixtures for tests of addons, and what each test may be asked.

Installing napi installs it. pytest imports it in every project of the environment:
nothing of napi is loaded before a test or an option asks for it.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path
from typing import Any

import pytest

__all__: list[str] = []

_SWITCHES = {
    "--napi-strict": "misuse of Node-API fails the test that causes it",
    "--napi-leaks": "a test that leaves an addon with more than it had fails",
    "--napi-faults": "each test runs again for each of its calls of Node-API, which "
    "fails then: crashes, hangs and leaks fail the test",
}
_FILES = {
    "--napi-trace": "write each call of Node-API as a line of JSON; `napi trace` reads",
    "--napi-cover": "write which function answered which status: .json, .html or .txt",
}
# What only the strict build can do.
_STRICT = ("--napi-strict", "--napi-faults", *_FILES)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of the group "napi"."""
    group = parser.getgroup("napi", "addons of Node-API")
    for name, text in _SWITCHES.items():
        group.addoption(name, action="store_true", help=text)
    for name, text in _FILES.items():
        group.addoption(name, metavar="FILE", help=text)


def pytest_configure(config: pytest.Config) -> None:
    """Chooses the build before any addon is loaded; in workers of xdist, too."""
    config.addinivalue_line(
        "markers",
        "napi_leaks(ignore=()): what a test may leave behind under --napi-leaks: "
        "kinds, keys of napi.testing.counters(); ignore='all' for no check",
    )
    asked = [name for name in _STRICT if config.getoption(name)]
    if asked:
        from napi import testing

        try:
            testing.strict()
        except RuntimeError as error:
            raise pytest.UsageError(f"{asked[0]}: {error}") from None
    for name, kind in (("--napi-trace", _Trace), ("--napi-cover", _Cover)):
        file = config.getoption(name)
        if file:
            config.pluginmanager.register(kind(config, Path(file)), f"napi{name}")


def _worker(config: pytest.Config) -> str:
    """The name of this worker of xdist; empty in the process that the user started."""
    return str(getattr(config, "workerinput", {}).get("workerid", ""))


class _Trace:
    """Traces the whole session; each worker has a file of its own: FILE.gw0."""

    def __init__(self, config: pytest.Config, file: Path) -> None:
        worker = _worker(config)
        self.file = file.with_name(f"{file.name}.{worker}") if worker else file
        self.stack = ExitStack()

    def pytest_sessionstart(self) -> None:
        from napi import testing

        self.file.write_bytes(b"")
        self.stack.enter_context(testing.tracing(self.file))

    def pytest_sessionfinish(self) -> None:
        self.stack.close()


class _Cover:
    """Adds up what this process and the workers have seen."""

    def __init__(self, config: pytest.Config, file: Path) -> None:
        self.file = file
        self.output: dict[str, Any] | None = getattr(config, "workeroutput", None)
        self.workers: list[Any] = []

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.workers += getattr(node, "workeroutput", {}).get("napi_cover", [])

    def pytest_sessionfinish(self) -> None:
        from napi import testing

        total = testing.coverage()
        if self.output is not None:
            counts = total.counts.items()
            self.output["napi_cover"] = [[*key, count] for key, count in counts]
            return
        for name, status, count in self.workers:
            total += testing.Coverage({(name, status): count})
        total.save(self.file)


def _ignored(item: pytest.Item) -> Any:
    marker = item.get_closest_marker("napi_leaks")
    return () if marker is None else marker.kwargs.get("ignore", ())


def _check(item: pytest.Item) -> AbstractContextManager[None]:
    """The leak check of one test, where it wants one."""
    wanted = item.config.getoption("--napi-leaks")
    wanted = wanted or "leakcheck" in getattr(item, "fixturenames", ())
    ignore = _ignored(item)
    if not wanted or ignore == "all":
        return nullcontext()
    from napi.testing.leaks import leakcheck

    return leakcheck(ignore=ignore)


def _fail_of_reports(when: str) -> None:
    """What was reported with no call of Python to raise it from."""
    from napi import testing

    found = testing.reports()
    if found:
        lines = "\n".join(found)
        pytest.fail(f"the strict build reports {when}:\n{lines}", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Before fixtures are torn down, which close the environments."""
    __tracebackhide__ = True
    with _check(item):
        result = yield
    if item.config.getoption("--napi-faults"):
        from napi import testing

        testing.exhaust(item.runtest).check()
    if item.config.getoption("--napi-strict"):
        _fail_of_reports("in the test")
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """Finalizers and hooks that ran at the end of an environment."""
    result = yield
    if item.config.getoption("--napi-strict"):
        _fail_of_reports("at the end of the test")
    return result


@pytest.fixture
def napi_env() -> Iterator[Any]:
    """A ``napi.Environment`` of this test: what it loads is torn down with it."""
    import napi

    with napi.Environment() as env:
        yield env


def _build_place(config: pytest.Config, made_of: str) -> Path:
    """Where an addon of single files is compiled, from one run of pytest to another."""
    name = f"napi-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}"
    cache = getattr(config, "cache", None)
    if cache is None:  # -p no:cacheprovider
        return Path(tempfile.gettempdir()) / f"{name}-{os.getuid()}"
    return Path(cache.mkdir(name))


@pytest.fixture(scope="session")
def _napi_built() -> dict[str, Path]:
    """What was built in this run: to ask the tools again costs a second a test."""
    return {}


@pytest.fixture
def addon(
    napi_env: Any, request: pytest.FixtureRequest, _napi_built: dict[str, Path]
) -> Callable[..., Any]:
    """``addon(what, **options)``: a fresh ``napi.Module`` for this test.

    ``what`` is a ``.node`` file, a directory with a ``binding.gyp``, or one or several
    C and C++ files, relative to the test's own directory. Options are those of
    ``napi.testing.build``; ``debug=True`` is one already, so that reports have source
    lines. It is built once a run, and what is up to date is not compiled again.
    """
    here = Path(str(request.path)).parent

    def load(what: Any = ".", **options: Any) -> Any:
        one = isinstance(what, (str, bytes, os.PathLike))
        paths = [here / os.fsdecode(name) for name in ([what] if one else what)]
        if one and paths[0].suffix == ".node":
            return napi_env.load(paths[0])
        from napi import testing

        options = {"debug": True, **options}
        key = repr((paths, sorted(options.items())))
        if key not in _napi_built:
            source: Any = paths
            if paths[0].is_dir():
                (source,) = paths
            else:
                options = {"out": _build_place(request.config, key), **options}
            _napi_built[key] = testing.build(source, **options)
        return napi_env.load(_napi_built[key])

    return load


@pytest.fixture
def leakcheck() -> Callable[..., AbstractContextManager[None]]:
    """Checks the whole test that asks for it; called in a ``with``, a part of it."""
    from napi import testing

    check: Callable[..., AbstractContextManager[None]] = testing.leakcheck
    return check

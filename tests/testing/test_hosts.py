"""Other hosts than this one: versions, buffers, finalizers, exceptions."""

import gc

import pytest

import napi
from napi import testing
from napi._native import is_strict, shim
from napi.testing.hosts import NODE_API, api_of_node

strict_only = pytest.mark.skipif(not is_strict(), reason="the release build has none")


@pytest.mark.skipif(is_strict(), reason="the strict build has it")
def test_release_build_says_what_is_needed():
    with pytest.raises(RuntimeError, match="NAPI_STRICT=1"):
        testing.host(api=8).__enter__()


@pytest.mark.parametrize(
    ("node", "api"),
    [
        ("26.10.0", 10),
        ("22.14.0", 10),
        ("22.13.9", 9),
        ("v21.0.0", 9),
        ("20.2", 8),
        ("18", 8),
        ("18.17", 9),
        ("19.9.0", 8),
        ("16.4.0", 8),
        ("15.11.0", 7),
        ("13.0.0", 5),
        ("8.6.0", 1),
        ("6.14.2", 3),
    ],
)
def test_node_has_its_version_of_node_api(node, api):
    assert api_of_node(node) == api


@pytest.mark.parametrize("node", ["", "x", "1.2.3.4", "4.0.0", "8.5.9"])
def test_node_without_node_api_is_refused(node):
    with pytest.raises(ValueError, match="Node"):
        api_of_node(node)


@strict_only
@pytest.mark.parametrize(
    "options", [{"api": 0}, {"api": 11}, {"node": "y"}, {"finalizers": "never"}]
)
def test_host_that_cannot_be_is_refused(options):
    with pytest.raises(ValueError), testing.host(**options):  # noqa: PT011
        pass


@strict_only
@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({"node": "16.4"}, ["v16.4.0", "16.4.0", "93", "8", "8"]),
        ({"node": "22.14.0"}, ["v22.14.0", "22.14.0", "127", "10", "10"]),
        ({"api": 7}, ["v26.10.0", "26.10.0", "147", "7", "7"]),
        ({"node": "18.17.0", "api": 6}, ["v18.17.0", "18.17.0", "108", "6", "6"]),
        ({"external_buffers": False}, ["v26.10.0", "26.10.0", "147", "10", "10"]),
    ],
)
def test_process_tells_what_the_host_is(options, wanted):
    def told():
        process = shim.get(shim.get_global(), "process")
        versions = process.versions
        config = process.config.variables.napi_build_version
        return [process.version, versions.node, versions.modules, versions.napi, config]

    usual = told()
    with testing.host(**options):
        assert told() == wanted
    assert told() == usual == ["v26.10.0", "26.10.0", "147", "10", "10"]


@strict_only
def test_versions_are_told(addon):
    module = addon("watch")
    usual = list(module.versions())
    assert usual[0] == max(NODE_API)
    with testing.host(node="16.4.2"):
        assert list(module.versions()) == [8, 16, 4, 2]
    with testing.host(api=9):
        assert list(module.versions()) == [9, *usual[1:]]
    assert list(module.versions()) == usual


@strict_only
def test_module_of_a_newer_version_is_refused(addon_path):
    path = addon_path("watch", version=9)
    with testing.host(api=8), pytest.raises(napi.ModuleVersionError, match="up to 8"):
        napi.load(path, fresh=True)
    with testing.host(api=9):
        assert napi.load(path, fresh=True).keys({"a": 1}) == ["a"]


@strict_only
def test_function_that_came_later_is_missing(addon_path):
    path = addon_path("threadsafe")
    with (
        testing.host(node="8.10.0"),
        pytest.raises(napi.UnknownFunctionError) as raised,
    ):
        napi.load(path, fresh=True)
    assert "napi_create_threadsafe_function" in raised.value.symbols
    assert napi.load(path, fresh=True)


@strict_only
def test_external_buffers_are_refused(addon):
    module = addon("watch")
    before = testing.coverage()
    with testing.host(external_buffers=False):
        assert bytes(module.buffer(2)) == b"\7\7"
    grown = testing.coverage() - before
    assert grown.counts["napi_create_external_buffer", 22] == 1


@strict_only
def test_late_finalizers_wait_for_the_end(addon):
    module = addon("watch")
    with testing.host(finalizers="late"):
        for _ in range(5):
            module.buffer(1)
        module.greet("you")
        assert testing.counters(module)["queued_finalizers"] == 5
    assert testing.counters(module)["queued_finalizers"] == 0


@strict_only
def test_late_finalizers_run_at_the_teardown(child, addon_path):
    code = """
import sys, napi
from napi import testing
module = napi.load(sys.argv[1])
kept = testing.host(finalizers="late")
kept.__enter__()
for _ in range(5):
    module.buffer(1000)
print(testing.counters(module)["queued_finalizers"])
"""
    assert child(code, addon_path("watch")).stdout == "5\n"


@strict_only
def test_eager_finalizers_find_cycles(addon):
    module = addon("watch")

    def knot():
        made = napi.Object(buffer=module.buffer(1))
        made["self"] = made

    gc.collect()
    usual = gc.get_threshold()
    gc.set_threshold(0)
    try:
        before = testing.counters(module)["finalizers"]
        knot()
        module.greet("you")
        assert testing.counters(module)["finalizers"] == before + 1
        with testing.host(finalizers="eager"):
            module.greet("you")
            assert testing.counters(module)["finalizers"] == before
    finally:
        gc.set_threshold(*usual)


@strict_only
def test_old_policy_drops_exceptions_of_callbacks(addon):
    module = addon("threadsafe", version=8, fresh=True)

    def fail(*_):
        raise ValueError("planted")

    def once():
        module.create(fail, 0)
        module.push(1)
        module.release()
        napi.run()

    with pytest.raises(ValueError, match="planted"):
        once()
    with (
        testing.host(uncaught_policy=False),
        pytest.warns(RuntimeWarning, match="uncaught-exceptions-policy"),
    ):
        once()

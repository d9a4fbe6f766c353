"""The wrappers around Node-API: what they see, what they leave alone."""

import importlib.util
import subprocess

import pytest

import napi
from napi._native import is_strict, shim
from napi.testing.abi import functions

strict_only = pytest.mark.skipif(not is_strict(), reason="the release build has none")


@pytest.fixture(autouse=True)
def _clean():
    yield
    if is_strict():
        shim.watch_clear()
        shim.watch_sequence(False)


@pytest.fixture(scope="module")
def sample(addon):
    return addon("watch")


def symbols(build):
    spec = importlib.util.find_spec(build)
    command = ["nm", "--defined-only", spec.origin]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    words = [line.split() for line in done.stdout.splitlines()]
    return {name: kind for _, kind, name in words}


def test_release_build_has_no_wrappers():
    found = symbols("napi._shim")
    assert set(functions()) <= set(found)
    assert not {f"{name}_body" for name in functions()} & set(found)
    assert not {"watch_enter_env", "watch_leave", "watch_functions"} & set(found)


def test_wrappers_are_exported_and_bodies_are_hidden():
    found = symbols("napi._shim_strict")
    assert {found[name] for name in functions()} == {"T"}
    assert {found[f"{name}_body"] for name in functions()} == {"t"}


@pytest.mark.skipif(is_strict(), reason="the strict build has a watch")
def test_release_module_has_no_functions_for_it():
    names = [name for name in dir(shim) if name.startswith("watch_")]
    assert names == ["watch_collector"]


@strict_only
def test_calls_of_an_addon_are_counted(sample):
    shim.watch_clear()
    before = shim.watch_coverage()
    assert shim.watch_count() == 0
    shim.watch_sequence(True)
    assert sample.greet("you").length == 3
    sequence = shim.watch_sequence(False)
    assert sequence == [
        "napi_get_cb_info",
        "napi_get_value_string_utf8",
        "napi_create_object",
        "napi_create_string_utf8",
        "napi_set_named_property",
        "napi_create_double",
        "napi_set_named_property",
    ]
    assert shim.watch_count() == len(sequence)
    after = shim.watch_coverage()
    grown = {key: count - before.get(key, 0) for key, count in after.items()}
    assert {key: count for key, count in grown.items() if count} == {
        (name, 0): sequence.count(name) for name in sequence
    }


@strict_only
def test_calls_among_functions_are_not_counted(sample):
    shim.watch_sequence(True)
    assert sample.keys({"a": 1, "b": 2}) == ["a", "b"]
    assert shim.watch_sequence(False) == ["napi_get_cb_info", "napi_get_property_names"]


@strict_only
def test_calls_of_nested_callbacks_are_counted(sample):
    shim.watch_sequence(True)
    assert sample.apply(sample.apply, sample.keys, {"k": 1}) == ["k"]
    sequence = shim.watch_sequence(False)
    assert sequence.count("napi_call_function") == 2
    assert sequence.count("napi_get_property_names") == 1


@strict_only
def test_statuses_that_fail_are_counted(sample):
    with pytest.raises(napi.Error, match="status 3"):
        sample.greet(5)
    assert shim.watch_coverage()["napi_get_value_string_utf8", 3] > 0


@strict_only
def test_errors_name_the_function_and_not_its_body(sample):
    with pytest.raises(Exception) as raised:  # noqa: PT011
        sample.greet(5)
    assert "_body" not in str(raised.value)


@strict_only
def test_coverage_can_begin_anew(sample):
    sample.greet("x")
    assert shim.watch_coverage(True)
    assert shim.watch_coverage() == {}


@strict_only
@pytest.mark.parametrize("names", [None, "napi_create_object", ["napi_create_object"]])
def test_fault_strikes_once(sample, names):
    nth = 3 if names is None else 1
    fault = shim.watch_fault(names, nth, 9)
    with pytest.raises(napi.Error, match=r"napi_create_object.*status 9"):
        sample.greet("you")
    assert sample.greet("you").text == "hello, you"
    assert shim.watch_unfault(fault) > 1
    assert shim.watch_unfault(fault) == -1


@strict_only
def test_fault_of_each_call_lasts_until_it_is_cleared(sample):
    shim.watch_fault("napi_create_object", 0, 9)
    for _ in range(3):
        with pytest.raises(napi.Error, match="status 9"):
            sample.greet("you")
    shim.watch_clear()
    assert sample.greet("you").length == 3


@strict_only
@pytest.mark.parametrize("thrown", [ValueError("planted"), napi.Error("planted")])
def test_fault_leaves_its_exception(sample, thrown):
    shim.watch_fault("napi_create_object", 1, 10, thrown)
    with pytest.raises(type(thrown), match="planted") as raised:
        sample.greet("you")
    assert raised.value is thrown


@strict_only
@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("napi_no_such", 1, 9), ValueError),
        ((None, 1, 0), ValueError),
        ((None, 1, 99), ValueError),
        ((5, 1, 9), TypeError),
        (([5], 1, 9), TypeError),
    ],
)
def test_fault_that_cannot_be_is_refused(arguments, error):
    with pytest.raises(error):
        shim.watch_fault(*arguments)

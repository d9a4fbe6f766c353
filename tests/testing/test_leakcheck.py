"""napi.testing.leakcheck and its reports (napi/testing/leaks.py)."""

import re

import pytest

import napi
from napi import testing
from napi._native import is_strict


@pytest.fixture
def m(addon_path):
    with napi.Environment() as env:
        yield env.load(addon_path("reference", version=10))


def leak(m, times=1, count=1):
    return [m.create(napi.Object(), count) for _ in range(times)]


def test_what_is_given_back_is_no_leak(m):
    with testing.leakcheck(m):
        m.drop(*leak(m))


@pytest.mark.parametrize(("count", "kind"), [(1, "strong"), (0, "weak")])
@pytest.mark.parametrize("of", [True, False], ids=["module", "all"])
def test_a_leak_has_kind_count_and_addon(m, count, kind, of):
    with pytest.raises(testing.LeakError) as info, testing.leakcheck(m if of else None):
        leak(m, 3, count)
    (found,) = info.value.leaks
    assert (found.kind, found.count, found.addon) == (kind, 3, m.__file__)


def test_a_leak_has_its_place(m, strict_only):
    with pytest.raises(testing.LeakError) as info, testing.leakcheck(m):
        leak(m, 2)
    ((site, count),) = info.value.leaks[0].sites
    assert count == 2
    assert site.function == "napi_create_reference"
    assert site.python[0].name == "<listcomp>" or site.python[0].name == "leak"
    assert site.native[0].file == m.__file__
    assert re.search(r"create at .*reference\.c:\d+", str(site.native[0]))
    assert "test_leakcheck.py" in str(info.value)


def test_the_release_build_says_who_knows_more(m):
    with pytest.raises(testing.LeakError) as info, testing.leakcheck(m):
        leak(m)
    assert ("--napi-strict" in str(info.value)) is not is_strict()


def test_what_is_ignored(m):
    with testing.leakcheck(m, ignore=["strong"]):
        leak(m)


def test_an_environment_that_was_loaded_meanwhile(m, addon_path):
    with (
        pytest.raises(testing.LeakError, match="2 strong"),
        napi.Environment() as env,
        testing.leakcheck(),
    ):
        leak(env.load(addon_path("reference", version=10)), 2)


def test_the_error_of_the_body_comes_through(m):
    with pytest.raises(ZeroDivisionError), testing.leakcheck(m):
        assert not leak(m) or 1 / 0


def test_a_cache_is_no_leak_of_repeated_calls(m):
    kept = []

    def once():
        if not kept:
            kept.extend(leak(m))

    testing.check_calls(once)
    with pytest.raises(testing.LeakError, match="10 strong"):
        testing.check_calls(leak, m)


def test_what_python_still_holds_counts(m, strict_only):
    kept = []

    def keep_two():
        kept.extend(leak(m, 2))
        for one in kept:
            m.drop(one)

    with pytest.raises(testing.LeakError) as info, testing.leakcheck(m):
        keep_two()
    assert [found.what for found in info.value.leaks] == ["2 externals"]

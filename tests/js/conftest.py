"""Tests of JavaScript need the parser of the extra napi[js]."""

import pytest

collect_ignore_glob = []

try:
    import esprima

    HAS_PARSER = isinstance(esprima.__version__, tuple) and esprima.__version__ >= (5,)
except ImportError:
    HAS_PARSER = False

if not HAS_PARSER:
    collect_ignore_glob.append("test_language*.py")


@pytest.fixture
def run():
    """Evaluates a text in a function of its own, so that no name is left behind."""
    import napi.js

    def evaluate(source, **names):
        return napi.js.eval(source, **{"_": None, **names})

    return evaluate


@pytest.fixture(autouse=True)
def _globals_stay():
    """What a script leaves in globalThis is taken away: other tests look there."""
    from napi._native import shim

    realm = shim.get_global()
    before = set(shim.own_keys(realm))
    yield
    for key in shim.own_keys(realm):
        if key not in before:
            assert shim.delete(realm, key), f"{key} stays in globalThis"

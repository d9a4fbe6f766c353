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

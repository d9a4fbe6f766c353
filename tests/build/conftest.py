"""What a binding.gyp asks `node` needs the parser of napi[js]."""

import importlib.util
import sys

import pytest


@pytest.fixture(scope="session")
def javascript():
    """Skips where there can be no parser: CPython 3.10."""
    if sys.version_info < (3, 11) and importlib.util.find_spec("esprima") is None:
        pytest.skip("JavaScript needs Python 3.11")

"""Expressions of built-ins give what they gave under Node.

``builtins_values.json`` holds, by topic, the source of each expression and what
:data:`SHOW` made of its value there, or of what it threw.
"""

import json
import os
import time
from pathlib import Path

import pytest

js = pytest.importorskip("napi.js", reason="the compiler of JavaScript is not there")
pytest.importorskip("regress", reason="the extra napi[js] is not installed")
pytest.importorskip("ada_url", reason="the extra napi[js] is not installed")

RECORD = json.loads(Path(__file__).with_name("builtins_values.json").read_text())
SHOW = """(source => {
  const show = v => {
    if (typeof v === 'string') return JSON.stringify(v);
    if (typeof v === 'bigint') return v + 'n';
    if (Object.is(v, -0)) return '-0';
    if (Array.isArray(v)) return '[' + v.map(show).join(', ') + ']';
    if (v instanceof Error) return v.name + ': ' + v.message;
    return String(v);
  };
  try { return show((0, eval)('(' + source + ')')); }
  catch (e) { return 'throws ' + show(e); }
})"""


@pytest.fixture(scope="module")
def show():
    zone = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    yield js.eval(SHOW)
    if zone is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = zone
    time.tzset()


CASES = [(topic, *case) for topic, cases in RECORD.items() for case in cases]


@pytest.mark.parametrize(("topic", "source", "expected"), CASES)
def test_an_expression_gives_what_it_gives_under_node(show, topic, source, expected):
    assert show(source) == expected

"""globalThis.JSON: ECMA-262's JSON."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import napi


@pytest.fixture(scope="module")
def parse():
    return napi.globalThis["JSON"].parse


@pytest.fixture(scope="module")
def stringify():
    return napi.globalThis["JSON"].stringify


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (napi.null, "null"),
        (True, "true"),
        (1.0, "1"),
        (-0.0, "0"),
        (1e21, "1e+21"),
        (1e-7, "1e-7"),
        (0.1, "0.1"),
        (math.nan, "null"),
        (math.inf, "null"),
        ('a"\\\n\x01', '"a\\"\\\\\\n\\u0001"'),
        ("\ud800x\U0001f600é", '"\\ud800x\U0001f600é"'),
        ([None, lambda: 0, 1], "[null,null,1]"),
        ({"b": 1, "a": None}, '{"b":1}'),
        (napi.Object(x=napi.Array([{}, []])), '{"x":[{},[]]}'),
        (napi.Symbol("s"), None),
        (napi.Date(0), '"1970-01-01T00:00:00.000Z"'),
        (napi.Date(math.nan), "null"),
        (napi.Map([(1, 2)]), "{}"),
    ],
)
def test_stringify(stringify, value, text):
    assert stringify(value) == text


def test_stringify_indents(stringify):
    value = {"a": [1, {}], "b": {"c": []}}
    assert stringify(value, None, 2) == json.dumps(value, indent=2)
    assert stringify([1], None, "-->") == "[\n-->1\n]"
    assert stringify([1], None, 99) == f"[\n{' ' * 10}1\n]"
    assert stringify([1], None, 0) == "[1]"


def test_stringify_replaces(stringify):
    def double(key, value):
        return value * 2 if isinstance(value, int) else value

    assert stringify({"a": 1, "b": [2]}, double) == '{"a":2,"b":[4]}'
    assert stringify({"a": 1, "b": 2, "1": 3}, ["b", 1, "b"]) == '{"b":2,"1":3}'


def test_stringify_asks_to_json(stringify):
    seen = []

    def to_json(key):
        seen.append(key)
        return 7

    assert stringify(napi.Object(k=napi.Object(toJSON=to_json))) == '{"k":7}'
    assert seen == ["k"]


def test_stringify_refuses(stringify):
    cycle = napi.Object()
    cycle["self"] = napi.Array([cycle])
    with pytest.raises(napi.TypeError, match="circular"):
        stringify(cycle)
    with pytest.raises(napi.TypeError, match="BigInt"):
        stringify([napi.BigInt(1)])


def test_parse_makes_javascript_values(parse):
    value = parse(
        ' {"a": [null, true, -0, 1e2, 12345678901234567890], "10": 1, "9": 2} '
    )
    assert type(value) is napi.Object
    assert type(value["a"]) is napi.Array
    null, true, zero, hundred, big = value["a"]
    assert null is napi.null
    assert true is True
    assert math.copysign(1, zero) == -1
    assert type(hundred) is int
    assert type(big) is float
    assert parse('{"a":1,"a":2}') == {"a": 2}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Unexpected end of JSON input"),
        ('{"a":1', "Expected ',' or '}' after property value in JSON at position 6"),
        ("{x}", "Expected property name or '}' in JSON at position 1"),
        ("[1,]", "is not valid JSON"),
        ("NaN", "is not valid JSON"),
        ("'a'", "Unexpected token '''"),
        ("01", "Unexpected number in JSON at position 1"),
        ('"\n"', "Bad control character in string literal in JSON at position 1"),
    ],
)
def test_parse_refuses(parse, text, message):
    with pytest.raises(napi.SyntaxError) as caught:
        parse(text)
    assert message in str(caught.value)


def test_parse_revives(parse):
    def revive(key, value):
        return None if key == "gone" else value + 1 if isinstance(value, int) else value

    assert parse('{"gone": 1, "kept": [1]}', revive) == {"kept": [2]}


PLAIN = st.recursive(
    st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(PLAIN)
def test_round_trip(value):
    realm = napi.globalThis
    text = realm["JSON"].stringify(value)
    parsed = json.loads(text, parse_int=float)
    assert parsed == value
    assert napi.to_python(realm["JSON"].parse(text)) == parsed

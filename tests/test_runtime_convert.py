"""napi.to_python: plain Python data."""

import datetime
import math

import pytest

import napi


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (napi.null, None),
        (None, None),
        (1, 1),
        (1.5, 1.5),
        ("s", "s"),
        (napi.BigInt(7), 7),
        (napi.Object(a=napi.null), {"a": None}),
        (napi.Array([1, napi.null]), [1, None]),
        ((1, 2), [1, 2]),
        ({"a": napi.Array([])}, {"a": []}),
        (napi.Map([("k", napi.Object(a=1))]), {"k": {"a": 1}}),
        (napi.Set([1, "x"]), {1, "x"}),
        (
            napi.Date(0),
            datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc),
        ),
        (napi.Date(math.nan), None),
    ],
)
def test_values(value, plain):
    made = napi.to_python(value)
    assert made == plain
    assert type(made) is type(plain)


def test_buffers():
    assert napi.to_python(napi.Uint8Array([1, 2])) == [1, 2]
    assert napi.to_python(napi.ArrayBuffer(2)) == b"\0\0"
    assert napi.to_python(napi.Float64Array([1.5])) == [1.5]


def test_what_is_no_data_stays():
    def function():
        pass

    symbol, error = napi.Symbol("s"), napi.Error("e")
    made = napi.to_python(napi.Array([function, symbol, error]))
    assert made == [function, symbol, error]


def test_cycles_and_shared_parts():
    shared = napi.Array([1])
    value = napi.Object(a=shared, b=shared)
    value["self"] = value
    made = napi.to_python(value)
    assert made["self"] is made
    assert made["a"] is made["b"]
    assert type(made) is dict


def test_depth_is_free():
    value = napi.Array()
    innermost = value
    for _ in range(50_000):
        inner = napi.Array()
        innermost.append(inner)
        innermost = inner
    made = napi.to_python(value)
    depth = 0
    while made:
        (made,) = made
        depth += 1
    assert depth == 50_000


def test_keys_that_cannot_be_hashed():
    with pytest.raises(TypeError):
        napi.to_python(napi.Map([(napi.Array([1]), 2)]))

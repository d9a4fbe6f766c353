"""The coercions of ECMA-262 7.1: napi/shim/value_coerce.c, value_number_text.c."""

import datetime
import decimal
import fractions
import math
import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import napi
from napi._native import shim

BOOL, NUMBER, STRING, OBJECT = range(4)


@pytest.fixture(scope="module")
def m(addon):
    return addon("value_coerce")


class Text(str):
    pass


class Named(Exception):
    pass


def f():
    pass


STRINGS = [
    (None, "undefined"),
    (napi.null, "null"),
    (True, "true"),
    (False, "false"),
    (np.bool_(True), "true"),
    (0, "0"),
    (-0.0, "0"),
    (-5, "-5"),
    (2**53 - 1, "9007199254740991"),
    (1.0, "1"),
    (0.1, "0.1"),
    (123.456, "123.456"),
    (1e21, "1e+21"),
    (1e20, "100000000000000000000"),
    (123456789012345680000.0, "123456789012345680000"),
    (1.5e300, "1.5e+300"),
    (1e-6, "0.000001"),
    (1.25e-6, "0.00000125"),
    (1e-7, "1e-7"),
    (1.5e-10, "1.5e-10"),
    (5e-324, "5e-324"),
    (1.7976931348623157e308, "1.7976931348623157e+308"),
    (-1e-7, "-1e-7"),
    (math.nan, "NaN"),
    (math.inf, "Infinity"),
    (-math.inf, "-Infinity"),
    (np.float32(0.5), "0.5"),
    (np.int8(-3), "-3"),
    (decimal.Decimal("2.50"), "2.5"),
    (2**70, str(2**70)),
    (napi.BigInt(-5), "-5"),
    (napi.BigInt(10**5000), "1" + "0" * 5000),
    (np.int64(2**60), str(2**60)),
    ("text", "text"),
    (Text("text"), "text"),
    ("\ud800", "\ud800"),
    ([], ""),
    ([1, [2, 3], None, napi.null, "x"], "1,2,3,,,x"),
    ((1, 2), "1,2"),
    (napi.Array([1, 2]), "1,2"),
    ({}, "[object Object]"),
    (napi.Object(a=1), "[object Object]"),
    (object(), "[object Object]"),
    (f, "function f() { [native code] }"),
    (len, "function len() { [native code] }"),
    (ValueError("wrong"), "ValueError: wrong"),
    (ValueError(), "ValueError"),
    (Named("x"), "Named: x"),
    (napi.Error("wrong"), "Error: wrong"),
    (napi.TypeError(""), "TypeError"),
]


@pytest.mark.parametrize(("value", "expected"), STRINGS, ids=lambda v: repr(v)[:30])
def test_to_string(m, value, expected):
    made = m.coerce(STRING, value)
    assert made == expected
    assert isinstance(made, str)


def ecma_text(number):
    """Number::toString of ECMA-262 6.1.6.1.20, from the digits of repr()."""
    if number != number:
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == 0:
        return "0"
    sign, digits, exponent = decimal.Decimal(repr(number)).as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    exponent += len(text) - len(text.rstrip("0"))
    text = text.rstrip("0")
    k, n = len(text), len(text) + exponent
    minus = "-" if sign else ""
    if k <= n <= 21:
        return minus + text + "0" * (n - k)
    if 0 < n <= 21:
        return f"{minus}{text[:n]}.{text[n:]}"
    if -6 < n <= 0:
        return f"{minus}0.{'0' * -n}{text}"
    mantissa = text if k == 1 else f"{text[0]}.{text[1:]}"
    return f"{minus}{mantissa}e{n - 1:+d}"


@given(
    st.floats()
    | st.integers(-(10**15), 10**15).map(lambda n: n / 1000)
    | st.tuples(st.integers(0, 10**17), st.integers(-30, 30)).map(
        lambda t: float(f"{t[0]}e{t[1]}")
    )
)
@example(1e21)
@example(999999999999999900000.0)
@example(999999999.9999999)
@example(123456789.000001)
@example(1e-6)
@example(9.5e-7)
@example(0.30000000000000004)
@example(5e-324)
@example(2.0**53)
def test_number_to_string(m, number):
    assert m.coerce(STRING, number) == ecma_text(number)


NUMBERS = [
    (None, math.nan),
    (napi.null, 0),
    (True, 1),
    (False, 0),
    (np.bool_(True), 1),
    (5, 5),
    (1.5, 1.5),
    ("", 0),
    (" \t\n\v\f\r\u00a0\u1680\u2000\u2028\u2029\u202f\u3000\ufeff", 0),
    (" 12 ", 12),
    ("\ufeff-1.5e3\u2028", -1500),
    ("\u180e1", math.nan),
    ("\x851", math.nan),
    ("\x1c1", math.nan),
    ("\u200b1", math.nan),
    ("00012", 12),
    ("+5", 5),
    ("5.", 5),
    (".5", 0.5),
    (".", math.nan),
    ("+", math.nan),
    ("1e", math.nan),
    ("e5", math.nan),
    ("1e1000", math.inf),
    ("-1e1000", -math.inf),
    ("1e-1000", 0),
    ("-0", -0.0),
    ("Infinity", math.inf),
    ("-Infinity", -math.inf),
    ("+Infinity", math.inf),
    ("infinity", math.nan),
    ("Infinity\0", math.nan),
    ("InfinityX", math.nan),
    ("inf", math.nan),
    ("nan", math.nan),
    ("NaN", math.nan),
    ("1_0", math.nan),
    ("1 2", math.nan),
    ("1\0", math.nan),
    ("\0", math.nan),
    ("\uff11\uff12", math.nan),
    ("12n", math.nan),
    ("0x10", 16),
    ("0XfF", 255),
    ("0b101", 5),
    ("0B1", 1),
    ("0o17", 15),
    ("0O7", 7),
    ("0x", math.nan),
    ("0xg", math.nan),
    ("0b2", math.nan),
    ("0o8", math.nan),
    ("-0x10", math.nan),
    ("+0x10", math.nan),
    ("0x-1", math.nan),
    ("0x0x10", math.nan),
    ("0x 10", math.nan),
    ("0x1_0", math.nan),
    ("0x1.8", math.nan),
    ("0x1p3", math.nan),
    ("0x20000000000001", 9007199254740992.0),
    ("0x" + "f" * 300, math.inf),
    ("9007199254740993", 9007199254740992.0),
    ("0.1", 0.1),
    ("2.2250738585072011e-308", 2.2250738585072011e-308),
    ([], 0),
    ([5], 5),
    (["0x10"], 16),
    ([1, 2], math.nan),
    ({}, math.nan),
    (f, math.nan),
    (napi.Date(5), 5),
    (object(), math.nan),
    (ValueError("1"), math.nan),
    (datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc), 0),
]


@pytest.mark.parametrize(("value", "expected"), NUMBERS, ids=lambda v: repr(v)[:30])
def test_to_number(m, value, expected):
    made = m.coerce(NUMBER, value)
    assert repr(float(made)) == repr(float(expected))
    assert type(made) in (int, float)


LITERAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


@given(st.text("0123456789.eE+-x_ \t", max_size=12))
def test_string_to_number(m, text):
    trimmed = text.strip()
    expected = math.nan
    if not trimmed:
        expected = 0.0
    elif LITERAL.fullmatch(trimmed):
        expected = float(trimmed)
    elif re.fullmatch(r"0x\d+", trimmed):
        expected = float(int(trimmed, 16))
    assert repr(float(m.coerce(NUMBER, text))) == repr(expected)


@given(st.integers(0, 2**80), st.sampled_from([2, 8, 16]))
def test_digits_of_a_radix_round_to_the_nearest_double(m, value, radix):
    text = {2: bin, 8: oct, 16: hex}[radix](value)
    assert float(m.coerce(NUMBER, text)) == float(fractions.Fraction(value))


@given(st.floats(allow_nan=False))
def test_text_of_a_number_reads_back(m, number):
    assert float(m.coerce(NUMBER, m.coerce(STRING, number))) == number


FALSE = [None, napi.null, False, 0, 0.0, -0.0, math.nan, "", napi.BigInt(0)]
TRUE = [True, 1, -1, 0.5, math.inf, "0", "false", " ", napi.BigInt(1), 2**70, [], {}]
TRUE += [(), object(), len, napi.Object(), napi.Symbol("x"), napi.Date(math.nan), b""]


@pytest.mark.parametrize("value", [*FALSE, np.float64(0), np.bool_(False)], ids=repr)
def test_false_values(m, value):
    assert m.coerce(BOOL, value) is False


@pytest.mark.parametrize("value", [*TRUE, np.int8(1), np.bool_(True)], ids=repr)
def test_true_values(m, value):
    assert m.coerce(BOOL, value) is True


def test_truth_is_not_asked_of_objects(m):
    class Stubborn:
        def __bool__(self):
            raise AssertionError

        def __len__(self):
            raise AssertionError

    assert m.coerce(BOOL, Stubborn()) is True


FAILURES = [
    (STRING, napi.Symbol("s"), 3, "Cannot convert a Symbol value to a string"),
    (NUMBER, napi.Symbol("s"), 6, "Cannot convert a Symbol value to a number"),
    (NUMBER, napi.BigInt(1), 6, "Cannot convert a BigInt value to a number"),
    (NUMBER, 2**70, 6, "Cannot convert a BigInt value to a number"),
    (OBJECT, None, 2, "Cannot convert undefined or null to object"),
    (OBJECT, napi.null, 2, "Cannot convert undefined or null to object"),
]


@pytest.mark.parametrize(("which", "value", "status", "message"), FAILURES)
def test_failures(m, which, value, status, message):
    answer = m.failure(which, value)
    assert answer[0] == status
    assert str(answer[1]) == message
    with pytest.raises(napi.TypeError, match=f"^{message}$"):
        m.coerce(which, value)


@pytest.mark.parametrize("value", [{}, [], len, ValueError(), object()], ids=repr)
def test_objects_stay_themselves(m, value):
    assert m.coerce(OBJECT, value) is value


@pytest.mark.parametrize("value", [5, "x", True, napi.BigInt(5), napi.Symbol("x")])
def test_primitives_are_boxed(m, value):
    from napi._native import shim

    boxed = m.coerce(OBJECT, value)
    assert shim.typeof(boxed) == "object"
    assert boxed is not value
    assert shim.call(shim.get(boxed, "valueOf"), boxed) == value


def method(result, log, name):
    def call(*arguments):
        log.append((name, *arguments))
        if isinstance(result, BaseException):
            raise result
        return result

    return call


def test_order_of_the_methods(m):
    log = []
    value = napi.Object(
        toString=method("7", log, "toString"), valueOf=method(8, log, "valueOf")
    )
    assert m.coerce(STRING, value) == "7"
    assert m.coerce(NUMBER, value) == 8
    assert log == [("toString",), ("valueOf",)]


def test_method_that_answers_an_object_is_passed_over(m):
    log = []
    value = napi.Object(
        toString=method([], log, "toString"), valueOf=method(8, log, "valueOf")
    )
    assert m.coerce(STRING, value) == "8"
    assert log == [("toString",), ("valueOf",)]


def test_no_primitive_at_all(m):
    value = napi.Object(toString=None, valueOf=lambda: [])
    for which, status in ((STRING, 3), (NUMBER, 6)):
        answer = m.failure(which, value)
        assert answer[0] == status
        assert str(answer[1]) == "Cannot convert object to primitive value"


@pytest.mark.parametrize(
    ("which", "hint", "status"), [(STRING, "string", 3), (NUMBER, "number", 6)]
)
def test_to_primitive_goes_first(m, which, hint, status):
    log = []
    value = napi.Object(toString=method("no", log, "toString"))
    value[napi.Symbol.toPrimitive] = method("5", log, "toPrimitive")
    assert m.coerce(which, value) == ("5" if which == STRING else 5)
    assert log == [("toPrimitive", hint)]
    value[napi.Symbol.toPrimitive] = lambda hint: {}
    answer = m.failure(which, value)
    assert answer[0] == status
    assert str(answer[1]) == "Cannot convert object to primitive value"


@pytest.mark.parametrize(("which", "status"), [(STRING, 3), (NUMBER, 6)])
def test_exception_of_a_method_is_pending(m, which, status):
    error = LookupError("mine")
    value = napi.Object(
        toString=method(error, [], "toString"), valueOf=method(error, [], "valueOf")
    )
    assert list(m.failure(which, value)) == [status, error]
    with pytest.raises(LookupError, match="mine"):
        m.coerce(which, value)


def test_datetime_is_a_date(m):
    moment = datetime.datetime(2020, 1, 31, 12, tzinfo=datetime.timezone.utc)
    assert m.coerce(NUMBER, moment) == moment.timestamp() * 1000
    assert m.coerce(STRING, moment) == m.coerce(STRING, napi.Date(moment))


def test_list_that_holds_itself(m):
    value = [1]
    value.append(value)
    assert m.coerce(STRING, value) == "1,"


def test_import_of_the_box_file_leaves_coercion_alone(child):
    code = "import napi.runtime.box; from napi._native import shim; shim.to_object(1)"
    child(code)


@pytest.mark.parametrize("which", [NUMBER, STRING])
def test_conversion_that_is_no_function(m, which):
    value = napi.Object()
    shim.set(value, napi.Symbol.toPrimitive, 1)
    with pytest.raises(napi.TypeError, match=r"^'1' returned .* '#<Object>' is not a"):
        m.coerce(which, value)


@pytest.mark.parametrize("which", [NUMBER, STRING])
def test_box_of_a_symbol_stays_a_symbol(m, which):
    with pytest.raises(napi.TypeError, match="Cannot convert a Symbol value"):
        m.coerce(which, shim.to_object(napi.Symbol("s")))

import hashlib
import json

import pytest

import napi

NAME = "@swc/core-linux-x64-gnu"
SOURCE = (
    "class A<T>{x:T; async f(){await 1}}; const g=(a?:number)=>a??1; export default A"
)


def packed(**options):
    return json.dumps(options).encode()


OPTIONS = packed(
    jsc={"parser": {"syntax": "typescript"}, "target": "es5"},
    sourceMaps=False,
    swcrc=False,
    configFile=False,
)
SCRIPT = packed(syntax="ecmascript")
PLAIN = b"function f(abc){return abc+1}; console.log(f(2))"
MINIFIED = "function f(n){return n+1}console.log(f(2));"
SMALLER = packed(compress=True, mangle=True)


@pytest.fixture
def m(package):
    return package(NAME)


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def test_synchronous(m):
    assert m.getTargetTriple() == "x86_64-unknown-linux-gnu"
    result = m.transformSync(SOURCE, False, OPTIONS)
    assert list(result) == ["code", "diagnostics"]
    assert (len(result["code"]), digest(result["code"])) == (5915, "3bd39f2fef9973d9")
    result = m.minifySync(PLAIN, SMALLER, False, {})
    assert result == {"code": MINIFIED, "diagnostics": []}


def test_transform(m, wait):
    result = wait(lambda: m.transform("let a:number=1", False, OPTIONS))
    assert result["code"] == "var a = 1;\n"
    result = wait(lambda: m.transform(SOURCE, False, OPTIONS))
    assert (len(result["code"]), digest(result["code"])) == (5915, "3bd39f2fef9973d9")
    long = "let a:number=1;" * 20000
    assert len(wait(lambda: m.transform(long, False, OPTIONS))["code"]) == 220000


def test_minify_and_parse(m, wait):
    result = wait(lambda: m.minify(PLAIN, SMALLER, False, {}))
    assert result == {"code": MINIFIED, "diagnostics": []}
    text = wait(lambda: m.parse("1+1", SCRIPT, None))
    assert (len(text), digest(text)) == (467, "4714214ad91b8d63")
    assert json.loads(text)["program"]["body"][0]["expression"]["operator"] == "+"


def test_rejections(m, wait):
    with pytest.raises(napi.Error, match="Unexpected token `let`") as error:
        wait(lambda: m.transform("let let = 1 +", False, OPTIONS))
    assert error.value.code == "GenericFailure"
    with pytest.raises(napi.Error, match="Expression expected") as error:
        wait(lambda: m.parse("1+", SCRIPT, None))
    assert error.value.code == "GenericFailure"
    with pytest.raises(napi.Error, match="Unexpected token `let`"):
        m.transformSync("let let = 1 +", False, OPTIONS)
    with pytest.raises(napi.Error, match="`Number 5 ` into rust type") as error:
        wait(lambda: m.transform(5, False, OPTIONS))
    assert error.value.code == "StringExpected"


def test_many_at_once(m, wait):
    def all_of_them():
        jobs = [m.transform(f"let a:number={i}", False, OPTIONS) for i in range(100)]
        return napi.globalThis["Promise"].all(jobs)

    codes = [result["code"] for result in wait(all_of_them)]
    assert codes == [f"var a = {i};\n" for i in range(100)]


@pytest.mark.parametrize(
    "code",
    [
        "m.getTargetTriple()",
        f"m.transform('let a:number=1', False, {OPTIONS!r}).result(20)",
        f"kept = m.transform('let a:number=1;' * 50000, False, {OPTIONS!r})",
        f"[m.transform('let a', False, {OPTIONS!r}).then(str) for _ in range(50)]",
    ],
)
def test_leaves_the_interpreter_cleanly(ends, code):
    ends(NAME, code)

import json

import pytest

import napi

NAME = "lightningcss-linux-x64-gnu"
CSS = b".foo { color: rgba(255,0,0,.5); display:flex; &:hover{margin:0 0 0 0} }"


def test_transform(package):
    result = package(NAME).transform(
        {
            "filename": "a.css",
            "code": CSS,
            "minify": True,
            "sourceMap": True,
            "targets": {"safari": 13 << 16},
        }
    )
    assert list(result) == [
        "code",
        "map",
        "exports",
        "references",
        "dependencies",
        "warnings",
    ]
    assert isinstance(result["code"], napi.Buffer)
    assert bytes(result["code"]) == (
        b".foo{color:#ff000080;display:flex}.foo:hover{margin:0}"
    )
    source_map = json.loads(bytes(result["map"]))
    assert source_map["mappings"] == "AAAA,kCAA8C"
    assert result["warnings"] == []


def test_python_visitor(package):
    rules = []

    def length(value):
        return {"unit": "rem", "value": value["value"] * 2}

    def style(rule):
        rules.append(rule)
        return rule

    result = package(NAME).transform(
        {
            "filename": "a.css",
            "code": b"a{width:calc(1px + 2px)} b{color:red}",
            "minify": True,
            "visitor": {"Length": length, "Rule": {"style": style}},
        }
    )
    assert bytes(result["code"]) == b"a{width:6rem}b{color:red}"
    assert [r["value"]["selectors"][0][0]["name"] for r in rules] == ["a", "b"]


def test_css_modules(package):
    result = package(NAME).transform(
        {
            "filename": "t.module.css",
            "code": b".a{color:red} .b{composes:a}",
            "cssModules": True,
            "minify": True,
        }
    )
    assert result["exports"]["a"]["name"] == "Y48dUa_a"
    assert result["exports"]["b"]["composes"] == [{"name": "Y48dUa_a", "type": "local"}]


def test_syntax_error_carries_its_place(package):
    with pytest.raises(SyntaxError) as info:
        package(NAME).transform(
            {"filename": "e.css", "code": b"a{color:red;}} x", "minify": True}
        )
    error = info.value
    assert isinstance(error, napi.SyntaxError)
    assert error.message == "Unexpected end of input"
    assert error.fileName == "e.css"
    assert error.data == {"type": "EndOfInput"}
    assert error.loc == {"column": 17, "line": 1}
    assert error.source == "a{color:red;}} x"


def test_style_attribute_and_bundle(package, tmp_path):
    m = package(NAME)
    attribute = {"code": b"color: yellow; margin: 0px", "minify": True}
    assert bytes(m.transformStyleAttribute(attribute)["code"]) == (
        b"color:#ff0;margin:0"
    )
    (tmp_path / "a.css").write_text('@import "b.css"; .a{color:red}')
    (tmp_path / "b.css").write_text(".b{color:blue}")
    bundle = m.bundle({"filename": str(tmp_path / "a.css"), "minify": True})
    assert bytes(bundle["code"]) == b".b{color:#00f}.a{color:red}"


def test_bundle_async(package, wait):
    m = package(NAME)
    seen = []

    def read(name):
        seen.append(name)
        if name.endswith("a.css"):
            return '@import "x.css"; .a{color:red}'
        return napi.Promise(lambda resolve, _: resolve(".x{color:#00f}"))

    async def resolve(name, origin):
        seen.append((name, origin))
        return f"/v/{name}"

    options = {"filename": "/v/a.css", "minify": True}
    options["resolver"] = {"read": read, "resolve": resolve}
    bundle = wait(lambda: m.bundleAsync(options))
    assert bytes(bundle["code"]) == b".x{color:#00f}.a{color:red}"
    assert seen == ["/v/a.css", ("x.css", "/v/a.css"), "/v/x.css"]


def test_bundle_async_of_coroutines_and_files(package, wait, tmp_path):
    m = package(NAME)

    async def read(name):
        return "a{color:red}"

    green = {"type": "rgb", "r": 0, "g": 255, "b": 0, "alpha": 1}
    options = {"filename": "/v/a.css", "minify": True, "resolver": {"read": read}}
    options["visitor"] = {"Color": lambda _: green}
    bundle = wait(lambda: m.bundleAsync(options))
    assert bytes(bundle["code"]) == b"a{color:#0f0}"
    (tmp_path / "a.css").write_text('@import "b.css"; .a{color:red}')
    (tmp_path / "b.css").write_text(".b{color:blue}")
    options = {"filename": str(tmp_path / "a.css"), "minify": True}
    bundle = wait(lambda: m.bundleAsync(options))
    assert bytes(bundle["code"]) == b".b{color:#00f}.a{color:red}"


def throw(error):
    raise error


async def throw_later(error):
    raise error


REJECTIONS = [
    ({"read": lambda _: throw(napi.Error("boom"))}, napi.Error, "boom"),
    ({"read": lambda _: throw(KeyError("own"))}, KeyError, "own"),
    ({"read": lambda _: throw_later(napi.TypeError("late"))}, napi.TypeError, "late"),
    ({"read": lambda _: 5}, napi.Error, "expect String, got: Number"),
    ({"read": lambda _: "a{color:red;}} x"}, napi.SyntaxError, "Unexpected end of"),
    (
        {
            "read": lambda _: '@import "b"; a{}',
            "resolve": lambda *_: throw(napi.RangeError("no")),
        },
        napi.RangeError,
        "no",
    ),
    (None, napi.SyntaxError, "No such file or directory"),
]


@pytest.mark.parametrize(("resolver", "kind", "text"), REJECTIONS)
def test_bundle_async_rejections(package, wait, resolver, kind, text):
    m = package(NAME)
    options = {"filename": "/nonexistent/a.css"}
    if resolver is not None:
        options["resolver"] = resolver
    with pytest.raises(kind, match=text):
        wait(lambda: m.bundleAsync(options))


RESOLVER = """
options = {"filename": "/v/a.css", "resolver": {"read": lambda name: "a{}"}}
"""


@pytest.mark.parametrize(
    "code",
    [
        f"{RESOLVER}m.bundleAsync(options).result(20)",
        f"{RESOLVER}kept = m.bundleAsync(options)",
        f"{RESOLVER}kept = [m.bundleAsync(options) for _ in range(50)]",
        f"{RESOLVER}m.bundleAsync(options).then(str).catch(str)",
    ],
)
def test_leaves_the_interpreter_cleanly(ends, code):
    ends(NAME, code)

"""Declarations of TypeScript, and what the stub says about them."""

import sys

import pytest

import napi
from napi.stubs import StubError, make

pytest.importorskip("tree_sitter_typescript")


def stub(folder, text, **more):
    """The lines of the stub for an index.d.ts, without its head."""
    (folder / "index.d.ts").write_text(text)
    for name, other in more.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(other)
    made = make(folder / "index.d.ts")
    return [
        line
        for line in made.splitlines()
        if line and not line.startswith(("#", "from ", "import "))
    ]


def parameter(written):
    return f"def f(x: {written}, /) -> None: ..."


@pytest.mark.parametrize(
    ("written", "given", "got"),
    [
        ("string", "str", "str"),
        ("number", "float", "int | Any"),
        ("boolean", "bool", "bool"),
        ("bigint", "BigInt", "BigInt"),
        ("symbol", "Symbol", "Symbol"),
        ("any", "Any", "Any"),
        ("unknown", "object", "Any"),
        ("object", "object", "Object"),
        ("void", "object", "None"),
        ("string | null | undefined", "str | None", "str | None"),
        ("null | string", "str | None", "str | None"),
        (
            "'a' | 'b' | 1 | true",
            "Literal['a', 'b', 1, True]",
            "Literal['a', 'b', 1, True]",
        ),
        ("-1", "Literal[-1]", "Literal[-1]"),
        ("1.5", "float", "int | Any"),
        ("'a' | string", "str", "str"),
        ("`a${string}`", "str", "str"),
        ("string & {}", "str", "str"),
        ("string[]", "Sequence[str]", "list[str]"),
        ("readonly string[]", "Sequence[str]", "list[str]"),
        ("Array<string | number>", "Sequence[str | float]", "list[str | int | Any]"),
        ("[string, boolean]", "Sequence[str | bool]", "list[str | bool]"),
        ("Buffer", "ReadableBuffer", "Buffer"),
        ("Uint8Array", "ReadableBuffer", "Uint8Array"),
        ("Uint8Array<ArrayBuffer>", "ReadableBuffer", "Uint8Array"),
        ("ArrayBuffer", "ReadableBuffer", "ArrayBuffer"),
        ("string | Buffer", "str | ReadableBuffer", "str | Buffer"),
        ("Promise<string>", "Awaitable[str]", "Promise[str]"),
        ("Promise<void>", "Awaitable[object]", "Promise[None]"),
        ("Record<string, boolean>", "Mapping[str, bool]", "dict[str, bool]"),
        ("{ [key: string]: string }", "Mapping[str, str]", "dict[str, str]"),
        ("Map<string, string>", "Map", "Map"),
        ("Date", "Date", "Date"),
        ("Function", "Function", "Function"),
        ("() => void", "Callable[[], object]", "Callable[[], None]"),
        (
            "(error: Error | null, made: Buffer) => boolean",
            "Callable[[Error | None, Buffer], bool]",
            "Callable[[Error | None, ReadableBuffer], bool]",
        ),
        (
            "(a: string, b?: string) => void",
            "Callable[..., object]",
            "Callable[..., None]",
        ),
        ("(...a: string[]) => string", "Callable[..., str]", "Callable[..., str]"),
        (
            "(then: (made: number) => void) => void",
            "Callable[[Callable[[float], None]], object]",
            "Callable[[Callable[[int | Any], object]], None]",
        ),
        ("Iterable<string>", "Iterable[str]", "Iterable[str]"),
        ("keyof { a: 1, b: 2 }", "Literal['a', 'b']", "Literal['a', 'b']"),
        ("{ a: boolean }['a']", "bool", "bool"),
        ("(string)", "str", "str"),
        ("Uppercase<'a'>", "str", "str"),
        ("NotDeclared", "Any", "Any"),
        ("string extends 'a' ? 1 : 2", "Any", "Any"),
    ],
)
def test_types_of_both_sides(tmp_path, written, given, got):
    text = f"export function f(x: {written}): void; export class C {{ c: {written} }}"
    lines = stub(tmp_path, text)
    assert parameter(given) in lines
    assert f"    c: {got}" in lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("export function f(): void", ["def f() -> None: ..."]),
        (
            "export function f(a: string, b?: number, ...c: Buffer[]): string",
            ["def f(a: str, b: float | None = ..., /, *c: ReadableBuffer) -> str: ..."],
        ),
        (
            "export function f(from: string, { a }: { a: string }): void",
            [
                "def f(from_: str, options: FOptionsDict, /) -> None: ...",
                "class FOptionsDict(TypedDict):",
                "    a: str",
            ],
        ),
        (
            "export function f(this: Date, a: string): void",
            ["def f(a: str, /) -> None: ..."],
        ),
        ("export function f(a: any): a is string", ["def f(a: Any, /) -> bool: ..."]),
        (
            "export function f<T>(a: T[]): Promise<T>",
            ["_T = TypeVar('_T')", "def f(a: Sequence[_T], /) -> Promise[_T]: ..."],
        ),
        ("export function f<T>(a: string): T", ["def f(a: str, /) -> Any: ..."]),
        (
            "function f(a: string): string; function f(a: Buffer): Buffer",
            [
                "@overload",
                "def f(a: str, /) -> str: ...",
                "@overload",
                "def f(a: ReadableBuffer, /) -> Buffer: ...",
            ],
        ),
        (
            "export const f: (a: string) => boolean",
            ["def f(a: str, /) -> bool: ..."],
        ),
        ("declare function g(): void; export { g as h }", ["def h() -> None: ..."]),
        ("export default function f(): void", ["def default() -> None: ..."]),
        (
            "declare function f(): void; export { f }; export default f",
            ["def f() -> None: ...", "default = f"],
        ),
        (
            "export enum E { A, B = 5, C, D = 'x' }\nexport function f(e: E): void",
            [
                "class E:",
                "    A: ClassVar[Literal[0]]",
                "    B: ClassVar[Literal[5]]",
                "    C: ClassVar[Literal[6]]",
                "    D: ClassVar[Literal['x']]",
                "def f(e: Literal[0, 5, 6, 'x'], /) -> None: ...",
            ],
        ),
        (
            "export type A = string | Buffer; export function f(a: A): A",
            [
                "def f(a: ALike, /) -> A: ...",
                "A: TypeAlias = str | Buffer",
                "ALike: TypeAlias = str | ReadableBuffer",
            ],
        ),
        ("export type A = 'x' | 'y'", ["A: TypeAlias = Literal['x', 'y']"]),
        (
            "export type Json = string | Json[]",
            [
                "Json: TypeAlias = str | list[Json]",
                "JsonLike: TypeAlias = str | Sequence[JsonLike]",
            ],
        ),
        (
            "export type P<T> = T | Promise<T>; export function f(a: P<string>): void",
            [
                "_T = TypeVar('_T')",
                "P: TypeAlias = _T | Promise[_T]",
                "def f(a: str | Awaitable[str], /) -> None: ...",
            ],
        ),
        (
            "export namespace n { function f(): void; class C { a: string } }",
            [
                "class n:",
                "    @staticmethod",
                "    def f() -> None: ...",
                "    C = n_C",
                "class n_C:",
                "    a: str",
            ],
        ),
        (
            "export const list: string; export const x: string[]",
            ["list: str", "x: _list[str]"],
        ),
        ("declare module 'me' { export function f(): void }", ["def f() -> None: ..."]),
        ("declare const from: string; export { from as import }", []),
    ],
)
def test_declarations(tmp_path, text, expected):
    assert sorted(stub(tmp_path, text)) == sorted(expected)


def test_classes(tmp_path):
    text = """
    export class Base { protected x(): void; private y: string; #z: string }
    export class C<T> extends Base {
      constructor(a: string)
      constructor(a: number, b: T)
      static of(a: string): C<string>
      static count: string
      readonly size: boolean
      name: string
      get both(): string
      set both(value: string)
      get one(): string
      then(): this
      later?: string
      items(): T[]
      [Symbol.iterator](): Iterator<T>
      "x-y": string
      list: string[]
    }
    """
    lines = stub(tmp_path, text)
    start = lines.index("class C(Base, Generic[_T]):")
    assert lines[start + 1 :] == [
        "    @overload",
        "    def __init__(self, a: str, /) -> None: ...",
        "    @overload",
        "    def __init__(self, a: float, b: _T, /) -> None: ...",
        "    @staticmethod",
        "    def of(a: str, /) -> C[str]: ...",
        "    count: ClassVar[str]",
        "    @property",
        "    def size(self) -> bool: ...",
        "    name: str",
        "    both: str",
        "    @property",
        "    def one(self) -> str: ...",
        "    def then(self) -> Self: ...",
        "    later: str | None",
        "    def items(self) -> _list[_T]: ...",
        "    def __iter__(self) -> Iterator[_T]: ...",
        "    # 'x-y' is read with []",
        "    list: _list[str]",
    ]
    assert lines[lines.index("class Base:") + 1] == "    ..."


def test_an_interface_is_an_object_and_a_dict_may_be_given(tmp_path):
    text = """
    export interface Base { level?: number }
    export interface Options extends Base {
      data: Buffer; on(e: string): void; items: string
    }
    export function f(options: Options): Options
    export function g(options: Partial<Options>): Omit<Options, 'data'>
    export function h(options: Base & { more: string }): void
    """
    lines = stub(tmp_path, text)
    assert "def f(options: OptionsLike, /) -> Options: ..." in lines
    assert "OptionsLike: TypeAlias = Options | OptionsDict" in lines
    start = lines.index("class OptionsDict(TypedDict):")
    assert lines[start + 1 : start + 5] == [
        "    level: NotRequired[float | None]",
        "    data: ReadableBuffer",
        "    on: Callable[[str], object]",
        "    items: str",
    ]
    start = lines.index("class Options(Base):")
    assert lines[start + 1 : start + 4] == [
        "    data: Buffer",
        "    def on(self, e: str, /) -> None: ...",
        "    # 'items' is read with []",  # a method of dict
    ]
    start = lines.index("class GOptionsDict(TypedDict):")
    assert lines[start + 2] == "    data: NotRequired[ReadableBuffer | None]"
    start = lines.index("class HOptionsDict(TypedDict):")
    assert lines[start + 2] == "    more: str"


def test_names_that_a_dict_cannot_have_in_a_class(tmp_path):
    text = "export function f(o: { from: string, 'x-y'?: number }): void"
    assert (
        "FODict = TypedDict('FODict', {'from': str, 'x-y': NotRequired[float | None]})"
    ) in stub(tmp_path, text)


def test_docs(tmp_path):
    text = r"""
    /**
     * Says "it" \o/ of {@link Other}.
     *
     * @param word - What to
     *   say.
     * @returns The length.
     * @throws {TypeError} For others.
     * @deprecated Use `b`.
     */
    export function a(word: string): number
    /** Short. */
    export function b(): void
    """
    lines = stub(tmp_path, text)
    assert lines == [
        "def a(word: str, /) -> int | Any:",
        '    """Says "it" \\\\o/ of Other.',
        "    Args:",
        "        word: What to say.",
        "    Returns:",
        "        The length.",
        "    Raises:",
        "        TypeError For others.",
        "    Deprecated: Use `b`.",
        '    """',
        "def b() -> None:",
        '    """Short."""',
    ]


def test_files_and_packages_that_lead_to_others(tmp_path):
    lines = stub(
        tmp_path,
        """
        import { A as B } from './a'
        import type D from 'dep'
        import * as all from './all.js'
        import gone from 'gone'
        export * from './star'
        export * as space from './all'
        export { g as h } from './all'
        export function f(b: B, d: D, e: all.E, x: gone): void
        """,
        a_dot_d_dot_ts="export interface A { a: string }",
        star_dot_d_dot_ts="export function s(): void; export default 1",
        all_dot_d_dot_ts="export type E = 'e'; export function g(): void",
        node_modules__dep__package_dot_json='{"types": "x.d.ts"}',
        node_modules__dep__x_dot_d_dot_ts="export default class Dep { d: string }",
    )
    assert "def f(b: ALike, d: Dep, e: E, x: Any, /) -> None: ..." in lines
    assert "def s() -> None: ..." in lines
    assert "def h() -> None: ..." in lines
    assert lines[lines.index("class space:") + 2] == "    def g() -> None: ..."


@pytest.mark.parametrize(
    ("described", "file"),
    [
        ('{"types": "t.d.ts"}', "t.d.ts"),
        ('{"typings": "./t"}', "t.d.ts"),
        ('{"main": "lib/m.js"}', "lib/m.d.ts"),
        ("{}", "index.d.ts"),
        ('{"exports": {"types": "./e.d.ts", "default": "./e.js"}}', "e.d.ts"),
        (
            '{"types": "i.d.mts", "exports": {".": {"import": {"types": "./i.d.mts"}, '
            '"require": {"types": "./r.d.cts"}}}}',
            "r.d.cts",
        ),
        ('{"exports": {".": [{"node": "./n.js"}]}}', "n.d.ts"),
    ],
)
def test_where_the_declarations_of_a_package_are(tmp_path, described, file):
    package = tmp_path / "node_modules/@s/p"
    (package / "lib").mkdir(parents=True)
    for name in ("t.d.ts", "lib/m.d.ts", "index.d.ts", "e.d.ts", "i.d.mts", "n.d.ts"):
        (package / name).write_text("export const wrong: string")
    (package / file).write_text("export const right: string")
    (package / "package.json").write_text(described)
    assert "right: str" in make("@s/p", tmp_path)


def test_what_is_not_there(tmp_path):
    with pytest.raises(napi.LoadError, match="napi add nothing"):
        make("nothing", tmp_path)
    with pytest.raises(napi.LoadError, match="neither a folder nor a file"):
        make("./nothing", tmp_path)
    package = tmp_path / "node_modules/p"
    package.mkdir(parents=True)
    (package / "package.json").write_text("{}")
    with pytest.raises(napi.LoadError, match="no native binding"):
        make("p", tmp_path)
    (package / "index.js").write_text("throw new Error('mine')")
    with pytest.raises(StubError, match="p cannot be loaded: .*mine"):
        make("p", tmp_path)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="JavaScript needs Python 3.11")
def test_live_parts_are_what_require_gives(tmp_path, monkeypatch):
    for folder, text in (
        ("above/node_modules/p/lib", "exports.sub = () => require('q').n"),
        ("above/node_modules/p", "exports.f = () => 1; exports.C = class { m() {} }"),
        ("elsewhere/q", "exports.n = 1"),
        ("elsewhere/@types/p", ""),
    ):
        place = tmp_path / folder
        place.mkdir(parents=True, exist_ok=True)
        (place / "index.js").write_text(text)
    manifest = '{"name": "p", "exports": {".": "./index.js", "./l": "./lib/index.js"}}'
    (tmp_path / "above/node_modules/p/package.json").write_text(manifest)
    start = tmp_path / "above/below"
    start.mkdir()
    monkeypatch.setenv("NODE_PATH", str(tmp_path / "elsewhere"))
    made = make("p", start)
    assert "def f(*arguments: Any) -> Any: ..." in made
    assert "class C:" in made
    assert "    def m(self, *arguments: Any) -> Any: ..." in made
    assert "def sub(*arguments: Any) -> Any: ..." in make("p/l", start)
    assert "n: int" in make("q", start)
    types = tmp_path / "elsewhere/@types/p/index.d.ts"
    types.write_text("export function f(): string")
    assert "def f() -> str: ..." in make("p", start)


@pytest.mark.parametrize(
    "text", ["", "export", "}{", "export type = ", "\0", "declare class"]
)
def test_a_broken_file_is_no_crash(tmp_path, text):
    stub(tmp_path, text)

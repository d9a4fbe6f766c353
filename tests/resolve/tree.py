"""A tree of files with every shape of package, and who asks for what in it.

`record.py` asks Node about it, `tests/test_resolve.py` asks napi.
"""
# ruff: noqa: SIM905

import itertools
import json

_JS = "exports.x = 1;\n"


def _package(**entries):
    return json.dumps(entries)


_SUBPATHS = {
    ".": {"import": "./main.mjs", "require": "./main.cjs"},
    "./file": "./lib/file.js",
    "./missing": "./lib/missing.js",
    "./folder": "./lib",
    "./null": None,
    "./number": 7,
    "./true": True,
    "./out": "../out.js",
    "./absolute": "/etc/passwd",
    "./bare": "lib/file.js",
    "./url": "file:///etc/passwd",
    "./empty": "",
    "./modules": "./node_modules/x.js",
    "./inner-modules": "./lib/node_modules/x.js",
    "./encoded-modules": "./lib/%6eode_modules/x.js",
    "./dots": "./lib/../lib/file.js",
    "./encoded-dots": "./lib/%2e%2e/lib/file.js",
    "./dot": "./lib/./file.js",
    "./double": "./lib//file.js",
    "./encoded": "./lib/with%20space.js",
    "./slash": "./lib%2ffile.js",
    "./query": "./lib/file.js?x=1",
    "./array": ["bad", "./lib/file.js"],
    "./array-missing": ["./lib/missing.js", "./lib/file.js"],
    "./array-null": [None, "./lib/file.js"],
    "./array-bad-null": ["bad", None],
    "./array-null-bad": [None, "bad"],
    "./array-empty": [],
    "./array-conditions": [{"never": "./no.js"}, {"node": "./lib/file.js"}],
    "./array-never": [{"never": "./no.js"}],
    "./nested": {"node": {"never": "./no.js"}, "default": "./lib/file.js"},
    "./nested-null": {"node": None, "default": "./lib/file.js"},
    "./nested-array": {"node": [], "default": "./lib/file.js"},
    "./nested-array-never": {
        "node": [{"never": "./no.js"}],
        "default": "./lib/file.js",
    },
    "./never": {"never": "./lib/file.js"},
    "./addons": {"node-addons": "./lib/file.js", "default": "./main.cjs"},
    "./sync": {"module-sync": "./lib/file.js", "default": "./main.cjs"},
    "./numeric": {"1": "./lib/file.js", "default": "./main.cjs"},
    "./order": {"default": "./lib/file.js", "node": "./main.cjs"},
    "./p/*": "./lib/*.js",
    "./p/*.js": "./lib/*.js",
    "./p/private/*": None,
    "./p/private/open/*": "./lib/*.js",
    "./twice/*": "./lib/*/*.js",
    "./two/*/*": "./lib/*.js",
    "./ext/*.css": "./lib/*.js",
    "./ext/*": "./lib/file.js",
    "./cond/*": {"import": "./lib/*.mjs", "require": "./lib/*.js"},
    "./folder/": "./lib/",
    "./outside/*": "./lib/../*.js",
    "./name*with": "./lib/*.js",
}
_IMPORTS = {
    "#file": "./lib/file.js",
    "#missing": "./lib/missing.js",
    "#plain": "plain",
    "#plain/sub": "plain/lib/sub.js",
    "#none": "nowhere",
    "#fs": "fs",
    "#node-fs": "node:fs",
    "#node-test": "test",
    "#url": "https://example.test/x.js",
    "#null": None,
    "#number": 7,
    "#out": "../out.js",
    "#absolute": "/etc/passwd",
    "#again": "#file",
    "#cond": {"import": "./main.mjs", "require": "./main.cjs"},
    "#never": {"never": "./main.cjs"},
    "#array": ["../bad", "./lib/file.js"],
    "#p/*": "./lib/*.js",
    "#q/*": "plain/lib/*.js",
    "#self": "shaped/file",
    "#/root": "./lib/file.js",
    "#/r/*": "./lib/*.js",
    "#folder/": "./lib/",
    "#empty": "",
}
TREE = {
    "app/index.js": _JS,
    "app/package.json": _package(name="app"),
    "app/main.mjs": "",
    "app/deep/er/index.js": _JS,
    "app/a.js": _JS,
    "app/a.json": "{}",
    "app/b.json": "{}",
    "app/b/index.js": _JS,
    "app/c/index.json": "{}",
    "app/d.node": "",
    "app/e.mjs": "",
    "app/e.cjs": "",
    "app/f/package.json": _package(main="lib/x"),
    "app/f/lib/x.js": _JS,
    "app/g/package.json": _package(main="./lib"),
    "app/g/lib/index.js": _JS,
    "app/h/package.json": _package(main="gone"),
    "app/h/index.node": "",
    "app/i/package.json": _package(main="gone"),
    "app/j/package.json": "{ not json",
    "app/j/index.js": _JS,
    "app/k/package.json": "[1]",
    "app/k/index.js": _JS,
    "app/l/package.json": "",
    "app/l/index.js": _JS,
    "app/m/package.json": _package(main=7),
    "app/m/index.js": _JS,
    "app/n/package.json": _package(main=""),
    "app/n/index.js": _JS,
    "app/o/package.json": _package(main="../a.js"),
    "app/p/package.json": _package(main="/etc"),
    "app/empty/nothing.txt": "",
    "app/with space.js": _JS,
    "app/per%cent.js": _JS,
    "app/ha#sh.js": _JS,
    "app/que?ry.js": _JS,
    "app/unié.js": _JS,
    "app/.hidden.js": _JS,
    "app/...js": _JS,
    "app/x": _JS,
    "app/y.txt": "",
    "app/z.js/index.js": _JS,
    "app/module/package.json": _package(type="module"),
    "app/module/index.js": "",
    "app/module/sub/x.js": "",
    "app/module/sub/x.cjs": _JS,
    "app/module/sub/none": "",
    "app/commonjs/package.json": _package(type="commonjs"),
    "app/commonjs/x.js": _JS,
    "app/commonjs/x.mjs": "",
    "app/strange/package.json": _package(type="strange"),
    "app/strange/x.js": _JS,
    "app/wasm/x.wasm": "",
    "node_modules/above/index.js": _JS,
    "node_modules/plain/index.js": _JS + "// above",
    "app/node_modules/plain/package.json": _package(name="plain", main="lib/sub.js"),
    "app/node_modules/plain/lib/sub.js": _JS,
    "app/node_modules/plain/lib/file.js": _JS,
    "app/node_modules/plain/index.js": _JS,
    "app/node_modules/single.js": _JS,
    "app/node_modules/@scope/inner/index.js": _JS,
    "app/node_modules/@scope/inner/package.json": _package(name="@scope/inner"),
    "app/node_modules/@scope/inner/lib/a.js": _JS,
    "app/node_modules/@scope/exp/package.json": _package(
        name="@scope/exp", exports={".": "./x.js", "./sub/*": "./lib/*.js"}
    ),
    "app/node_modules/@scope/exp/x.js": _JS,
    "app/node_modules/@scope/exp/lib/a.js": _JS,
    "app/node_modules/.dotted/index.js": _JS,
    "app/node_modules/nomain/package.json": _package(name="nomain"),
    "app/node_modules/badmain/package.json": _package(name="badmain", main="gone.js"),
    "app/node_modules/emptymain/package.json": _package(name="emptymain", main=""),
    "app/node_modules/badjson/package.json": '{"name": ',
    "app/node_modules/badjson/index.js": _JS,
    "app/node_modules/hollow/readme.txt": "",
    "app/node_modules/shaped/package.json": _package(
        name="shaped", exports=_SUBPATHS, imports=_IMPORTS
    ),
    "app/node_modules/shaped/main.mjs": "",
    "app/node_modules/shaped/main.cjs": _JS,
    "app/node_modules/shaped/lib/file.js": _JS,
    "app/node_modules/shaped/lib/file.mjs": "",
    "app/node_modules/shaped/lib/with space.js": _JS,
    "app/node_modules/shaped/lib/file/file.js": _JS,
    "app/node_modules/shaped/lib/deep/file.js": _JS,
    "app/node_modules/shaped/lib/node_modules/x.js": _JS,
    "app/node_modules/sugar/package.json": _package(name="sugar", exports="./main.js"),
    "app/node_modules/sugar/main.js": _JS,
    "app/node_modules/sugar-bad/package.json": _package(
        name="sugar-bad", exports="main.js"
    ),
    "app/node_modules/sugar-array/package.json": _package(
        name="sugar-array", exports=["x", "./main.js"]
    ),
    "app/node_modules/sugar-array/main.js": _JS,
    "app/node_modules/sugar-cond/package.json": _package(
        name="sugar-cond", exports={"node": "./main.js"}
    ),
    "app/node_modules/sugar-cond/main.js": _JS,
    "app/node_modules/sugar-none/package.json": _package(
        name="sugar-none", exports={"never": "./main.js"}
    ),
    "app/node_modules/exports-null/package.json": _package(
        name="exports-null", exports=None, main="main.js"
    ),
    "app/node_modules/exports-null/main.js": _JS,
    "app/node_modules/exports-number/package.json": _package(
        name="exports-number", exports=7, main="main.js"
    ),
    "app/node_modules/exports-number/main.js": _JS,
    "app/node_modules/exports-false/package.json": _package(
        name="exports-false", exports=False, main="main.js"
    ),
    "app/node_modules/exports-false/main.js": _JS,
    "app/node_modules/exports-empty/package.json": _package(
        name="exports-empty", exports={}, main="main.js"
    ),
    "app/node_modules/exports-empty/main.js": _JS,
    "app/node_modules/mixed/package.json": _package(
        name="mixed", exports={".": "./main.js", "node": "./main.js"}
    ),
    "app/node_modules/numbered/package.json": _package(
        name="numbered", exports={"0": "./main.js", "default": "./main.js"}
    ),
    "app/node_modules/strict-main/package.json": _package(
        name="strict-main", exports={".": "./gone.js"}, main="main.js"
    ),
    "app/node_modules/strict-main/main.js": _JS,
    "app/node_modules/noimports/package.json": _package(name="noimports"),
    "app/node_modules/noimports/index.js": _JS,
    "app/node_modules/noimports/#x.js": _JS,
    "app/node_modules/fs/index.js": _JS,
    "app/node_modules/test/index.js": _JS,
    "real/pkg/package.json": _package(name="real-name", exports="./index.js"),
    "real/pkg/index.js": _JS,
    "global/everywhere/index.js": _JS,
    "global/node_modules/hidden-in-global/index.js": _JS,
}
LINKS = {
    "app/node_modules/linked": "../../real/pkg",
    "app/link.js": "a.js",
    "app/broken.js": "nowhere.js",
    "app/linkdir": "b",
}
NODE_PATH = "global"
CWD = "app"  # Node looks there for what it suggests

_RELATIVE = """
    ./a ./a.js ./a.json ./b ./b/ ./b/. ./b.json ./c ./d ./d.node ./e ./e.mjs ./e.cjs
    ./f ./f/ ./g ./h ./i ./j ./k ./l ./m ./n ./o ./p ./empty ./gone ./x ./y ./y.txt
    ./z.js ./z ./ ../app ../app/ . .. ./. ./.. ../ ./a/ ./a.js/ .//a.js ./b/../a
    ./with%20space.js ./per%cent.js ./per%25cent.js ./unié.js ./uni%C3%A9.js
    ./ha#sh.js ./ha%23sh.js ./que?ry.js ./a.js?x=1#frag ./a.js#frag ./b%2findex.js
    ./b%5cindex.js ./link.js ./broken.js ./linkdir ./linkdir/index.js ./.hidden
    ./module ./module/index.js ./module/sub/x.js ./module/sub/x.cjs ./module/sub/none
    ./commonjs/x.js ./commonjs/x.mjs ./strange/x.js ./wasm/x.wasm ./%2e/a.js
    ./b/%2e%2e/a.js ./b\\..\\a.js /etc/hostname /etc/nothing /etc ... ..a .hidden
    ...js ./b%00.js
""".split()
_SPACED = ["", " ", "./with space.js", " ./a.js", "./a.js ", "./a\tb.js", "plain "]
_PACKAGES = """
    plain plain/ plain/lib/sub plain/lib/sub.js plain/lib plain/gone plain/package.json
    single single.js above @scope/inner @scope/inner/ @scope/inner/lib/a
    @scope/inner/lib/a.js @scope @scope/ @scope/exp @scope/exp/sub/a @scope/exp/sub/b
    @scope/exp/x.js .dotted nomain badmain emptymain badjson hollow nowhere nowhere/sub
    @none/where linked real-name sugar sugar/sub sugar/main.js sugar-bad sugar-array
    sugar-cond sugar-none exports-null exports-number exports-false exports-empty
    exports-empty/main.js mixed numbered strict-main strict-main/main.js fs node:fs test
    node:test node:nothing fs/promises fs/ fs/x node:fs/ node: NODE:fs everywhere
    hidden-in-global pl%61in plain\\lib plain%2flib/x a%b @/x @scope%2finner
    https://example.test/x.js http:x file:///etc/hostname file:./a.js
    plain?x=1 plain/lib/sub.js?x#y x:y #x # #/ #x/ _http_agent node:_http_agent sys
    node_modules/plain shaped/p/../main.cjs shaped/p/node_modules/x
    shaped/p/NODE_MODULES/x
    shaped/p/%2e%2e/main shaped/p//file shaped/p/file%2fx shaped/p/with%20space
    shaped/p/ shaped/p/* shaped/file/ shaped/namefilewith shaped/folder/file.js
    shaped/p/private/x shaped/p/private/open/file shaped/p/file.js shaped/p/deep/file
    shaped/twice/file shaped/two/a/file shaped/ext/a.css shaped/ext/file.css
    shaped/ext/x
    shaped/cond/file shaped/outside/file shaped/package.json shaped/lib/file.js
""".split()
_SHAPED = [f"shaped{key[1:]}" for key in _SUBPATHS if "*" not in key]
_HASHED = [*(key for key in _IMPORTS if "*" not in key), *"#p/file #q/sub".split()]
_HASHED += "#p/gone #q/gone #gone #p/../x #r #/r/file #p/".split()

PARENTS = ("app/index.js", "app/deep/er/index.js", "app/node_modules/shaped/main.cjs")


def cases():
    """(kind, the file that asks, the specifier), each once."""
    everything = (*_RELATIVE, *_SPACED, *_PACKAGES, *_SHAPED)
    asked = list(itertools.product(PARENTS[:1], everything))
    asked += itertools.product(PARENTS[1:2], _PACKAGES[:24])
    asked += itertools.product(PARENTS[2:], (*_HASHED, *_SHAPED))
    asked += itertools.product(
        ("app/node_modules/noimports/index.js", "app/gone.js"), ("#x", "#x.js", "plain")
    )
    asked += itertools.product(
        ("real/pkg/index.js",), ("real-name", "real-name/x", "plain", "linked")
    )
    asked += [("app/j/index.js", "plain"), ("app/j/index.js", "#x")]
    asked += [("app/j/index.js", "./index.js"), ("app/module/index.js", "#x")]
    for kind, (parent, specifier) in itertools.product(("require", "import"), asked):
        yield kind, parent, specifier


def plant(root):
    """Writes the tree below a folder."""
    for name, text in TREE.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for name, target in LINKS.items():
        (root / name).symlink_to(target)

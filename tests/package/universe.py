"""Small packages that ask for each other in every way, and what is done with them.

record.py asks npm what each scenario ends in; test_tree.py asks napi.
"""

import json
import os
import re

from registry import make_tarball

HERE = {"os": ["linux"], "cpu": ["x64"], "libc": ["glibc"]}


def publish(registry):
    """All the packages."""
    add = registry.publish
    for version in ("1.0.0", "1.1.0", "1.2.0", "2.0.0", "2.1.0", "3.0.0-beta.1"):
        add("leaf", version, tags=["next"] if "beta" in version else [])
    add("leaf", "0.1.0")
    registry.packuments["leaf"]["dist-tags"].update(latest="2.1.0", old="1.0.0")
    for version in ("1.0.0", "1.3.0", "2.0.0"):
        add("old", version, **({"deprecated": "use new"} if version > "1.1" else {}))
    registry.packuments["old"]["dist-tags"]["latest"] = "2.0.0"
    for name, wanted in [
        ("one", "^1.0.0"), ("one-exact", "1.0.0"), ("two", "^2.0.0"), ("any", "*"),
        ("either", "^1.1 || ^2"), ("tagged", "old"), ("hyphen", "1.0.0 - 1.1.0"),
    ]:  # fmt: skip
        add(name, dependencies={"leaf": wanted})
    add("alias-user", dependencies={"leaf": "^2", "leaf1": "npm:leaf@^1"})
    # Deeper: what is shared goes up, what differs stays below.
    add("mid", "1.0.0", dependencies={"one": "*", "leaf": "^2"})
    add("mid", "2.0.0", dependencies={"two": "*", "leaf": "^1"})
    add("deep", dependencies={"mid": "^1", "leaf": "1.1.0"})
    add("deeper", dependencies={"deep": "*", "mid": "^2", "leaf": "0.1.0"})
    add("ring-a", dependencies={"ring-b": "*"})
    add("ring-b", dependencies={"ring-a": "*"})
    add("ring-c", dependencies={"ring-c": "*", "ring-a": "*"})
    # Peers.
    for version in ("16.0.0", "17.0.0", "17.5.0", "18.0.0"):
        add("host", version)
        add("host-dom", version, peerDependencies={"host": f"^{version}"})
    add("plugin", "1.0.0", peerDependencies={"host": "^17"})
    add("plugin", "2.0.0", peerDependencies={"host": "^18"})
    add("plugin-any", peerDependencies={"host": "*"})
    add("plugin-wide", peerDependencies={"host": "^16 || ^17"})
    add("plugin-two", peerDependencies={"host": "^17", "host-dom": "^17"})
    add(
        "plugin-maybe",
        peerDependencies={"host": "^17"},
        peerDependenciesMeta={"host": {"optional": True}},
    )
    add("kit", dependencies={"plugin": "^1", "host": "^17"})
    add("kit-old", dependencies={"plugin": "^1"})
    add("kit-new", dependencies={"plugin": "^2"})
    add("kit-both", dependencies={"plugin": "^2", "host": "^18", "kit": "*"})
    add("ring-peer-a", peerDependencies={"ring-peer-b": "*"})
    add("ring-peer-b", peerDependencies={"ring-peer-a": "*"})
    # Other machines.
    for system, more in {
        "linux-x64-gnu": HERE,
        "linux-x64-musl": {**HERE, "libc": ["musl"]},
        "linux-arm64-gnu": {**HERE, "cpu": ["arm64"]},
        "darwin-arm64": {"os": ["darwin"], "cpu": ["arm64"]},
        "not-linux": {"os": ["!linux"]},
        "not-win": {"os": ["!win32"], "cpu": ["any"]},
    }.items():
        add(f"@native/{system}", **more, dependencies={"leaf": "^1"})
    names = ["linux-x64-gnu", "linux-x64-musl", "linux-arm64-gnu", "darwin-arm64"]
    add("native", optionalDependencies={f"@native/{n}": "1.0.0" for n in names})
    add("native-chain", optionalDependencies={"native-need": "*", "one": "*"})
    add("native-need", dependencies={"@native/darwin-arm64": "*", "two": "*"})
    add("native-must", dependencies={"@native/darwin-arm64": "*"})
    add("maybe", optionalDependencies={"absent": "1", "leaf": "^1"})
    add("maybe-version", optionalDependencies={"leaf": "^77"})
    add("maybe-deep", optionalDependencies={"must-absent": "*", "two": "*"})
    add("must-absent", dependencies={"absent": "*"})
    add("both-ways", dependencies={"leaf": "^1"}, optionalDependencies={"leaf": "^2"})
    # What a package brings.
    manifest = {
        "name": "bundler", "version": "1.0.0", "bundleDependencies": ["inner"],
        "dependencies": {"inner": "^5", "leaf": "^1"},
    }  # fmt: skip
    files = {
        "node_modules/inner/package.json": {
            "name": "inner", "version": "5.5.5", "dependencies": {"@in/ner": "*"},
        },
        "node_modules/@in/ner/package.json": {"name": "@in/ner", "version": "6.0.0"},
        "node_modules/inner/node_modules/x/package.json": {
            "name": "x", "version": "7.0.0",
        },
    }  # fmt: skip
    packed = {name: json.dumps(data).encode() for name, data in files.items()}
    manifest["bundleDependencies"] = ["inner", "@in/ner"]
    add(**manifest, data=make_tarball(packed, manifest))
    add("brings-bundler", dependencies={"bundler": "*", "leaf": "^2"})
    add("tool", bin={"tool": "./bin/tool.js", "t": "bin/t"},
        files={"bin/tool.js": b"#!/usr/bin/env node", "bin/t": b"#!"})  # fmt: skip
    add("@scope/tool", bin="run.js", files={"run.js": b"#!"})
    add("script", hasInstallScript=True, scripts={"install": "exit 1"})
    add("paid", funding="https://localhost/pay", license="MIT", engines={"node": ">=1"})


def add(*specs):
    return ("add", *specs)


def remove(*names):
    return ("remove", *names)


def edit(**sections):
    return ("edit", sections)


#: name -> steps
SCENARIOS = {
    "a leaf": [add("leaf")],
    "a range": [add("leaf@^1")],
    "an exact version": [add("leaf@1.1.0")],
    "a range of many": [add("leaf@>=1 <2")],
    "a tilde": [add("leaf@~1.0.0")],
    "a tag": [add("leaf@next")],
    "another tag": [add("leaf@old")],
    "an alias": [add("mine@npm:leaf@^1")],
    "an alias of the latest": [add("mine@npm:leaf"), add("leaf")],
    "deprecated versions": [add("old@^1")],
    "the latest is deprecated": [add("old")],
    "shared": [add("one", "either", "any")],
    "two versions": [add("one", "two")],
    "in the other order": [add("two"), add("one")],
    "exact below": [add("leaf@2", "one", "one-exact")],
    "a tag below": [add("tagged", "hyphen")],
    "aliases below": [add("alias-user")],
    "deep": [add("deep")],
    "deeper": [add("deeper")],
    "deeper and a leaf": [add("leaf@1.2.0", "deeper")],
    "a leaf after": [add("deeper"), add("leaf@1.2.0")],
    "rings": [add("ring-a"), add("ring-c")],
    "removed": [add("one", "two", "deeper"), remove("deeper", "one")],
    "removed to nothing": [add("leaf"), remove("leaf")],
    "removed but needed": [add("leaf@^1", "one"), remove("leaf")],
    "newer": [add("leaf@1.0.0", "one"), add("leaf@1.2.0")],
    "newer major": [add("leaf@1.0.0", "one"), add("leaf@2")],
    "older": [add("leaf@2", "two"), add("leaf@1")],
    "a bare name stays in its range": [add("leaf@~1.0.0"), add("leaf")],
    "newer mid": [add("mid@1"), add("mid@2")],
    "peer": [add("plugin@1")],
    "peer of any": [add("plugin-any")],
    "peer that is there": [add("host@16"), add("plugin-any")],
    "peer beside": [add("plugin@1", "host")],
    "peer beside that fits": [add("plugin-wide", "host@16")],
    "peer set": [add("plugin-two")],
    "peer set beside": [add("plugin-two", "host@17.0.0")],
    "peer conflict": [add("host@18"), add("plugin@1")],
    "peer conflict of two": [add("plugin@1", "host-dom@18")],
    "peers together newer": [
        add("host@17", "host-dom@17"), add("host@18", "host-dom@18"),
    ],
    "peer alone newer": [add("host@17", "host-dom@17"), add("host@18")],
    "peer that may be missing": [add("plugin-maybe")],
    "peer that may be missing is there": [add("host@17", "plugin-maybe")],
    "peer below": [add("kit")],
    "peer below another": [add("host@18", "kit")],
    "peer below without its host": [add("host@18", "kit-old")],
    "peers of both": [add("kit-old", "kit-new")],
    "peers nested": [add("kit-both")],
    "ring of peers": [add("ring-peer-a")],
    "legacy peers": [edit(config="legacy-peer-deps=true"), add("host@18", "plugin@1")],
    "own peers": [edit(peerDependencies={"plugin-wide": "*"}), add("leaf")],
    "native": [add("native")],
    "native chain": [add("native-chain")],
    "native but needed": [add("native-must")],
    "native directly": [add("@native/darwin-arm64")],
    "native negated": [add("@native/not-win")],
    "native negated away": [add("@native/not-linux")],
    "optional itself": [
        edit(optionalDependencies={"@native/darwin-arm64": "*"}), add("one"),
    ],
    "optional and absent": [add("maybe")],
    "optional and no such version": [add("maybe-version")],
    "optional and absent below": [add("maybe-deep")],
    "both ways": [add("both-ways")],
    "bundled": [add("bundler")],
    "bundled below": [add("brings-bundler")],
    "commands": [add("tool", "@scope/tool")],
    "script": [add("script", "paid")],
    "development": [edit(devDependencies={"deep": "*"}), add("one")],
    "development and more": [
        edit(devDependencies={"native": "*", "plugin": "1", "maybe": "*"}), add("two"),
    ],
    "all kinds": [
        edit(devDependencies={"one": "*"}, optionalDependencies={"two": "*"}),
        add("either"),
    ],
    "omit": [edit(config="omit[]=dev", devDependencies={"deep": "*"}), add("one")],
    "exactly": [edit(config="save-exact=true"), add("leaf@^1")],
    "tilde prefix": [edit(config="save-prefix=~"), add("leaf")],
    "overrides": [edit(overrides={"leaf": "1.0.0"}), add("one", "two")],
    "overrides by the own": [
        edit(overrides={"leaf": "$leaf"}, dependencies={"leaf": "1.1.0"}), add("two"),
    ],
    "edited by hand": [
        add("leaf@1.0.0", "one"), edit(dependencies={"one": "*"}), add("any"),
    ],
    "widened by hand": [
        add("leaf@2"), edit(dependencies={"leaf": "*", "one": "*"}), add("two"),
    ],
    "absent": [add("absent")],
    "absent version": [add("leaf@^77")],
    "absent below": [add("must-absent")],
    "no such tag": [add("leaf@nosuch")],
}  # fmt: skip


def outcome(folder):
    """What a project has in the end: manifest, lock file, folders, commands."""
    manifest = json.loads((folder / "package.json").read_text())
    lock = json.loads((folder / "package-lock.json").read_text())
    modules = folder / "node_modules"
    places = [
        path.parent.relative_to(folder).as_posix()
        for path in modules.glob("**/package.json")
    ]
    bins = {
        link.name: os.readlink(link)  # noqa: PTH115
        for link in (modules / ".bin").glob("*")
    }
    for entry in lock["packages"].values():
        if "resolved" in entry:
            entry["resolved"] = re.sub(r"^http://[^/]*", "", entry["resolved"])
    return {
        "manifest": manifest,
        "order": list(lock["packages"]),
        "packages": lock["packages"],
        "there": sorted(places),
        "bin": dict(sorted(bins.items())),
    }


def change(folder, sections):
    """An edit by hand."""
    sections = dict(sections)
    if "config" in sections:
        (folder / ".npmrc").write_text(sections.pop("config") + "\n")
    path = folder / "package.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | sections, indent=2))

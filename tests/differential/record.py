#!/usr/bin/env python3
"""Records what Node prints for the probe and for the steps of each fixture.

python tests/differential/record.py [NAME ...]: fixtures, or probe-<version>; all of
them by default. Node is $NAPI_NODE, or the one that `make oracle` fetched.
"""

import sys

import fixtures

REQUIRE = "require(process.argv[1]).run()"


def record(name, program):
    if name in fixtures.FIXTURES:
        return fixtures.run_node(program, name)
    addon = fixtures.probe_of(name.removeprefix("probe-"))
    return fixtures.lines_of([str(program), "-e", REQUIRE, str(addon)])


def main():
    program = fixtures.node()
    if program is None:
        sys.exit("Node is not here: make oracle, or name it in NAPI_NODE")
    probes = [f"probe-{version}" for version in fixtures.PROBES]
    for name in sys.argv[1:] or [*probes, *fixtures.FIXTURES]:
        lines = record(name, program)
        path = fixtures.HERE / f"{name}.txt"
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        print(f"{path}: {len(lines)} lines")


if __name__ == "__main__":
    main()

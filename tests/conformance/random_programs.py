"""Random programs of statements, run by two engines: their logs must agree.

    python tests/conformance/random_programs.py NODE [--seed N] [--count N]

``NODE`` is an engine to compare with, as a command that takes a file. Each program
logs what it does: jumps out of try and finally, labels, closures of loops, classes,
generators, destructuring, the order of async functions. What differs is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAD = """
const AsyncFunction = (async () => 1).constructor;
const run = async (number, text) => {
  const lines = [];
  const log = (...words) => {
    if (lines.length < 200) lines.push(words.map(show).join(" "));
  };
  try {
    log("=", await new AsyncFunction("log", text)(log));
  } catch (e) {
    log("!", e);
  }
  for (let i = 0; i < 12; i++) await null;
  console.log(number + ": " + lines.join("; "));
};
const show = (x) => {
  if (x instanceof SyntaxError) return x.name;
  if (x instanceof Error) return x.name + "(" + x.message + ")";
  if (typeof x === "function") return "function " + x.name;
  if (typeof x === "bigint") return x + "n";
  if (typeof x === "symbol") return "symbol";
  if (Object.is(x, -0)) return "-0";
  if (Array.isArray(x)) return "[" + Array.from(x, show).join(",") + "]";
  if (x && typeof x === "object") {
    return "{" + Object.keys(x).map((k) => k + ":" + show(x[k])).join(",") + "}";
  }
  return typeof x === "string" ? JSON.stringify(x) : String(x);
};
"""


class Maker:
    """Makes the text of one program.

    Args:
        seed: The same seed gives the same program.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.count = 0
        self.names: list[str] = []
        self.labels: list[tuple[str, bool]] = []
        self.kinds = ["async"]
        self.loops = 0
        self.budget = 200

    # === choices ===

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def name(self, letter: str = "v") -> str:
        self.count += 1
        return f"{letter}{self.count}"

    # === expressions ===

    def atom(self) -> str:
        if self.names and self.chance(0.6):
            return self.random.choice(self.names)
        return self.pick(
            "0",
            "1",
            "2",
            "-1",
            "'a'",
            "''",
            "null",
            "undefined",
            "true",
            "[1, 2]",
            "({ p: 1 })",
            "1n",
            "NaN",
            "[]",
            "(() => 3)",
        )

    def expression(self, depth: int = 2) -> str:
        if depth <= 0 or self.chance(0.3):
            return self.atom()
        inner = depth - 1
        one, two = self.expression(inner), self.expression(inner)
        forms = [
            f"({one} {self.pick('+', '-', '*', '<', '==', '===', '%')} {two})",
            f"({one} {self.pick('&&', '||')} {two})",
            f"({one} ?? {two})",
            f"({one} ? {two} : {self.atom()})",
            f"[{one}, {two}]",
            f"[...[{one}], {two}]",
            f"({{ p: {one}, q: {two} }})",
            f"`${{{one} ?? 0}}-${{typeof {two}}}`",
            f"typeof {one}",
            f"{one}?.p",
            f"({one}, {two})",
            f"(log({one}), {two})",
            f"(() => {one})()",
            f"((a, b = {one}, ...c) => [a, b, c])({two})",
        ]
        if self.names and self.chance(0.3):
            name = self.random.choice(self.names)
            forms.append(f"({name} = {one})")
            forms.append(f"{name}++")
            forms.append(f"({name} {self.pick('+=', '??=', '||=', '&&=')} {one})")
        if self.kinds[-1] in ("async", "asyncgenerator"):
            forms.append(f"(await {one})")
        if "generator" in self.kinds[-1]:
            forms.append(f"(yield {one})")
        return self.random.choice(forms)

    def pattern(self) -> tuple[str, list[str]]:
        names = [self.name() for _ in range(self.random.randint(1, 3))]
        form = self.pick("array", "object", "deep", "name")
        if form == "name":
            return names[0], names[:1]
        if form == "array":
            parts = [
                f"{one} = {self.expression(1)}" if self.chance(0.4) else one
                for one in names
            ]
            if self.chance(0.3):
                parts[-1] = "..." + names[-1]
            return f"[{', '.join(parts)}]", names
        if form == "object":
            keys = ["p", "q", "length"]
            parts = [f"{key}: {one}" for key, one in zip(keys, names, strict=False)]
            parts[0] += f" = {self.expression(1)}"
            return f"{{ {', '.join(parts)} }}", names
        rest = names[1:]
        inner = f"[{', '.join(rest)}]" if rest else "[]"
        return f"{{ p: {names[0]}, q: {inner} = [] }}", names

    # === statements ===

    def block(self, depth: int) -> str:
        known = len(self.names)
        count = self.random.randint(1, 3)
        text = " ".join(self.statement(depth) for _ in range(count))
        del self.names[known:]
        return f"{{ {text} }}"

    def statement(self, depth: int) -> str:
        self.budget -= 1
        if depth <= 0 or self.budget < 0:
            return f"log({self.expression(1)});"
        makers = [
            self.declare,
            self.declare,
            self.attempt,
            self.attempt,
            self.loop,
            self.loop,
            self.function,
            self.choose,
            self.switch,
            self.jump,
            self.klass,
            self.generator,
            self.say,
            self.say,
            self.later,
            self.labelled,
            self.assignment,
        ]
        return self.random.choice(makers)(depth - 1)

    def say(self, depth: int) -> str:
        return f"log({self.expression()});"

    def assignment(self, depth: int) -> str:
        if len(self.names) < 2:
            return self.say(depth)
        one, two = self.random.sample(self.names, 2)
        if self.chance(0.5):
            return f"[{one}, {two} = {self.expression(1)}] = [{two}, {one}];"
        return f"({{ p: {one} = {two}, ...{two} }} = {{ p: {self.expression(1)} }});"

    def declare(self, depth: int) -> str:
        pattern, names = self.pattern()
        value = self.expression()
        if pattern[0] in "[{":
            start = "[" if pattern[0] == "[" else "{ p: 1, q: "
            end = "]" if pattern[0] == "[" else " }"
            value = f"{start}{value}{end}"
            if pattern[0] == "{" and "q: [" in pattern:
                value = f"{{ p: {self.expression(1)}, q: [{self.expression(1)}] }}"
        self.names += names
        return f"{self.pick('let', 'var')} {pattern} = {value};"

    def attempt(self, depth: int) -> str:
        text = f"try {self.block(depth)}"
        form = self.pick("catch", "finally", "both")
        if form != "finally":
            caught = self.name("e")
            self.names.append(caught)
            text += f" catch ({caught}) {self.block(depth)}"
            self.names.remove(caught)
        if form != "catch":
            text += f" finally {self.block(depth)}"
        return text

    def loop(self, depth: int) -> str:
        name = self.name("i")
        form = self.pick("for", "of", "in", "while", "do", "entries")
        self.loops += 1
        known = len(self.names)
        self.names.append(name)
        keep = f"fs.push(() => {name});" if self.chance(0.4) else ""
        body = self.block(depth)
        del self.names[known:]
        self.loops -= 1
        kind = self.pick("let", "var") if not keep else "let"
        if form == "for":
            head = f"{kind} {name} = 0, n = 0; n < 3; {name}++, n++"
            text = f"for ({head}) {{ {keep} {body} }}"
        elif form == "of":
            text = f"for ({kind} {name} of [1, 'b', [2]]) {{ {keep} {body} }}"
        elif form == "in":
            text = f"for ({kind} {name} in {{ p: 1, q: 2 }}) {{ {keep} {body} }}"
        elif form == "entries":
            text = f"for (const [{name}, w = 5] of [[1], [2, 3]]) {{ {keep} log(w); "
            text = text.replace("const", "let") + f"{body} }}"
        elif form == "while":
            text = f"{{ let n = 0, {name} = 3; while (n++ < 3) {{ {keep} {body} }} }}"
        else:
            text = (
                f"{{ let n = 0, {name} = 3; do {{ {keep} {body} }} while (n++ < 2); }}"
            )
        if keep:
            return f"{{ const fs = []; {text} log(fs.map((f) => f())); }}"
        return text

    def labelled(self, depth: int) -> str:
        label = self.name("L")
        self.labels.append((label, False))
        body = self.block(depth)
        self.labels.pop()
        return f"{label}: {body}"

    def jump(self, depth: int) -> str:
        forms = [
            f"throw {self.expression(1)};",
            f"throw new RangeError({self.atom()});",
        ]
        forms.append(f"return {self.expression(1)};")
        if self.loops:
            forms += ["break;", "continue;"] * 2
        forms += [f"break {label};" for label, _ in self.labels] * 2
        return f"if ({self.expression(1)}) {self.random.choice(forms)}"

    def choose(self, depth: int) -> str:
        text = f"if ({self.expression()}) {self.block(depth)}"
        return text + (f" else {self.block(depth)}" if self.chance(0.5) else "")

    def switch(self, depth: int) -> str:
        cases = []
        self.loops += 1
        for _ in range(3):
            test = f"case {self.atom()}:" if self.chance(0.8) else ""
            if not test:
                test = (
                    "case 9:" if any("default" in one for one in cases) else "default:"
                )
            stop = " break;" if self.chance(0.4) else ""
            cases.append(f"{test} {self.block(depth)}{stop}")
        self.loops -= 1
        text = f"switch ({self.expression(1)}) {{ {' '.join(cases)} }}"
        return text.replace("continue;", "log('c');")

    def inside(self, kind: str, depth: int, names: list[str]) -> str:
        """A body of a function: jumps do not leave it."""
        labels, loops, known = self.labels, self.loops, len(self.names)
        self.labels, self.loops = [], 0
        self.kinds.append(kind)
        self.names += names
        text = " ".join(self.statement(depth) for _ in range(2))
        text += f" return {self.expression(1)};"
        del self.names[known:]
        self.kinds.pop()
        self.labels, self.loops = labels, loops
        return text

    def function(self, depth: int) -> str:
        name, one = self.name("f"), self.name("a")
        default = f" = {self.expression(1)}" if self.chance(0.4) else ""
        body = self.inside("plain", depth, [one])
        call = f"{name}({self.atom()}, {self.atom()})"
        more = f" log({name}.length, {call});" if self.chance(0.8) else ""
        use = " log(arguments.length);" if self.chance(0.3) else ""
        return f"function {name}({one}{default}) {{{use} {body} }}{more}"

    def klass(self, depth: int) -> str:
        name, base = self.name("C"), self.name("B")
        first = self.inside("plain", depth - 1, [])
        return (
            f"class {base} {{ #h = {self.atom()}; static s = {self.atom()}; "
            f"f = {self.atom()}; get g() {{ return this.#h; }} m(x) {{ {first} }} "
            f"static {{ log(this.s); }} }} class {name} extends {base} {{ f = 'own'; "
            f"constructor(...a) {{ log('new', a.length); super(...a); log(this.f); }} "
            f"m(x) {{ return [super.m(x), this.g, new.target]; }} }} "
            f"log(new {name}({self.atom()}).m({self.atom()}), {name}.s);"
        )

    def generator(self, depth: int) -> str:
        name, it = self.name("g"), self.name("it")
        one = self.inside("generator", depth, [])
        how = self.pick("next", "return", "throw", "spread", "of")
        text = f"function* {name}() {{ log('begin'); yield {self.atom()}; {one} }} "
        if how == "spread":
            return (
                text
                + f"{{ let n = 0; for (const y of {name}()) "
                + "{ log(y); if (n++ > 4) break; } }"
            )
        if how == "of":
            return text + f"const [{it}] = {name}(); log({it});"
        return (
            text + f"const {it} = {name}(); log({it}.next()); "
            f"try {{ log({it}.{how}({self.atom()})); log({it}.next(7)); }} "
            f"catch (e) {{ log('out', e); }} log({it}.next().done);"
        )

    def later(self, depth: int) -> str:
        name = self.name("t")
        kind = self.pick("async", "asyncgenerator")
        body = self.inside(kind, depth, [])
        if kind == "async":
            start = f"async function {name}() {{ log('in'); {body} }} "
            if self.chance(0.5) and self.kinds[-1] == "async":
                return start + f"log(await {name}());"
            return start + f"{name}().then((x) => log('then', x), (e) => log('no', e));"
        start = f"async function* {name}() {{ yield {self.atom()}; {body} }} "
        if self.kinds[-1] == "async":
            loop = f"{{ let n = 0; for await (const y of {name}()) "
            return start + loop + "{ log(y); if (n++ > 2) break; } }"
        return start + f"{name}().next().then((x) => log(x));"

    def program(self) -> str:
        """The text of the whole program."""
        count = self.random.randint(3, 8)
        return "\n  ".join(self.statement(6) for _ in range(count))


def source(seeds: range) -> str:
    """The text of a file that runs some programs one after the other.

    Args:
        seeds: Theirs.
    """
    parts = [HEAD, "(async () => {"]
    for seed in seeds:
        parts.append(f"await run({seed}, {json.dumps(Maker(seed).program())});")
    return "\n".join([*parts, "})();"])


def _lines(command: list[str], text: str) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "programs.js"
        path.write_text(text)
        done = subprocess.run(
            [*command, str(path)],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"},
            capture_output=True,
            text=True,
            timeout=300,
        )
    found = dict(
        line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line
    )
    found["error"] = done.stderr
    return found


def main(words: list[str] | None = None) -> int:
    """Runs programs; 1 if one differs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("node")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--show", action="store_true", help="show the programs, too")
    options = parser.parse_args(words)
    seeds = range(options.seed, options.seed + options.count)
    text = source(seeds)
    theirs = _lines([options.node], text)
    ours = _lines([sys.executable, "-m", "napi", "run"], text)
    differ = 0
    for seed in seeds:
        one, two = theirs.get(str(seed)), ours.get(str(seed))
        if one != two:
            differ += 1
            print(f"{seed}\n  theirs {one}\n  ours   {two}")
            if options.show:
                print(Maker(seed).program())
    for whose, found in (("theirs", theirs), ("ours", ours)):
        if found["error"]:
            print(f"{whose}: {found['error'][-600:]}")
    print(f"{differ} of {len(seeds)} differ")
    return int(differ > 0)


if __name__ == "__main__":
    sys.exit(main())

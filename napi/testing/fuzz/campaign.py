"""A campaign: rounds of cases, drawn and shrunk by hypothesis, run in a child.

What is new - an export that gives another kind of result, another error, another
edge - goes to the corpus, and later rounds vary it. A finding ends its round: the
case is shrunk, saved, and its like is not looked at again.
"""

from __future__ import annotations

import contextlib
import re
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from napi.testing.fuzz import change, declared, finding, stack
from napi.testing.fuzz.case import Case, title
from napi.testing.fuzz.child import Child, Outcome
from napi.testing.fuzz.corpus import Corpus
from napi.testing.fuzz.shape import title as title_of
from napi.testing.fuzz.strategies import SAMPLES, Grammar
from napi.testing.fuzz.total import Total

__all__ = ["Campaign", "Stopped", "configure"]

_ROUND = 150
_LIFE = 300  # cases of a child
_SHRINK = 45.0
_TRIES = 400
_TIRED = 5
_NOTE = 1.0
_RECENT = 200
_SCATTER = 600
_WORD = re.compile(r"[`'\"]([\w.-]{1,40})[`'\"]")


class Stopped(BaseException):
    """The time is over. No Exception: hypothesis would take it for a finding."""


class _Found(Exception):
    """The case shows what this round is about."""


class _Aim:
    """The finding that a round shrinks."""

    def __init__(self) -> None:
        self.key = ""
        self.tries = 0
        self.limit = 0.0
        self.best: tuple[Case, Outcome, bool] | None = None

    def take(self, case: Case, outcome: Outcome, alone: bool) -> None:
        """Keeps the last one: hypothesis only goes on to smaller ones."""
        if not self.key:
            self.key, self.limit = outcome.key, time.monotonic() + _SHRINK
        self.best = (case, outcome, alone)


def configure(target: str, **given: Any) -> dict[str, Any]:
    """The settings of a campaign, as plain data.

    Args:
        target: A file, or ``package@folder``.
        given: ``strict``, ``leaks`` (bool); ``timeout`` of a case in seconds;
            ``memory`` of a child in MiB, 0 for no limit; ``sanitizer``; ``exports``
            and ``skip``, titles; ``words``; ``length`` of a case; ``declarations``,
            a file; ``transcript``: tell all that calls give, for the oracle.
    """
    config = {
        "target": target,
        "strict": True,
        "leaks": True,
        "timeout": 5.0,
        "memory": 8192,
        "sanitizer": "",
        "exports": [],
        "skip": [],
        "words": [],
        "length": 6,
        "declarations": "",
        "transcript": False,
    }
    unknown = sorted(set(given) - set(config))
    if unknown:
        raise TypeError(f"no such setting of a campaign: {', '.join(unknown)}")
    if Path(target).is_file():  # children work elsewhere
        config["target"] = str(Path(target).resolve())
    return config | given


def _wanted(entry: dict[str, Any], config: dict[str, Any]) -> bool:
    name = ".".join(entry["path"])

    def named(listed: Iterable[str]) -> bool:
        return any(name == one or name.startswith(f"{one}.") for one in listed)

    if named(config["skip"]):
        return False
    return not config["exports"] or named(config["exports"])


class Campaign:
    """One child after another with one addon.

    Args:
        config: See :func:`configure`.
        out: The folder for findings and corpus.
        seed: Of all that is drawn.
        progress: Called now and then with this object.
    """

    def __init__(
        self,
        config: dict[str, Any],
        out: Path,
        seed: int = 0,
        progress: Callable[[Campaign], None] | None = None,
    ) -> None:
        self.config, self.out, self.seed = config, out, seed
        self.progress = progress
        self.findings = finding.read_all(out / "findings")
        self.known = {one["key"] for one in self.findings}
        self.corpus = Corpus(out / "corpus")
        self.cases = self.rounds = self.steps = self.children = 0
        self.outcomes: dict[str, Counter[str]] = {}
        self.results: dict[str, list[str]] = {}
        self.calls: Counter[tuple[str, int]] = Counter()
        self.words: set[str] = set(config["words"])
        self.numbers: set[int] = set()
        self.hits: Counter[str] = Counter()
        self.deaths: Counter[str] = Counter()
        self.leaky: list[set[str]] = []  # steps known to leave something
        self.edges: set[int] = set()
        self.dice = change.Dice(f"{seed}")
        self.start = time.monotonic()
        self.history: list[list[float]] = []
        self.child: Child | None = None
        self.past: list[Case] = []
        self.spare: Child | None = None  # starts while the other one works
        self.shape = [one for one in self._child().greet() if _wanted(one, config)]
        self.declared = declared.read(config)
        self._note_names()

    # === time ===

    def run(self, seconds: float, cases: int | None = None, sweep: bool = True) -> None:
        """Runs for so long, or so many cases; what is being shrunk is finished.

        Args:
            seconds: How long.
            cases: How many at most.
            sweep: Begin with one call of each function with each kind of value.
        """
        limit = time.monotonic() + seconds
        try:
            self._load_corpus(limit)
            if sweep:
                self._sweep(limit, cases)
            while time.monotonic() < limit and not self._is_enough(cases):
                self._round(limit, cases)
                self._scatter(limit, cases)
        finally:
            self.close()

    def _is_enough(self, cases: int | None) -> bool:
        return cases is not None and self.cases >= cases

    def close(self) -> None:
        """Ends the child."""
        for child in (self.child, self.spare):
            if child is not None:
                child.close()
        self.child = self.spare = None

    def _load_corpus(self, limit: float) -> None:
        """Cases of an earlier campaign: what they reach is known again."""
        for case in self.corpus.unseen():
            if time.monotonic() > limit:
                return
            self._observe(case, self._execute(case))

    def _sweep(self, limit: float, cases: int | None) -> None:
        """Each function with one value of each kind, before anything is drawn."""
        for sample in ([], *([one] for one in SAMPLES)):
            for entry in self.shape:
                if time.monotonic() > limit or self._is_enough(cases):
                    return
                do = "new" if entry["kind"] == "class" else "call"
                step = {"do": do, "on": -1, "path": entry["path"], "args": sample}
                outcome, alone, shown = self._examine([step])
                if outcome.key and outcome.key not in self.known:
                    self._save(shown, outcome, alone)
            self._report()

    # === a round ===

    def _strategy(self) -> Any:
        from hypothesis import strategies as st

        # Where it always dies nothing else is found, and each child costs.
        tired = {name for name, count in self.deaths.items() if count >= _TIRED}
        rested = [one for one in self.shape if title_of(one) not in tired]
        grammar = Grammar(
            rested if rested and self.rounds % 4 else self.shape,
            words=sorted(self.words),
            declared=self.declared.strategies if self.declared else None,
            results=self.results,
            length=self.config["length"],
            numbers=sorted(self.numbers),
        )
        if not self.corpus.cases:
            return grammar.cases()
        recent = self.corpus.pick(_RECENT)
        return st.one_of(grammar.cases(), change.varied(recent, grammar))

    def _round(self, limit: float, cases: int | None) -> None:
        import hypothesis
        from hypothesis import HealthCheck, Phase, Verbosity

        aim = _Aim()

        def attempt(case: Case) -> None:
            if not aim.key and (time.monotonic() > limit or self._is_enough(cases)):
                raise Stopped
            self._attempt(case, aim)

        self.rounds += 1
        chosen = hypothesis.settings(
            max_examples=_ROUND,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
            report_multiple_bugs=False,
        )
        given: Any = hypothesis.given(self._strategy())
        seeded: Any = hypothesis.seed(f"{self.seed}.{self.rounds}")
        test = seeded(chosen(given(attempt)))
        ends = (_Found, Stopped, hypothesis.errors.HypothesisException)
        # Threads of a dask worker draw random numbers meanwhile, which is no fault.
        ignored = hypothesis.errors.HypothesisDeprecationWarning
        with contextlib.suppress(*ends), warnings.catch_warnings():
            warnings.simplefilter("ignore", ignored)
            test()
        if aim.best is not None:
            self._save(*aim.best)
        self._report()

    def _scatter(self, limit: float, cases: int | None) -> None:
        """Many variations of known cases, by chance: quicker than drawing them."""
        corpus = self.corpus.pick(_RECENT)
        self.dice.numbers = sorted(self.numbers)
        for _ in range(_SCATTER if corpus else 0):
            if time.monotonic() > limit or self._is_enough(cases):
                return
            case = change.vary(self.dice, corpus, 2 * self.config["length"])
            outcome, alone, shown = self._examine(case)
            self.hits.update([outcome.key] if outcome.key else [])
            if outcome.key and outcome.key not in self.known:
                shown, outcome = self._smallest(shown, outcome)
                self._save(shown, outcome, alone)

    def _smallest(self, case: Case, outcome: Outcome) -> tuple[Case, Outcome]:
        """What is left of a case without what it does not need."""
        limit = time.monotonic() + _SHRINK
        best = [outcome]

        def fails(smaller: Case) -> bool:
            if time.monotonic() > limit:
                return False
            again = self._replay([smaller])
            if again.key == outcome.key:
                best[0] = again
            return again.key == outcome.key

        return change.reduced(case, fails), best[0]

    def _attempt(self, case: Case, aim: _Aim) -> None:
        if aim.key:
            aim.tries += 1
            if time.monotonic() > aim.limit or aim.tries > _TRIES:
                raise Stopped
        if not case:
            return
        if not aim.key:
            self.dice.learn(case)
        outcome, alone, shown = self._examine(case)
        if not outcome.key:
            return
        self.hits[outcome.key] += 1
        if outcome.key in self.known:
            return
        if not aim.key or outcome.key == aim.key:
            aim.take(shown, outcome, alone)
            raise _Found

    def _examine(self, case: Case) -> tuple[Outcome, bool, Case]:
        """Runs a case; what it needs of the cases before it, if it fails.

        Returns:
            The outcome, whether it was seen twice, and what to run to see it.
        """
        outcome = self._execute(case)
        self._observe(case, outcome)
        if not outcome.key or outcome.key in self.known:
            return outcome, True, case
        if outcome.step >= 0:
            case = case[: outcome.step + 1]
        again = self._replay([case])
        if again.key:
            return again, True, case
        history = self.past[-_LIFE:]
        if len(history) > 1 and self._replay(history).key == outcome.key:
            return outcome, True, self._needed(history, outcome.key)
        return outcome, False, case

    def _needed(self, history: list[Case], key: str) -> Case:
        limit = time.monotonic() + _SHRINK

        def fails(case: Case) -> bool:
            return time.monotonic() < limit and self._replay([case]).key == key

        count = 2
        while count < len(history) and not fails(change.join(history[-count:])):
            count *= 2
        joined = change.join(history[-count:])
        return change.reduced(joined, fails) if fails(joined) else joined

    # === children ===

    def _child(self) -> Child:
        if self.child is None:
            self.child = self._start()
        return self.child

    def _start(self) -> Child:
        """A child that is ready, or nearly so."""
        self.children += 1
        child = self.spare or Child(self.config)
        self.spare = Child(self.config)
        return child

    def _execute(self, case: Case) -> Outcome:
        """Runs a case in the child that is there."""
        child = self._child()
        titles = {title(step) for step in case}
        outcome = child.run(case, not any(one <= titles for one in self.leaky))
        self.past = child.history
        self.cases += 1
        self.steps += len(case)
        if outcome.kind in ("crash", "hang", "exit", "sanitizer"):
            self.child = None
        elif len(child.history) >= _LIFE:
            self.child = None
            left = child.leave()
            if left.key and not outcome.key:
                return left
        if self.cases % 50 == 0:
            self._report()
        return outcome

    def _replay(self, cases: list[Case]) -> Outcome:
        """Runs cases in a child of their own, to its end."""
        child = self._start()
        for case in cases:
            outcome = child.run(case)
            if outcome.kind in ("crash", "hang", "exit", "sanitizer"):
                return outcome
            if outcome.key:
                child.close()
                return outcome
        return child.leave()

    # === what was learned ===

    def _note_names(self) -> None:
        for entry in self.shape:
            self.words |= {*entry["path"][-1:], *entry.get("methods", ())}
        if self.declared is not None:
            self.words |= set(sorted(self.declared.words)[:300])

    def _observe(self, case: Case, outcome: Outcome) -> None:
        answer = outcome.answer
        self.edges.update(answer.get("edges", ()))
        features: set[str] = {f"edge {edge}" for edge in answer.get("edges", ())}
        for step, became in zip(case, answer.get("steps", ()), strict=False):
            name = title(step)
            self.outcomes.setdefault(name, Counter())[became[0]] += 1
            if became[0] == "thrown":
                text = stack.plain(" ".join(became[1:]))[:80]
                features.add(f"{name} throws {text}")
                self.words.update(_WORD.findall(became[-1])[:5])
                continue
            features.add(f"{name} gives {' '.join(became[:2])}")
            if len(became) > 2 and step["on"] < 0:
                listed = self.results.setdefault(".".join(step["path"]), [])
                listed += [one for one in became[2:] if one not in listed]
        for name, status, count in answer.get("calls", ()):
            self.calls[(name, status)] = max(self.calls[(name, status)], count)
            features.add(f"{name} {status}")
        if len(self.numbers) < 2000:
            self.numbers.update(answer.get("compared", ()))
        if outcome.kind in ("fine", "leak"):
            self.corpus.offer(case, features)
        elif outcome.kind not in ("strict", "host") and case:
            self.outcomes.setdefault(title(case[-1]), Counter())[outcome.kind] += 1
            self.deaths.update({title(case[-1]).removeprefix("new ")})

    def _save(self, case: Case, outcome: Outcome, alone: bool) -> None:
        """Writes a finding, unless its stack is that of a known one."""
        self.known.add(outcome.key)
        if outcome.kind == "leak":
            self.leaky.append(set(outcome.answer["guilty"]))
        steps = outcome.answer.get("steps")
        if steps is None and len(case) > 1:
            child = self._start()
            before = child.run(case[:-1])
            child.close()
            steps = before.answer.get("steps")
        made = finding.save(
            self.out / "findings", case, outcome, self.config, steps or [], alone
        )
        self.findings.append(made)

    def data(self) -> dict[str, Any]:
        """The counts so far as plain data, see :class:`Total`."""
        return {
            "cases": self.cases,
            "calls": self.steps,
            "children": self.children,
            "features": len(self.corpus.features),
            "shape": self.shape,
            "outcomes": {name: dict(one) for name, one in self.outcomes.items()},
            "functions": [[*key, count] for key, count in self.calls.items()],
            "edges": sorted(self.edges),
        }

    def total(self) -> Total:
        """The counts so far, and the history."""
        made = Total()
        made.add(self.data())
        made.findings, made.corpus = self.findings, len(self.corpus.cases)
        made.start, made.history = self.start, self.history
        return made

    def _report(self) -> None:
        now = time.monotonic()
        if not self.history or now - self.start - self.history[-1][0] > _NOTE:
            self.total().note()
        if self.progress is not None:
            self.progress(self)

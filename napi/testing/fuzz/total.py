"""What a campaign has done so far: its own counts, or those of all its shards."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

__all__ = ["Total"]


class Total:
    """Counts, merged from what :meth:`Campaign.data` gives.

    Attributes:
        cases: How many were run.
        calls: How many calls they were.
        children: How many processes.
        shape: The exports, see :func:`napi.testing.fuzz.shape.describe`.
        outcomes: By export, how often what happened.
        functions: By function of Node-API and status, how often; empty where the
            build does not count.
        edges: Of the instrumented addon.
        findings: In the order in which they were found.
        corpus: How many cases are in it.
        interrupted: Whether the user ended it.
        history: ``[seconds, cases, corpus, features, findings]``, now and then.
    """

    def __init__(self) -> None:
        self.start = time.monotonic()
        self.cases = self.calls = self.children = self.corpus = self.features = 0
        self.shape: list[dict[str, Any]] = []
        self.outcomes: dict[str, Counter[str]] = {}
        self.functions: dict[str, Counter[int]] = {}
        self.edges: set[int] = set()
        self.findings: list[dict[str, Any]] = []
        self.interrupted = False
        self.history: list[list[float]] = []

    def add(self, data: dict[str, Any]) -> None:
        """Adds the counts of a shard; its findings and its corpus are files."""
        self.cases += data["cases"]
        self.calls += data["calls"]
        self.children += data["children"]
        self.features = max(self.features, data["features"])
        self.shape = data["shape"]
        for name, counts in data["outcomes"].items():
            self.outcomes.setdefault(name, Counter()).update(counts)
        for name, status, count in data["functions"]:
            self.functions.setdefault(name, Counter())[status] += count
        self.edges.update(data["edges"])

    def note(self) -> None:
        """Adds a line to the history."""
        spent = round(time.monotonic() - self.start, 1)
        line = [spent, self.cases, self.corpus, self.features, len(self.findings)]
        self.history.append(line)

    def write(self, path: Path, config: dict[str, Any]) -> None:
        """Writes all counts as JSON."""
        data = {
            "config": config,
            "cases": self.cases,
            "calls": self.calls,
            "children": self.children,
            "corpus": self.corpus,
            "features": self.features,
            "edges": len(self.edges),
            "outcomes": self.outcomes,
            "functions": self.functions,
            "findings": [one["name"] for one in self.findings],
            "history": self.history,
        }
        path.write_text(json.dumps(data, indent=1) + "\n")

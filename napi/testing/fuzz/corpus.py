"""The cases worth keeping: each reached something that none before it did."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from napi.testing.fuzz.case import Case, digest, valid

__all__ = ["Corpus"]


class Corpus:
    """A folder of cases, one file each. Folders of two campaigns can be merged.

    Args:
        folder: Where the files are; it is made when the first one is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cases: list[Case] = []
        self.features: set[str] = set()
        self._read: set[str] = set()

    def unseen(self) -> list[Case]:
        """The cases of files that were not there before."""
        found = []
        for path in sorted(self.folder.glob("*.json")):
            if path.stem in self._read:
                continue
            self._read.add(path.stem)
            with contextlib.suppress(ValueError, OSError, KeyError, TypeError):
                case = json.loads(path.read_text())
                if valid(case):
                    found.append(case)
        return found

    def offer(self, case: Case, features: set[str]) -> bool:
        """Keeps a case that has a feature of its own.

        Returns:
            Whether it was kept.
        """
        fresh = features - self.features
        if not fresh:
            return False
        self.features |= fresh
        self.cases.append(case)
        self.keep(case)
        return True

    def keep(self, case: Case) -> bool:
        """Writes a case, unless it is there.

        Returns:
            Whether it was not.
        """
        name = digest(case)
        self._read.add(name)
        path = self.folder / f"{name}.json"
        if path.exists():
            return False
        self.folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(case) + "\n")
        return True

    def pick(self, count: int) -> list[Case]:
        """The newest cases, which the next round varies."""
        return self.cases[-count:]

"""The front matter of a test of test262, and what is left out, with its reason.

Source: test262's INTERPRETING.md, "Metadata".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

__all__ = ["LEFT_OUT", "Meta", "read"]

_MATTER = re.compile(r"/\*---\r?\n?(.*?)---\*/", re.S)

_PROPOSAL = "Node 26 does not have it"
_REALM = "there is one realm"
_AGENT = "needs another agent (Atomics.wait)"
LEFT_OUT = {
    "Atomics.waitAsync": _AGENT,
    "IsHTMLDDA": "an object of browsers",
    "Iterator.prototype.join": _PROPOSAL,
    "Math.sumPrecise": _PROPOSAL,
    "ShadowRealm": _PROPOSAL,
    "Temporal": "Temporal",
    "await-dictionary": _PROPOSAL,
    "cross-realm": _REALM,
    "decorators": _PROPOSAL,
    "error-stack-accessor": _PROPOSAL,
    "export-defer": _PROPOSAL,
    "immutable-arraybuffer": _PROPOSAL,
    "import-bytes": _PROPOSAL,
    "import-defer": _PROPOSAL,
    "import-text": _PROPOSAL,
    "iterator-chunking": _PROPOSAL,
    "iterator-includes": _PROPOSAL,
    "joint-iteration": _PROPOSAL,
    "nonextensible-applies-to-private": _PROPOSAL,
    "source-phase-imports": _PROPOSAL,
    "source-phase-imports-module-source": _PROPOSAL,
    "tail-call-optimization": "no engine but one has tail calls",
}
"""Features that are out of scope, and why."""


@dataclass
class Meta:
    """One test.

    Attributes:
        path: The file.
        source: Its text.
        includes: Files of the harness, in order.
        flags: As they are written.
        features: What it needs.
        negative: The error that it must end with, and when; or None.
    """

    path: Path
    source: str
    includes: list[str]
    flags: list[str]
    features: list[str]
    negative: dict[str, str] | None

    @property
    def is_module(self) -> bool:
        """Whether it is an ECMAScript module."""
        return "module" in self.flags

    @property
    def is_async(self) -> bool:
        """Whether it ends with ``$DONE``."""
        return "async" in self.flags

    @property
    def phase(self) -> str:
        """When its error must come: ``parse``, ``resolution`` or ``runtime``."""
        return self.negative["phase"] if self.negative else ""

    @property
    def error(self) -> str:
        """The name of the constructor of its error."""
        return self.negative["type"] if self.negative else ""

    @property
    def modes(self) -> list[str]:
        """How it is run: ``sloppy``, ``strict``, or as a ``module``."""
        if self.is_module:
            return ["module"]
        if "noStrict" in self.flags or "raw" in self.flags:
            return ["sloppy"]
        if "onlyStrict" in self.flags:
            return ["strict"]
        return ["sloppy", "strict"]

    @property
    def left_out(self) -> str:
        """Why it is not run; empty: it is."""
        for feature in self.features:
            if feature in LEFT_OUT:
                return LEFT_OUT[feature]
            if feature.startswith("Intl"):
                return "intl402"
        if "atomicsHelper.js" in self.includes or "CanBlockIsTrue" in self.flags:
            return _AGENT
        if "CanBlockIsFalse" in self.flags:
            return "this agent may wait"
        if "createRealm" in self.source:
            return _REALM
        return ""


def read(path: Path) -> Meta:
    """Reads a test.

    Args:
        path: Its file.

    Raises:
        ValueError: There is no front matter.
    """
    source = path.read_bytes().decode("utf-8", "surrogateescape")
    found = _MATTER.search(source)
    if found is None:
        raise ValueError(f"{path}: no front matter")
    text = found[1].replace("\r\n", "\n").replace("\r", "\n")
    matter: dict[str, Any] = yaml.load(text, _loader()) or {}
    flags = list(matter.get("flags") or ())
    includes = [] if "raw" in flags else ["assert.js", "sta.js"]
    if "async" in flags:
        includes.append("doneprintHandle.js")
    includes += [name for name in matter.get("includes") or () if name not in includes]
    features = list(matter.get("features") or ())
    return Meta(path, source, includes, flags, features, matter.get("negative"))


def _loader() -> Any:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)

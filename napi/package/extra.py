"""The libraries of the extra ``napi[packages]``, and what to say without them."""

from __future__ import annotations

from importlib.util import find_spec

from .errors import MissingExtraError

__all__ = ["LIBRARIES", "check"]

#: What the extra brings: importable name by distribution.
LIBRARIES = {
    "node-semver": "nodesemver",
    "platformdirs": "platformdirs",
    "rich": "rich",
    "truststore": "truststore",
    "urllib3": "urllib3",
}


def check() -> None:
    """Make sure that all the libraries are there.

    Raises:
        MissingExtraError: one is not; the message says how to install them.
    """
    missing = [name for name, module in LIBRARIES.items() if find_spec(module) is None]
    if missing:
        raise MissingExtraError(
            f"npm packages need {', '.join(missing)}: pip install 'napi[packages]'"
        )

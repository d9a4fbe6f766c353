"""Where stubs are put, so that type checkers and editors find them.

``napi.npm`` has no files for packages, so they get a stub package of their own,
``napi-stubs``, marked as partial: what is not in it is looked for in ``napi``. Not so
for pyright and an extension module: its stub is put there too. mypy looks for such
packages in site-packages only; for another directory there is ``mypy/napi`` with links
to the package's own ``__init__`` and, in the place of its ``npm``, to the stubs.

Source: the typing specification of Python, "Distributing type information", the
part about partial stub packages.
"""

from __future__ import annotations

import os
import re
import site
import sysconfig
import tempfile
from pathlib import Path

from napi.stubs.parse import StubError

__all__ = ["CALLABLE", "default_folder", "install", "module_name"]

#: The class in a stub that says how the module itself is called.
CALLABLE = "_Exports"
_PARTIAL = "partial\n"
_NAPI = Path(__file__).resolve().parents[1]
_INDEX = """\
# Made by `napi stubs`; what has no stub is Any.

from typing import Any
{lines}
def __getattr__(name: str) -> Any: ...
"""


def module_name(package: str) -> tuple[str, ...]:
    """Where ``napi.npm`` has a package: ``@scope/a-b`` -> ``("scope", "a_b")``."""
    parts = package.removeprefix("@").split("/")
    found = []
    for part in parts:
        name = re.sub(r"\W", "_", part)
        found.append(f"_{name}" if name[:1].isdigit() else name)
    return tuple(found)


def default_folder() -> Path:
    """The site-packages of this interpreter, or the user's where it is read-only."""
    place = Path(sysconfig.get_path("purelib"))
    if os.access(place, os.W_OK):
        return place
    return Path(site.getusersitepackages())


def _write(path: Path, text: str) -> None:
    """Writes a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, suffix=".tmp", delete=False
    ) as file:
        file.write(text)
    try:
        Path(file.name).chmod(0o644)
        Path(file.name).replace(path)
    except OSError:
        Path(file.name).unlink(missing_ok=True)
        raise


def _link(folder: Path, npm: Path) -> None:
    """Makes the part of a package that has another ``npm``; the rest is installed."""
    folder.mkdir(parents=True, exist_ok=True)
    for target in (_NAPI / "__init__.py", npm):
        link = folder / target.name
        if link.is_symlink():
            link.unlink()
        link.symlink_to(target)


def _index(folder: Path, module: str) -> str:
    """The stub of a directory: the modules in it that are functions or classes."""
    lines = []
    for path in sorted(folder.glob("*.pyi")):
        name = path.stem
        if name == "__init__":
            continue
        text = path.read_text("utf-8")
        if re.search(rf"(?m)^{CALLABLE} = ", text):
            lines += [f"from {module}.{name} import {CALLABLE} as _{name}"]
            lines += [f"{name} = _{name}"]
        elif re.search(rf"(?m)^class {CALLABLE}\b", text):
            lines += [f"from {module}.{name} import {CALLABLE} as _{name}"]
            lines += [f"{name}: _{name}"]
        else:
            lines += [f"from {module} import {name} as {name}"]
    return _INDEX.format(lines="\n".join([*lines, ""]))


def install(package: str, text: str, out: Path | None = None) -> Path:
    """Puts a stub where it is found.

    Args:
        package: The name on npm.
        text: The stub.
        out: The directory for ``napi-stubs``; site-packages without it.

    Returns:
        The file.

    Raises:
        StubError: It cannot be written.
    """
    root = (out or default_folder()) / "napi-stubs"
    *outer, name = module_name(package)
    folder = root.joinpath("npm", *outer)
    try:
        _write(folder / f"{name}.pyi", text)
        _write(root / "py.typed", _PARTIAL)
        for stub in _NAPI.glob("*.pyi"):
            _write(root / stub.name, stub.read_text("utf-8"))
        if out is not None:
            _link(out / "mypy" / "napi", Path("..", "..", "napi-stubs", "npm"))
        module = "napi.npm"
        _write(root / "npm" / "__init__.pyi", _index(root / "npm", module))
        if outer:
            module += "." + ".".join(outer)
            _write(folder / "__init__.pyi", _index(folder, module))
    except OSError as error:
        raise StubError(f"{error}: name another directory with --out") from None
    return folder / f"{name}.pyi"

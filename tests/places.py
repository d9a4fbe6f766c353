"""Where things are, and how the addons of the tests are compiled."""

import hashlib
import os
import subprocess
import sysconfig
from pathlib import Path

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
CACHE = Path(os.environ.get("NAPI_CACHE", ROOT / ".cache"))


def build_addon(name, version=None, experimental=False):
    """Compiles tests/addons/<name>.c once per content; returns the .node path."""
    source = TESTS / "addons" / f"{name}.c"
    flags = ["-std=gnu11", "-O1", "-g", "-fPIC", "-shared", "-Wall", "-Wextra"]
    flags += ["-Wno-unused-parameter"]
    if experimental:
        flags.append("-DNAPI_EXPERIMENTAL")
    elif version is not None:
        flags.append(f"-DNAPI_VERSION={version}")
    texts = [source, TESTS / "addons" / "addon.h", *sorted(ROOT.glob("include/*.h"))]
    return compile_addon(source, flags, texts, CACHE / "addons")


def compile_addon(source, flags, texts, folder):
    """Compiles a C file once for what the flags and texts are; the .node path."""
    key = hashlib.sha256(repr((flags, str(source))).encode())
    for text in texts:
        key.update(text.read_bytes())
    target = folder / f"{source.stem}-{key.hexdigest()[:16]}.node"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_suffix(f".{os.getpid()}.tmp")
        compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
        command = [compiler, *flags, f"-I{ROOT / 'include'}", "-o", temporary, source]
        subprocess.run([*command, "-lpthread"], check=True)
        temporary.replace(target)
    return target

"""An addon for a sanitizer is refused where its runtime would end the process."""

import subprocess
import sys

import pytest
from test_binary import calls, compile_library

import napi

BAD = [
    ("__asan_init", "AddressSanitizer", "`napi test --asan`"),
    ("__tsan_init", "ThreadSanitizer", "`napi test --tsan`"),
    ("__hwasan_init", "HWAddressSanitizer", "LD_PRELOAD="),
    ("__lsan_init", "LeakSanitizer", "LD_PRELOAD="),
    ("__msan_init", "MemorySanitizer", "`napi test --valgrind`"),
    ("__ubsan_handle_add_overflow", "UndefinedBehaviorSanitizer", "--ubsan`"),
]

LINK = ("-x", "none")  # what follows is no source


@pytest.mark.parametrize(("symbol", "title", "advice"), BAD)
def test_a_runtime_that_is_not_here(tmp_path, symbol, title, advice):
    path = compile_library(tmp_path, calls(symbol))
    with pytest.raises(napi.LoadError) as caught:
        napi.load(path)
    assert f"was built with {title}, whose runtime" in str(caught.value)
    assert advice in str(caught.value)
    assert caught.value.path == str(path)


def test_the_name_of_the_runtime_is_told(tmp_path):
    runtime = "libclang_rt.asan-x86_64.so"
    library = compile_library(tmp_path, "int x;", f"-Wl,-soname,{runtime}", name="l.so")
    path = compile_library(
        tmp_path, "extern int x; int *f(void) { return &x; }", *LINK, str(library)
    )
    with pytest.raises(napi.LoadError, match=rf"clang -print-file-name={runtime}\)"):
        napi.load(path)


def test_a_library_beside_the_addon(tmp_path):
    library = compile_library(tmp_path, calls("__asan_init"), name="libinner.so")
    path = compile_library(
        tmp_path,
        "extern void use(void); void f(void) { use(); }",
        *LINK,
        str(library),
        "-Wl,-rpath,$ORIGIN",
    )
    with pytest.raises(napi.LoadError, match=r"addon\.node' needs '.*libinner"):
        napi.load(path)


def test_a_runtime_that_is_here(tmp_path):
    runtime = compile_library(tmp_path, "void __asan_init(void) {}", name="runtime.so")
    path = compile_library(tmp_path, calls("__asan_init"))
    code = f"import napi; print(napi.load({str(path)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"LD_PRELOAD": str(runtime), "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "napi.Module 'addon'" in done.stdout, done.stderr

"""What a .node file is, found out without loading it."""

import os
import pickle
import shutil
import struct
import subprocess
import sysconfig
import time
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st

from napi import binary, errors, platform

KNOWN = frozenset(("napi_create_object", "napi_module_register"))
PLAIN = "void *napi_register_module_v1(void *env, void *exports) { return exports; }\n"
ROOT_FLAGS = (f"-I{Path(__file__).resolve().parent.parent / 'include'}",)
CC = (sysconfig.get_config_var("CC") or "cc").split()[0]


def compile_library(folder, source, *flags, name="addon.node"):
    path = folder / name
    command = [CC, "-shared", "-fPIC", "-O1", "-x", "c", "-", "-o", path, *flags]
    subprocess.run(command, input=source, text=True, check=True)
    return path


@pytest.fixture
def library(tmp_path):
    """library(source, *flags, name=): a shared library compiled for this test."""

    def build(source=PLAIN, *flags, name="addon.node"):
        return compile_library(tmp_path, source, *flags, name=name)

    return build


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The bytes of a small addon that is fine."""
    folder = tmp_path_factory.mktemp("plain")
    source = PLAIN + "void napi_create_object(void); void f(void)"
    return compile_library(
        folder, source + "{ napi_create_object(); }\n", "-Wl,-z,now"
    ).read_bytes()


def calls(*symbols, attribute=""):
    """An addon that calls each of the symbols."""
    lines = [
        f'extern void s{i}(void) __asm__("{name}") {attribute};'
        for i, name in enumerate(symbols)
    ]
    body = "".join(f"s{i}(); " for i in range(len(symbols)))
    return "\n".join([PLAIN, *lines, f"void use(void) {{ {body}}}\n"])


def refuse(path):
    with pytest.raises(errors.LoadError) as info:
        binary.check(binary.inspect(path), os.fspath(path), KNOWN)
    assert info.value.path == os.fspath(path)
    assert os.fspath(path) in str(info.value)
    return info.value


def test_plain_addon(library):
    source = calls("napi_create_object") + 'int puts(); void say(void) { puts(""); }'
    path = library(source, "-Wl,-rpath,$ORIGIN/lib")
    found = binary.inspect(path)
    assert (found.format, found.system) == ("elf", "linux")
    assert found.machine == platform.machine()
    assert found.libc == platform.libc()
    assert found.glibc <= platform.glibc_version()
    assert any(name.startswith("libc.so") for name in found.needed)
    assert found.runpath + found.rpath == "$ORIGIN/lib"
    assert set(found.undefined) == {"napi_create_object", "puts"}
    assert "__gmon_start__" in found.weak
    assert found.registration == ("napi_register_module_v1",)
    assert not found.self_registers
    binary.check(found, os.fspath(path), KNOWN)
    assert binary.missing_libraries(found) == ()


@pytest.mark.parametrize("flag", ["-Wl,-z,now", "-Wl,-z,lazy"])
def test_binding(library, flag):
    assert binary.inspect(library(PLAIN, flag)).bind_now == flag.endswith("now")


@pytest.mark.parametrize("style", ["gnu", "sysv", "both"])
def test_symbols_are_found_by_either_hash_table(library, style):
    source = calls("napi_one", "napi_two") + "int node_register_module_v93;\n"
    found = binary.inspect(library(source, f"-Wl,--hash-style={style}"))
    assert set(found.undefined) == {"napi_one", "napi_two"}
    assert set(found.registration) == {
        "napi_register_module_v1",
        "node_register_module_v93",
    }


@pytest.mark.parametrize("style", ["gnu", "sysv"])
def test_symbols_of_a_library_without_exports(library, style):
    source = (
        "extern void napi_module_register(void *);\n"
        "__attribute__((constructor)) static void f(void)"
        "{ napi_module_register(0); }\n"
    )
    flags = ("-nostartfiles", f"-Wl,--hash-style={style}", "-fvisibility=hidden")
    found = binary.inspect(library(source, *flags))
    assert found.undefined == ("napi_module_register",)
    assert found.self_registers
    assert found.registration == ()


V8 = (
    "_ZN2v86String11NewFromUtf8EPNS_7IsolateEPKcNS_13NewStringTypeEi",
    "_ZNK2v85Value8IsObjectEv",
    "_ZN4node6Buffer4DataEN2v85LocalINS1_5ValueEEE",
    "_ZTVN2v811ArrayBuffer9AllocatorE",
    "_ZN2v811HandleScopeC1EPNS_7IsolateE",
    "node_module_register",
)


def test_v8_addon_is_named_with_its_symbols(library):
    error = refuse(library(calls(*V8)))
    assert type(error) is errors.V8AddonError
    assert set(error.symbols) == set(V8)
    assert "and 2 more" in str(error)
    assert "Node-API" in str(error)


@pytest.mark.parametrize("symbol", V8)
def test_each_v8_symbol_is_enough(library, symbol):
    error = refuse(library(calls(symbol, "uv_run", "napi_new")))
    assert type(error) is errors.V8AddonError
    assert error.symbols == (symbol,)
    assert binary.demangle(symbol) in str(error)


def test_v8_addon_of_another_node(library):
    error = refuse(library("void node_register_module_v115(void) {}\n"))
    assert type(error) is errors.V8AddonError
    assert error.symbols == ("node_register_module_v115",)


def test_weak_v8_symbols_may_stay_away(library):
    path = library(calls(*V8[:2], attribute="__attribute__((weak))"))
    found = binary.inspect(path)
    assert set(V8[:2]) <= {*found.weak}
    binary.check(found, os.fspath(path), KNOWN)


@pytest.mark.parametrize(
    ("symbol", "name"),
    [
        ("_ZN2v86String11NewFromUtf8EPNS_7IsolateE", "v8::String::NewFromUtf8"),
        ("_ZNK2v85Value8IsObjectEv", "v8::Value::IsObject"),
        ("_ZN2v811HandleScopeC1EPNS_7IsolateE", "v8::HandleScope::HandleScope"),
        ("_ZN2v811HandleScopeD2Ev", "v8::HandleScope::~HandleScope"),
        ("_ZTIN2v811ArrayBuffer9AllocatorE", "v8::ArrayBuffer::Allocator"),
        ("_Z3foov", "foo"),
        ("napi_create_object", "napi_create_object"),
        ("_ZN99x", "_ZN99x"),
        ("_Z", "_Z"),
        ("", ""),
    ],
)
def test_demangle(symbol, name):
    assert binary.demangle(symbol) == name


@hypothesis.given(st.text(alphabet="_ZNK0123456789EvCDT28node", max_size=60))
def test_demangle_takes_anything(text):
    assert isinstance(binary.demangle("_Z" + text), str)


def test_unknown_functions(library):
    names = ("napi_future_function", "node_api_from_2099")
    error = refuse(library(calls("napi_create_object", *names)))
    assert type(error) is errors.UnknownFunctionError
    assert set(error.symbols) == set(names)
    assert all(name in str(error) for name in names)


def test_libuv_of_its_own_is_fine(library, tmp_path):
    library("void uv_run(void) {}\n", "-Wl,-soname,libuv.so.1", name="libuv.so.1")
    path = library(calls("uv_run"), f"-L{tmp_path}", "-l:libuv.so.1")
    binary.check(binary.inspect(path), os.fspath(path), KNOWN)


@pytest.mark.parametrize("soname", ["libc.musl-x86_64.so.1", "libc.so"])
def test_musl_build(library, tmp_path, soname):
    library("", f"-Wl,-soname,{soname}", "-nostdlib", name="libfake.so")
    flags = ("-nostdlib", f"-L{tmp_path}", "-Wl,--no-as-needed", "-l:libfake.so")
    error = refuse(library(PLAIN, *flags))
    assert type(error) is errors.LibcError
    assert error.required == "musl"
    assert error.available.startswith("glibc 2.")
    assert "linux-x64-gnu" in str(error) or platform.machine() != "x64"


def test_android_build(library, tmp_path):
    for name in ("libc.so", "libm.so"):
        library("", f"-Wl,-soname,{name}", "-nostdlib", name=name)
    flags = ("-nostdlib", f"-L{tmp_path}", "-Wl,--no-as-needed")
    error = refuse(library(PLAIN, *flags, "-l:libc.so", "-l:libm.so"))
    assert (type(error), error.required) == (errors.LibcError, "bionic")


def test_newer_glibc(library, tmp_path, monkeypatch):
    script = tmp_path / "versions"
    script.write_text("GLIBC_2.17 { global: far_away; };\n")
    library(
        "void far_away(void) {}\n",
        f"-Wl,--version-script={script}",
        "-Wl,-soname,libfar.so",
        name="libfar.so",
    )
    path = library(
        calls("far_away"), "-Wl,--no-as-needed", f"-L{tmp_path}", "-l:libfar.so"
    )
    assert binary.inspect(path).glibc >= (2, 17)
    monkeypatch.setattr(platform, "glibc_version", lambda: (2, 5))
    error = refuse(path)
    assert type(error) is errors.LibcError
    assert error.available == "glibc 2.5"
    assert error.required.startswith("glibc 2.")


def test_missing_library_is_named(library, tmp_path):
    for name in ("libgone.so.7", "libhere.so"):
        library("", f"-Wl,-soname,{name}", name=name)
    flags = ("-Wl,--no-as-needed", f"-L{tmp_path}", "-l:libgone.so.7", "-l:libhere.so")
    path = library(PLAIN, *flags, "-Wl,-rpath,$ORIGIN")
    (tmp_path / "libgone.so.7").unlink()
    found = binary.inspect(path)
    assert binary.missing_libraries(found) == ("libgone.so.7",)
    assert binary.find_library("libhere.so", found) == os.fspath(
        tmp_path / "libhere.so"
    )
    text = "libgone.so.7: cannot open shared object file: No such file or directory"
    error = binary.explain(text, found, os.fspath(path), KNOWN)
    assert type(error) is errors.MissingLibraryError
    assert error.libraries == ("libgone.so.7",)
    assert "LD_LIBRARY_PATH" in str(error)


def test_ld_library_path_is_searched(library, tmp_path, monkeypatch):
    found = binary.inspect(library())
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "libmore.so").touch()
    assert binary.find_library("libmore.so", found) is None
    monkeypatch.setenv("LD_LIBRARY_PATH", f"/nowhere:{folder}")
    assert binary.find_library("libmore.so", found) == os.fspath(folder / "libmore.so")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("/a/b.node: undefined symbol: napi_new", errors.UnknownFunctionError),
        ("/a/b.node: undefined symbol: uv_run", errors.NeedsLibuvError),
        (f"/a/b.node: undefined symbol: {V8[0]}", errors.V8AddonError),
        ("/a/b.node: undefined symbol: foo, version X", errors.UnresolvedSymbolError),
        (
            "/lib/libc.so.6: version `GLIBC_2.99' not found (required by /a/b.node)",
            errors.LibcError,
        ),
        ("libx.so: cannot open shared object file: No", errors.MissingLibraryError),
        ("/a/b.node: something new", errors.LoadError),
    ],
)
def test_linker_texts(library, text, kind):
    found = binary.inspect(library())
    error = binary.explain(text, found, "/a/b.node", KNOWN)
    assert type(error) is kind
    assert error.path == "/a/b.node"
    assert "/a/b.node" in str(error)


def test_other_machines(plain, tmp_path):
    path = tmp_path / "other.node"
    names = {3: "linux-ia32", 40: "linux-arm", 183: "linux-arm64", 999: "machine 999"}
    here = {"x64": 62, "arm64": 183}.get(platform.machine())
    for code, name in names.items():
        if code == here:
            continue
        path.write_bytes(plain[:18] + struct.pack("<H", code) + plain[20:])
        error = refuse(path)
        assert type(error) is errors.ArchitectureError
        assert name in error.machine
        assert platform.name() in str(error)


@pytest.mark.parametrize(
    ("head", "machine"),
    [
        (b"\xcf\xfa\xed\xfe\x0c\0\0\x01" + bytes(64), "darwin-arm64"),
        (b"\xcf\xfa\xed\xfe\x07\0\0\x01" + bytes(64), "darwin-x64"),
        (
            b"\xca\xfe\xba\xbe\0\0\0\x02\x01\0\0\x07" + bytes(16) + b"\x01\0\0\x0c",
            "darwin-x64+arm64",
        ),
        (b"MZ" + bytes(58) + b"@\0\0\0PE\0\0\x64\x86", "win32-x64"),
        (b"MZ" + bytes(58) + b"@\0\0\0PE\0\0\x64\xaa", "win32-arm64"),
    ],
)
def test_other_systems(tmp_path, head, machine):
    path = tmp_path / "other.node"
    path.write_bytes(head)
    error = refuse(path)
    assert (type(error), error.machine) == (errors.ArchitectureError, machine)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "empty"),
        (b"module.exports = 1\n", "text that begins with 'module.exports = 1'"),
        (b"\x1f\x8b\x08", "archive"),
        (b"PK\x03\x04", "archive"),
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        (b"\0asm\x01\0\0\0", "WebAssembly"),
        (b"!<arch>\n", "static library"),
        (b"\x01\x02\x03", "01 02 03"),
        (b"MZ\0\0", "damaged"),
        (b"\x7fELF", "truncated"),
        (b"\x7fELF" + bytes(60), "invalid"),
        (b"\xca\xfe\xba\xbe\0\0\0\x37" + bytes(64), "not a native addon"),
    ],
)
def test_what_is_no_library(tmp_path, data, text):
    path = tmp_path / "no.node"
    path.write_bytes(data)
    error = refuse(path)
    assert type(error) is errors.BadBinaryError
    assert text in str(error)


def test_plain_problems_are_pythons_own(tmp_path):
    with pytest.raises(FileNotFoundError):
        binary.inspect(tmp_path / "nowhere.node")
    with pytest.raises(IsADirectoryError):
        binary.inspect(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(errors.BadBinaryError, match="not a regular file"):
        binary.inspect(tmp_path / "pipe")


def test_executable_is_no_addon(tmp_path):
    source = "int main(void) { return 0; }"
    path = compile_library(tmp_path, source, "-no-pie", name="program")
    data = bytearray(path.read_bytes())
    data[16:18] = b"\x02\0"  # ET_EXEC
    path.write_bytes(data)
    assert type(refuse(path)) is errors.BadBinaryError


def test_truncated_at_every_step(plain, tmp_path):
    path = tmp_path / "cut.node"
    whole = binary.inspect(shutil.copy(_write(path, plain), tmp_path / "whole.node"))
    ends = 0
    for length in range(0, len(plain), 64):
        _write(path, plain[:length])
        try:
            found = binary.inspect(path)
        except errors.BadBinaryError:
            ends = length
            continue
        # What is left out now is not loaded: the table of sections and the like.
        assert found._replace(path="") == whole._replace(path="")
    assert ends > len(plain) // 2


def _write(path, data):
    path.write_bytes(data)
    return path


def survive(path, data):
    """Reads a file of any content: an answer or a LoadError, and soon."""
    start = time.perf_counter()
    try:
        found = binary.inspect(_write(path, data))
        binary.check(found, os.fspath(path), KNOWN)
        binary.missing_libraries(found)
    except errors.LoadError:
        pass
    assert time.perf_counter() - start < 5


@hypothesis.given(st.binary(max_size=400), st.sampled_from(["", "elf", "pe", "mach"]))
@hypothesis.settings(
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)
def test_random_files(tmp_path, tail, kind):
    heads = {"": b"", "elf": b"\x7fELF\x02\x01\x01", "pe": b"MZ", "mach": b"\xca\xfe"}
    survive(tmp_path / "random.node", heads[kind] + tail)


@hypothesis.given(st.data())
@hypothesis.settings(
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)
def test_patched_files(plain, tmp_path, data):
    hostile = bytearray(plain)
    places = st.integers(0, len(plain) - 9)
    values = st.sampled_from([b"\xff" * 8, b"\0" * 8, b"\x7f", b"\x80\0\0\0", b"\x01"])
    for _ in range(data.draw(st.integers(1, 6))):
        at, value = data.draw(places), data.draw(values)
        hostile[at : at + len(value)] = value
    survive(tmp_path / "patched.node", bytes(hostile))


def test_every_byte_of_the_tables_may_lie(plain, tmp_path):
    headers = range(16, 64 + 56 * struct.unpack_from("<H", plain, 56)[0])
    at = struct.unpack_from("<Q", plain, _dynamic_header(plain) + 8)[0]
    size = struct.unpack_from("<Q", plain, _dynamic_header(plain) + 32)[0]
    path = tmp_path / "lie.node"
    for place in [*headers, *range(at, at + size)]:
        for value in (0x00, 0x7F, 0xFF):
            survive(path, plain[:place] + bytes([value]) + plain[place + 1 :])


def _dynamic_header(data):
    for at in range(64, 64 + 56 * struct.unpack_from("<H", data, 56)[0], 56):
        if struct.unpack_from("<I", data, at)[0] == 2:
            return at
    raise AssertionError("no dynamic segment")


def test_huge_sparse_file_is_read_in_parts(plain, tmp_path):
    path = _write(tmp_path / "huge.node", plain)
    os.truncate(path, 1 << 38)
    assert binary.inspect(path).registration == ("napi_register_module_v1",)


def test_errors_are_import_errors_and_travel():
    error = errors.V8AddonError("text", path="/a", symbols=["x"])
    assert isinstance(error, ImportError)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.args) == (errors.V8AddonError, ("text",))
    assert (again.path, again.symbols) == ("/a", ("x",))


def test_this_machine():
    assert platform.name().startswith(f"{platform.system()}-{platform.machine()}")
    if platform.libc() == "glibc":
        assert platform.name().endswith("-gnu")
        assert platform.glibc_version() >= (2, 17)

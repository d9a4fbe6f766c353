from pathlib import Path

import pytest

import napi

NAME = "@reflink/reflink-linux-x64-gnu"


@pytest.fixture
def m(package):
    return package(NAME)


@pytest.fixture
def paths(tmp_path):
    """A file, and where its clone shall be."""
    (tmp_path / "a").write_text("hi")
    return str(tmp_path / "a"), str(tmp_path / "b")


def check(m, made, paths):
    """Most filesystems cannot; then the answer is an error that is not thrown."""
    source, clone = paths
    if not isinstance(made, m.ReflinkError):
        assert Path(clone).read_text() == Path(source).read_text()
        return
    assert made.message == (
        f"Operation not supported (os error 95), reflink '{source}' -> '{clone}'"
    )
    assert (made.code, made.errno) == (napi.null, napi.null)
    assert (made.path, made.dest) == paths


def test_synchronous(m, paths):
    check(m, m.reflinkFileSync(*paths), paths)


def test_promise(m, wait, paths):
    check(m, wait(lambda: m.reflinkFile(*paths)), paths)


def test_no_such_file(m, wait, tmp_path):
    missing, clone = str(tmp_path / "nope"), str(tmp_path / "c")
    made = wait(lambda: m.reflinkFile(missing, clone))
    assert isinstance(made, m.ReflinkError)
    # Its `code` is memory that the addon has freed: in Node as well, after a gc().
    assert (made.errno, made.path, made.dest) == (2, missing, clone)
    assert made.message == (
        "the source path is not an existing regular file, reflink "
        f"'{missing}' -> '{clone}'"
    )


def test_wrong_arguments(m, wait):
    with pytest.raises(napi.Error, match="`Number 5 ` into rust type") as error:
        wait(lambda: m.reflinkFile(5, 6))
    assert error.value.code == "StringExpected"


@pytest.mark.parametrize(
    "code",
    [
        "m.reflinkFile(folder, folder).result(20)",
        "kept = [m.reflinkFile(folder, folder) for _ in range(100)]",
        "m.reflinkFile(folder, folder).then(str)",
    ],
)
def test_leaves_the_interpreter_cleanly(ends, code):
    ends(NAME, code)

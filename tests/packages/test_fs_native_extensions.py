import pytest

import napi


@pytest.fixture
def descriptor(tmp_path):
    with (tmp_path / "f").open("w+b") as file:
        file.write(b"x")
        yield file.fileno()


@pytest.fixture
def m(package):
    return package("fs-native-extensions")


def test_lock_and_unlock(m, descriptor):
    assert m.tryLock(descriptor, 0, 0, True) is None
    assert m.unlock(descriptor, 0, 0) is None
    assert m.waitForLockSync(descriptor, 0, 0, True) is None


def test_bad_descriptor(m):
    with pytest.raises(napi.Error, match="bad file descriptor") as info:
        m.tryLock(9999, 0, 0, True)
    assert info.value.code == "EBADF"


def test_attributes(m, descriptor):
    text = napi.Uint8Array(b"vv").buffer
    try:
        m.setAttrSync(descriptor, "user.a", text, 0, 2)
    except napi.Error as error:
        if error.code in ("ENOTSUP", "EOPNOTSUPP", "EPERM"):
            pytest.skip("the file system has no extended attributes")
        raise
    found = m.getAttrSync(descriptor, "user.a")
    assert isinstance(found, napi.ArrayBuffer)
    assert bytes(found) == b"vv"
    assert m.listAttrsSync(descriptor) == ["user.a"]


def test_waiting_for_a_lock(m, descriptor, wait):
    kept = []

    def begin():
        def ask(done, _):
            kept.append(m.waitForLock(descriptor, 0, 0, True, {}, done))

        return napi.Promise(ask)

    assert wait(begin) is napi.null
    assert isinstance(kept[0], napi.ArrayBuffer)

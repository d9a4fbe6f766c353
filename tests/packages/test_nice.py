import os

import pytest

import napi


def test_priority(package):
    m = package("@napi-rs/nice-linux-x64-gnu")
    assert m.nice(0) == os.nice(0)
    assert m.getCurrentProcessPriority() == os.getpriority(os.PRIO_PROCESS, 0)
    assert m.WindowsThreadPriority["ThreadPriorityIdle"] == -15
    assert len(m.WindowsThreadPriority) == 9


def test_wrong_argument(package):
    with pytest.raises(napi.Error) as info:
        package("@napi-rs/nice-linux-x64-gnu").nice("x")
    assert info.value.code == "NumberExpected"
    assert info.value.message == (
        "Failed to convert napi value String into rust type `i32`"
    )


def test_the_older_addon(package):
    assert package("nice-napi").nice(0) == os.nice(0)

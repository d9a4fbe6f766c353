import numpy as np

NAME = "simdle-native"


def test_writes_into_numpy_arrays(package):
    m = package(NAME)
    a, b = np.full(16, 12, np.uint8), np.full(16, 10, np.uint8)
    out = np.zeros(16, np.uint8)
    m.simdle_native_and_v128_u8(a, b, out)
    assert out.tolist() == [8] * 16
    m.simdle_native_cnt_v128_u8(a, out)
    assert out.tolist() == [2] * 16

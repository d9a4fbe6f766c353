NAME = "bufferutil"
SOURCE = b"hello world, this is a masked websocket frame"
MASKED = (
    "00000069676f686e22746b736e672821766b6d72226a7721632369607168616522746163716c67"
    "6a6777246770626964"
)


def test_masks_in_place(package):
    m = package(NAME)
    out = bytearray(len(SOURCE) + 3)
    assert m.mask(SOURCE, bytes([1, 2, 3, 4]), out, 3, len(SOURCE)) is None
    assert out.hex() == MASKED
    view = memoryview(out)[3:]
    m.unmask(view, bytes([1, 2, 3, 4]))
    assert bytes(view) == SOURCE


def test_functions_without_a_name(package):
    m = package(NAME)
    assert [m.mask.name, m.unmask.name, m.mask.length] == ["", "", 0]

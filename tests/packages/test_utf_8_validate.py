NAME = "utf-8-validate"


def test_exports_are_a_function(package):
    m = package(NAME)
    assert m("héllo €".encode()) is True
    assert m(b"\xc3\x28") is False
    assert callable(m.__exports__)

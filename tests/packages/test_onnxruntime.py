"""The model is made by hand: y = x + x, two floats."""

import pytest

import napi

NAME = "onnxruntime-node"


def number(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def field(tag, data):
    """A field of protobuf: an integer, or bytes with their length."""
    if isinstance(data, int):
        return number(tag << 3) + number(data)
    data = data.encode() if isinstance(data, str) else data
    return number(tag << 3 | 2) + number(len(data)) + data


def value_info(name):
    shape = field(2, field(1, field(1, 2)))
    return field(1, name) + field(2, field(1, field(1, 1) + shape))


def make_model():
    node = field(1, "x") + field(1, "x") + field(2, "y") + field(4, "Add")
    graph = field(1, node) + field(2, "g")
    graph += field(11, value_info("x")) + field(12, value_info("y"))
    return field(1, 8) + field(7, graph) + field(8, field(2, 13))


MODEL = make_model()


class Tensor:
    def __init__(self, kind, data, dims):
        self.type, self.data, self.dims = kind, data, dims
        self.location, self.cpuData = "cpu", data


@pytest.fixture(scope="module")
def m(package):
    module = package(NAME)
    assert module.initOrtOnce(2, Tensor, True) is None
    return module


def load(m, model=MODEL):
    session = m.InferenceSession()
    data = napi.Buffer.from_(model)
    options = {"executionProviders": ["cpu"]}
    session.loadModel(data.buffer, data.byteOffset, len(model), options)
    return session


def test_backends(m):
    backends = {one["name"]: one["bundled"] for one in m.listSupportedBackends()}
    assert backends == {"cpu": True, "webgpu": True, "cuda": False, "tensorrt": False}


def test_metadata(m):
    session = load(m)
    (found,) = session.inputMetadata
    known = {"name": "x", "isTensor": True, "type": 1, "shape": [2]}
    assert found == known | {"symbolicDimensions": [""]}
    assert [one["name"] for one in session.outputMetadata] == ["y"]
    session.dispose()


def test_run(m):
    session = load(m)
    data = napi.Float32Array([1, 2])
    tensor = {"type": "float32", "data": data, "dims": [2]}
    tensor |= {"location": "cpu", "cpuData": data}
    answer = session.run({"x": tensor}, {"y": napi.null}, {})["y"]
    assert isinstance(answer, Tensor)
    assert isinstance(answer.data, napi.Float32Array)
    assert (list(answer.data), answer.dims, answer.type) == ([2, 4], [2], "float32")
    session.dispose()


def test_many_sessions(m):
    for _ in range(20):
        session = load(m)
        session.dispose()


def test_errors(m):
    with pytest.raises(napi.Error, match="protobuf parsing failed"):
        load(m, b"\1\2\3")
    with pytest.raises(napi.Error, match="Session is not initialized"):
        m.InferenceSession().run({}, {}, {})


BEGIN = f"""
class Tensor:
    pass
m.initOrtOnce(2, Tensor, True)
def load():
    session = m.InferenceSession()
    data = napi.Buffer.from_({MODEL!r})
    session.loadModel(data.buffer, data.byteOffset, len(data), {{}})
    return session
"""


@pytest.mark.parametrize(
    "code",
    ["", BEGIN, f"{BEGIN}load().dispose()", f"{BEGIN}kept = [load(), load()]"],
)
def test_leaves_the_interpreter_cleanly(ends, code):
    ends(NAME, code)

import hashlib
import math

import pytest

import napi

NAME = "@napi-rs/canvas-linux-x64-gnu"


def digest(data):
    return hashlib.sha256(bytes(data)).hexdigest()[:16]


def test_draws_and_encodes(package):
    m = package(NAME)
    canvas = m.CanvasElement(32, 16)
    assert (canvas.width, canvas.height) == (32, 16)
    context = canvas.getContext("2d", {})
    assert type(context).__name__ == "CanvasRenderingContext2D"
    context.fillStyle = "#f00"
    context.fillRect(0, 0, 16, 16)
    context.beginPath()
    context.arc(24, 8, 6, 0, math.pi * 2)
    context.fillStyle = "rgba(0,0,255,0.5)"
    context.fill()
    assert context.fillStyle == "rgba(0, 0, 255, 0.5)"
    image = context.getImageData(0, 0, 32, 16)
    assert image.width == 32
    assert isinstance(image.data, napi.Uint8ClampedArray)
    assert digest(image.data) == "2049a662c1d790ac"
    png = canvas.toBuffer("image/png")
    assert isinstance(png, napi.Buffer)
    assert (len(png), digest(png)) == (256, "5dea35b1505200fe")
    assert len(canvas.encodeSync("png")) == 256
    assert canvas.toDataURL("image/png").startswith("data:image/png;base64,iVBORw0KGgo")


def test_exports(package):
    names = list(package(NAME).__exports__)
    assert len(names) == 30
    assert names[:3] == ["clearAllCache", "getTextRenderer", "setTextRenderer"]


ENCODED = [
    (("png",), 128, "ec94a6fb55f40a35"),
    (("jpeg", 90), 767, "a3b04d081ba5a258"),
    (("webp", 80), 584, "5ce50151a533808d"),
    (("avif", {"quality": 50}), 503, "c0e072adaf6f0cfe"),
    (("gif",), 90, "1e9593602813e1b9"),
]


def red(m):
    canvas = m.CanvasElement(32, 16)
    context = canvas.getContext("2d", {})
    context.fillStyle = "#f00"
    context.fillRect(0, 0, 16, 16)
    return canvas


@pytest.mark.parametrize(("form", "size", "sha"), ENCODED)
def test_encode_async(package, wait, form, size, sha):
    canvas = red(package(NAME))
    data = wait(lambda: canvas.encode(*form))
    assert isinstance(data, napi.Buffer)
    assert (len(data), digest(data)) == (size, sha)
    assert data.equals(canvas.encodeSync(*form))


def test_data_url_async(package, wait):
    canvas = red(package(NAME))
    url = wait(lambda: canvas.toDataURLAsync("image/png"))
    assert (len(url), digest(url.encode())) == (194, "e691f8f6a34e7aa1")


def test_unknown_format(package, wait):
    canvas = red(package(NAME))
    with pytest.raises(napi.Error, match="bogus is not valid format") as info:
        wait(lambda: canvas.encode("bogus"))
    assert info.value.code == "InvalidArg"


@pytest.mark.parametrize(
    "code",
    [
        "m.CanvasElement(32, 16)",
        "m.CanvasElement(32, 16).encode('png').result(20)",
        "kept = m.CanvasElement(2000, 2000).encode('webp')",
        "kept = [m.CanvasElement(32, 32).encode('png') for _ in range(30)]",
        "m.CanvasElement(32, 16).toDataURLAsync('image/png').then(len)",
    ],
)
def test_leaves_the_interpreter_cleanly(ends, code):
    ends(NAME, code)

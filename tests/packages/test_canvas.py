import hashlib
import math

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

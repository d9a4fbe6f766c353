"""The options are those that sharp's own JavaScript fills in (sharp.json)."""

import hashlib
import json
from pathlib import Path

import pytest

import napi

NAME = "@img/sharp-linux-x64"
OPTIONS = json.loads(Path(__file__).with_name("sharp.json").read_text())
RAW = bytes(i * 7 % 256 for i in range(16 * 16 * 3))
PNG_DIGEST = "8f48c4ff61be92e8"
FORMATS = [
    ({}, "png", 187, PNG_DIGEST),
    ({"formatOut": "jpeg"}, "jpeg", 299, "ab13130c37413a4c"),
    ({"formatOut": "webp"}, "webp", 76, "e2c15736a20ed7a7"),
    ({"formatOut": "tiff"}, "tiff", 932, "e75f9e8de8789a60"),
    ({"formatOut": "gif"}, "gif", 257, "508af0d6f8ad19ea"),
    ({"formatOut": "heif"}, "heif", 297, "2894e595db6924a4"),
    ({"formatOut": "raw", "flip": True}, "raw", 96, "588d7b29c93d27af"),
    ({"greyscale": True, "blurSigma": 1.5}, "png", 136, "93d035587f26cffe"),
]


def options(changes=None, **source):
    made = OPTIONS | (changes or {})
    made["input"] = OPTIONS["input"] | source if source else encoded(b"")
    made["debuglog"] = made["queueListener"] = lambda *_: None
    return made


def encoded(data):
    """An input that says itself what it is: not raw."""
    known = {k: v for k, v in OPTIONS["input"].items() if not k.startswith("raw")}
    return known | {"buffer": data}


def digest(data):
    return hashlib.sha256(data).hexdigest()[:16]


def test_finds_its_library_in_the_sibling_package(package):
    m = package(NAME)
    version = {"semver": "8.18.7", "isGlobal": False, "isWasm": False}
    assert m.libvipsVersion() == version
    assert m.simd() is True
    assert list(m.cache()) == ["memory", "files", "items"]
    assert {"png", "jpeg", "webp", "heif"} <= set(m.format())


@pytest.mark.parametrize(("changes", "form", "size", "sha"), FORMATS)
def test_pipeline(package, answer, changes, form, size, sha):
    m = package(NAME)
    error, data, info = answer(lambda cb: m.pipeline(options(changes, buffer=RAW), cb))
    assert error is napi.null
    assert isinstance(data, napi.Buffer)
    assert (len(data), digest(data)) == (size, sha)
    assert (info["format"], info["width"], info["height"]) == (form, 8, 4)
    assert info["size"] == size


def test_the_queue_listener_is_called_at_both_ends(package, answer):
    m = package(NAME)
    seen = []
    job = options(buffer=RAW)
    job["queueListener"] = seen.append
    answer(lambda cb: m.pipeline(job, cb))
    napi.run(timeout=60)
    # Before the first call a worker may have taken the job from the queue.
    assert seen in ([1, 0], [0, 0])
    assert m.counters() == {"queue": 0, "process": 0}


def test_metadata_and_stats(package, answer):
    m = package(NAME)
    _, png, _ = answer(lambda cb: m.pipeline(options(buffer=RAW), cb))
    source = {"input": encoded(png), "debuglog": print}
    error, found = answer(lambda cb: m.metadata(source, cb))
    assert error is napi.null
    assert found["autoOrient"] == {"width": 8, "height": 4}
    assert (found["format"], found["mediaType"]) == ("png", "image/png")
    assert (found["size"], found["depth"], found["space"]) == (187, "uchar", "srgb")
    error, stats = answer(lambda cb: m.stats(source, cb))
    assert error is napi.null
    assert list(stats) == ["channels", "isOpaque", "entropy", "sharpness", "dominant"]


def test_what_is_no_image(package, answer):
    m = package(NAME)
    job = options()
    job["input"] = encoded(b"nonsense")
    error, *rest = answer(lambda cb: m.pipeline(job, cb))
    assert isinstance(error, napi.Error)
    assert error.message == "Input buffer contains unsupported image format"
    assert rest in ([], [None], [None, None])
    error, *_ = answer(lambda cb: m.metadata(job, cb))
    assert error.message == "Input buffer contains unsupported image format"
    with pytest.raises(napi.TypeError, match="undefined or null to object"):
        m.pipeline({}, lambda *_: None)


def test_many_at_once(package, wait):
    m = package(NAME)

    def one():
        def start(resolve, _):
            m.pipeline(options(buffer=RAW), lambda _, data, __: resolve(data))

        return napi.Promise(start)

    def all_of_them():
        return napi.globalThis["Promise"].all([one() for _ in range(20)])

    assert {digest(data) for data in wait(all_of_them)} == {PNG_DIGEST}


JOB = f"""
import json, pathlib
path = pathlib.Path({str(Path(__file__).with_name("sharp.json"))!r})
def job(done, **changes):
    made = json.loads(path.read_text()) | changes
    made["input"]["buffer"] = bytes(16 * 16 * 3)
    made["debuglog"] = made["queueListener"] = lambda *_: None
    m.pipeline(made, done)
"""


@pytest.mark.parametrize(
    "code",
    [
        "m.libvipsVersion()",
        f"{JOB}job(lambda *_: None); napi.run(20)",
        f"{JOB}[job(lambda *_: None) for _ in range(50)]",
        f"{JOB}job(lambda *_: job(print), width=4000, height=4000); napi.run_once()",
    ],
)
def test_leaves_the_interpreter_cleanly(ends, code):
    ends(NAME, code)

"""structuredClone: views, and the buffers that a copy takes over."""

import pytest

import napi
from napi import js


def test_views_of_one_buffer_stay_views_of_one_buffer():
    source = """(() => {
        const buffer = new ArrayBuffer(8);
        const bytes = new Uint8Array(buffer, 2, 3);
        const from = {bytes, view: new DataView(buffer, 1)};
        from.bytes[0] = 7;
        const to = structuredClone(from);
        return [to.bytes.buffer === to.view.buffer, to.bytes.buffer !== buffer,
                to.bytes.byteOffset, to.bytes.length, to.view.getUint8(1)];
    })()"""
    assert list(js.eval(source)) == [True, True, 2, 3, 7]


def test_a_transferred_buffer_is_detached():
    source = """(() => {
        const buffer = new Uint8Array([1, 2]).buffer;
        const to = structuredClone(buffer, {transfer: [buffer]});
        return [buffer.detached, buffer.byteLength, to.byteLength];
    })()"""
    assert list(js.eval(source)) == [True, 0, 2]


@pytest.mark.parametrize(
    "what", ["{}", "1", "new SharedArrayBuffer(1)", "new Uint8Array(1)"]
)
def test_only_array_buffers_can_be_transferred(what):
    with pytest.raises(napi.Error, match="could not be cloned"):
        js.eval(f"structuredClone(1, {{transfer: [{what}]}})")

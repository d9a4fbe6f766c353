"""Names of globals, for those who must not load the host: it may be another build."""

from __future__ import annotations

__all__ = ["NATIVE"]

#: Memory and the views of it: classes of the shim itself.
NATIVE = (
    "ArrayBuffer",
    "BigInt64Array",
    "BigUint64Array",
    "Buffer",
    "DataView",
    "Float16Array",
    "Float32Array",
    "Float64Array",
    "Int16Array",
    "Int32Array",
    "Int8Array",
    "SharedArrayBuffer",
    "Uint16Array",
    "Uint32Array",
    "Uint8Array",
    "Uint8ClampedArray",
)

"""``createCipheriv`` and ``createDecipheriv``, over the package cryptography."""

from __future__ import annotations

import hmac
import re
from typing import Any

from napi._native import shim
from napi.js.host._crypto_key import key_bytes, need_library
from napi.js.host._errors import invalid_type, need_text, node_error
from napi.js.host._fs_values import data_bytes
from napi.js.host._kit import add_method, klass, option, put
from napi.js.host._stream_base import call_method
from napi.runtime.buffer import decode
from napi.runtime.builtin import hidden
from napi.runtime.error import Error
from napi.runtime.realm import kept

__all__ = ["NAMES", "cipher_class", "describe", "engine"]

_STATE = shim.Symbol("kHandle")
_NAME = re.compile(r"(?:id-)?aes-?(128|192|256)(?:-(cbc|cfb8|cfb|ctr|ecb|gcm|ofb))?")
_MODES = ("cbc", "cfb", "cfb8", "ctr", "ecb", "gcm", "ofb")
_AES = [f"aes-{bits}-{mode}" for bits in (128, 192, 256) for mode in _MODES]
NAMES = (*sorted(_AES), "chacha20-poly1305")
_NIDS = {"cbc": (419, 423, 427), "ecb": (418, 422, 426), "gcm": (895, 898, 901)}
_NIDS |= {"ctr": (904, 905, 906), "ofb": (420, 424, 428), "cfb": (421, 425, 429)}
_NIDS |= {"cfb8": (653, 654, 655)}


def _parse(name: str) -> tuple[int, str] | None:
    """The bytes of the key and the mode."""
    text = name.lower()
    if text == "chacha20-poly1305":
        return 32, "chacha"
    found = _NAME.fullmatch(text)
    return None if found is None else (int(found[1]) // 8, found[2] or "cbc")


def describe(name: Any) -> Any:
    """``crypto.getCipherInfo``: undefined where there is no such cipher."""
    found = _parse(str(name))
    if found is None:
        return None
    size, mode = found
    made = shim.create(shim.null)
    if mode == "chacha":
        put(made, mode="stream", name=name, nid=1018, keyLength=32)
        return put(made, blockSize=None, ivLength=12)
    shown = f"id-aes{size * 8}-gcm" if mode == "gcm" else f"aes-{size * 8}-{mode}"
    put(made, mode=mode, name=shown, nid=_NIDS[mode][size // 8 - 2], keyLength=size)
    vector = {"gcm": 12, "ecb": None}.get(mode, 16)
    return put(made, blockSize=16 if mode in ("cbc", "ecb") else 1, ivLength=vector)


class _ChaCha:
    """ChaCha20-Poly1305 in pieces (RFC 8439, chapter 2.8)."""

    def __init__(self, key: bytes, nonce: bytes, encrypts: bool) -> None:
        from cryptography.hazmat.primitives import poly1305  # type: ignore[import-not-found, unused-ignore]

        self.encrypts = encrypts
        self.stream = self._stream(key, 1, nonce)
        zero = self._stream(key, 0, nonce).update(bytes(32))
        self.mac = poly1305.Poly1305(zero)
        self.sizes = [0, 0]

    @staticmethod
    def _stream(key: bytes, counter: int, nonce: bytes) -> Any:
        ciphers = need_library()
        place = counter.to_bytes(4, "little") + nonce
        algorithm = ciphers.algorithms.ChaCha20(key, place)
        return ciphers.Cipher(algorithm, mode=None).encryptor()

    def authenticate_additional_data(self, data: bytes) -> None:
        self.mac.update(data)
        self.sizes[0] += len(data)

    def update(self, data: bytes) -> bytes:
        if not self.sizes[1]:
            self.mac.update(bytes(-self.sizes[0] % 16))
        made = bytes(self.stream.update(data))
        self.mac.update(made if self.encrypts else data)
        self.sizes[1] += len(data)
        return made

    def finalize(self) -> bytes:
        if not self.sizes[1]:
            self.mac.update(bytes(-self.sizes[0] % 16))
        self.mac.update(bytes(-self.sizes[1] % 16))
        self.mac.update(b"".join(one.to_bytes(8, "little") for one in self.sizes))
        self.tag = bytes(self.mac.finalize())
        return b""

    def finalize_with_tag(self, tag: bytes) -> bytes:
        self.finalize()
        if not hmac.compare_digest(self.tag[: len(tag)], tag):
            raise ValueError("the tag is another one")
        return b""


def _mode(modes: Any, name: str) -> Any:
    if name in ("CFB", "CFB8", "OFB"):  # they have moved
        try:
            from cryptography.hazmat.decrepit.ciphers import modes as older  # type: ignore[import-not-found, unused-ignore]

            return getattr(older, name)
        except (ImportError, AttributeError):
            pass
    return getattr(modes, name)


def engine(mode: str, key: bytes, iv: bytes, encrypts: bool) -> Any:
    """What encrypts or decrypts, in pieces."""
    if mode == "chacha":
        return _ChaCha(key, iv, encrypts)
    ciphers = need_library()
    from cryptography.hazmat.primitives.ciphers import modes  # type: ignore[import-not-found, unused-ignore]

    kind = {"ctr": "CTR", "ecb": "ECB", "gcm": "GCM", "cbc": "CBC", "ofb": "OFB"}
    name = kind.get(mode, mode.upper())
    made = _mode(modes, name)
    if mode == "gcm":
        how = made(iv, min_tag_length=4) if not encrypts else made(iv)
    else:
        how = made() if mode == "ecb" else made(iv)
    cipher = ciphers.Cipher(ciphers.algorithms.AES(key), how)
    return cipher.encryptor() if encrypts else cipher.decryptor()


class _State:
    """A cipher at work.

    Args:
        mode: As in its name.
        key: Of the right size.
        iv: The same.
        encrypts: Whether texts become secret.
    """

    def __init__(self, mode: str, key: bytes, iv: bytes, encrypts: bool) -> None:
        self.engine = engine(mode, key, iv, encrypts)
        self.mode, self.encrypts = mode, encrypts
        self.pads = mode in ("cbc", "ecb")
        self.rest = b""  # of the last block, while it is not known to be the last
        self.total = 0
        self.tag: bytes | None = None
        self.size = 16
        self.done = False

    @property
    def is_sealed(self) -> bool:
        """Whether there is a tag."""
        return self.mode in ("gcm", "chacha")

    def update(self, data: bytes) -> bytes:
        """The next piece."""
        self.total += len(data)
        made = bytes(self.engine.update(data))
        if self.encrypts or not self.pads:
            return made
        made = self.rest + made
        cut = max(len(made) - 16, 0) if self.total % 16 == 0 else len(made)
        self.rest = made[cut:]
        return made[:cut]

    def finish(self) -> bytes:
        """The last piece."""
        self.done = True
        if self.is_sealed:
            return self._seal()
        if self.encrypts and self.pads:
            lack = 16 - self.total % 16
            last = bytes(self.engine.update(bytes([lack]) * lack))
            return last + bytes(self.engine.finalize())
        if self.mode in ("cbc", "ecb") and self.total % 16:
            raise _wrong_length()
        self.engine.finalize()
        return self._unpadded() if self.pads else self.rest

    def _unpadded(self) -> bytes:
        size = self.rest[-1] if self.rest else 0
        if not self.rest:
            raise _wrong_length()
        if not 1 <= size <= 16 or self.rest[-size:] != bytes([size]) * size:
            text = "error:1C800064:Provider routines::bad decrypt"
            raise _openssl(text, "ERR_OSSL_BAD_DECRYPT", "bad decrypt")
        return self.rest[:-size]

    def _seal(self) -> bytes:
        if self.encrypts:
            last = bytes(self.engine.finalize())
            self.tag = bytes(self.engine.tag)[: self.size]
            return last
        text = "Unsupported state or unable to authenticate data"
        if self.tag is None:
            raise Error(text)
        try:
            return bytes(self.engine.finalize_with_tag(self.tag))
        except Exception:
            raise Error(text) from None


def _openssl(text: str, code: str, reason: str) -> Any:
    made = Error(text)
    for key, value in (
        ("library", "Provider routines"),
        ("reason", reason),
        ("code", code),
    ):
        shim.set(made, key, value)
    return made


def _wrong_length() -> Any:
    text = "error:1C80006B:Provider routines::wrong final block length"
    reason = "wrong final block length"
    return _openssl(text, "ERR_OSSL_WRONG_FINAL_BLOCK_LENGTH", reason)


def _begin(
    this: Any, encrypts: bool, cipher: Any, key: Any, iv: Any, options: Any
) -> None:
    from napi.js.host.crypto import _transform

    name = need_text(cipher, "cipher")
    secret = key_bytes(key)
    given = None if iv is shim.null else data_bytes(iv, "utf8", "iv")
    found = _parse(name)
    if found is None:
        raise node_error("Error", "ERR_CRYPTO_UNKNOWN_CIPHER", "Unknown cipher")
    size, mode = found
    if len(secret) != size:
        raise node_error(
            "RangeError", "ERR_CRYPTO_INVALID_KEYLEN", "Invalid key length"
        )
    right = {"ecb": (0,), "gcm": range(1, 129), "chacha": (12,)}.get(mode, (16,))
    if len(given or b"") not in right:
        text = "Invalid initialization vector"
        raise node_error("TypeError", "ERR_CRYPTO_INVALID_IV", text)
    shim.call(_transform(), this, options)
    state = _State(mode, secret, given or b"", encrypts)
    state.size = int(option(options, "authTagLength", 16))
    hidden(this, _STATE, state)


def _state(this: Any) -> _State:
    found: _State = shim.get(this, _STATE)
    return found


def _invalid_state(what: str) -> Any:
    text = f"Invalid state for operation {what}"
    return node_error("Error", "ERR_CRYPTO_INVALID_STATE", text)


def _shown(data: bytes, encoding: Any) -> Any:
    if encoding is None or encoding is shim.null or encoding == "buffer":
        return shim.Buffer(data)
    return decode(data, str(shim.to_string(encoding)))


class _Members:
    def update(
        this: Any, data: Any, inputEncoding: Any = None, outputEncoding: Any = None
    ) -> Any:
        wanted = inputEncoding if isinstance(inputEncoding, str) else "utf8"
        state = _state(this)
        if state.done:
            raise Error("Trying to add data in unsupported state")
        return _shown(state.update(data_bytes(data, wanted)), outputEncoding)

    def final(this: Any, outputEncoding: Any = None) -> Any:
        state = _state(this)
        if state.done:
            raise node_error("Error", "ERR_CRYPTO_INVALID_STATE", "Invalid state")
        return _shown(state.finish(), outputEncoding)

    def setAutoPadding(this: Any, autoPadding: Any = True) -> Any:
        state = _state(this)
        state.pads = state.mode in ("cbc", "ecb") and bool(shim.to_boolean(autoPadding))
        return this

    def getAuthTag(this: Any) -> Any:
        tag = _state(this).tag
        if tag is None or not _state(this).encrypts:
            raise _invalid_state("getAuthTag")
        return shim.Buffer(tag)

    def setAuthTag(this: Any, tag: Any, encoding: Any = None) -> Any:
        state = _state(this)
        data = data_bytes(tag, encoding if isinstance(encoding, str) else "utf8", "tag")
        if not state.is_sealed or state.encrypts or state.tag is not None:
            raise _invalid_state("setAuthTag")
        if state.mode == "gcm" and len(data) not in (4, 8, *range(12, 17)):
            text = f"Invalid authentication tag length: {len(data)}"
            raise node_error("TypeError", "ERR_CRYPTO_INVALID_AUTH_TAG", text)
        state.tag = data
        return this

    def setAAD(this: Any, buffer: Any, options: Any = None) -> Any:
        state = _state(this)
        if not state.is_sealed:
            raise _invalid_state("setAAD")
        if buffer is None:
            raise invalid_type("buffer", ["string", "ArrayBuffer", "Buffer"], buffer)
        wanted = option(options, "encoding", "utf8")
        data = data_bytes(buffer, str(wanted), "buffer")
        state.engine.authenticate_additional_data(data)
        return this


def _transform_chunk(this: Any, chunk: Any, encoding: Any, callback: Any) -> None:
    call_method(this, "push", call_method(this, "update", chunk, encoding))
    shim.call(callback, None)


def _flush(this: Any, callback: Any) -> None:
    try:
        call_method(this, "push", call_method(this, "final"))
    except Error as error:
        shim.call(callback, None, error)
        return
    shim.call(callback, None)


def cipher_class(encrypts: bool) -> Any:
    """The class Cipheriv or Decipheriv of this realm."""
    name = "Cipheriv" if encrypts else "Decipheriv"

    def init(
        this: Any,
        cipher: Any = None,
        key: Any = None,
        iv: Any = None,
        options: Any = None,
    ) -> None:
        _begin(this, encrypts, cipher, key, iv, options)

    def build() -> Any:
        from napi.js.host.crypto import _transform

        made = klass(name, init, _Members, parent=_transform(), call=True, length=4)
        prototype = shim.get(made, "prototype")
        add_method(prototype, "_transform", _transform_chunk)
        add_method(prototype, "_flush", _flush)
        return made

    return kept(f"crypto.{name}", build)

"""DOMException (WebIDL, chapter 2.8.1)."""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.runtime.builtin import getter, install, tag
from napi.runtime.constructor import adopt, publish
from napi.runtime.error import Error, TypeError
from napi.runtime.prototype import prototype_for

__all__ = ["DOMException"]

_CODES = {
    "IndexSizeError": 1,
    "HierarchyRequestError": 3,
    "WrongDocumentError": 4,
    "InvalidCharacterError": 5,
    "NoModificationAllowedError": 7,
    "NotFoundError": 8,
    "NotSupportedError": 9,
    "InUseAttributeError": 10,
    "InvalidStateError": 11,
    "SyntaxError": 12,
    "InvalidModificationError": 13,
    "NamespaceError": 14,
    "InvalidAccessError": 15,
    "TypeMismatchError": 17,
    "SecurityError": 18,
    "NetworkError": 19,
    "AbortError": 20,
    "URLMismatchError": 21,
    "QuotaExceededError": 22,
    "TimeoutError": 23,
    "InvalidNodeTypeError": 24,
    "DataCloneError": 25,
}
_CONSTANTS = {
    "INDEX_SIZE_ERR": 1,
    "DOMSTRING_SIZE_ERR": 2,
    "HIERARCHY_REQUEST_ERR": 3,
    "WRONG_DOCUMENT_ERR": 4,
    "INVALID_CHARACTER_ERR": 5,
    "NO_DATA_ALLOWED_ERR": 6,
    "NO_MODIFICATION_ALLOWED_ERR": 7,
    "NOT_FOUND_ERR": 8,
    "NOT_SUPPORTED_ERR": 9,
    "INUSE_ATTRIBUTE_ERR": 10,
    "INVALID_STATE_ERR": 11,
    "SYNTAX_ERR": 12,
    "INVALID_MODIFICATION_ERR": 13,
    "NAMESPACE_ERR": 14,
    "INVALID_ACCESS_ERR": 15,
    "VALIDATION_ERR": 16,
    "TYPE_MISMATCH_ERR": 17,
    "SECURITY_ERR": 18,
    "NETWORK_ERR": 19,
    "ABORT_ERR": 20,
    "URL_MISMATCH_ERR": 21,
    "QUOTA_EXCEEDED_ERR": 22,
    "TIMEOUT_ERR": 23,
    "INVALID_NODE_TYPE_ERR": 24,
    "DATA_CLONE_ERR": 25,
}


class DOMException(Error):
    """An error of the web's interfaces, told apart by its name.

    Args:
        message: The message.
        name: The name: ``AbortError`` and so on.
    """

    __module__ = "napi"

    def __init__(self, message: Any = "", name: Any = "Error") -> None:
        super().__init__("" if message is None else message)
        kind = "Error" if name is None else str(name)
        self.__dict__["__name__"] = kind
        self.__dict__["name"] = kind
        self.__dict__["code"] = _CODES.get(kind, 0)


def _need(this: Any) -> Any:
    if not isinstance(this, DOMException):
        raise TypeError("Illegal invocation")
    return this


class _Prototype:
    @getter
    def name(this: Any) -> str:
        return str(_need(this).__dict__["__name__"])

    @getter
    def message(this: Any) -> str:
        return str(_need(this).message)

    @getter
    def code(this: Any) -> int:
        return _CODES.get(_need(this).__dict__["__name__"], 0)


def _construct(new_target: Any, message: Any = None, options: Any = None) -> Any:
    name, cause, has_cause = options, None, False
    if shim.typeof(options) == "object" and options is not shim.null:
        name = shim.get(options, "name")
        has_cause = bool(shim.has(options, "cause"))
        cause = shim.get(options, "cause") if has_cause else None
    text = "" if message is None else shim.to_string(message)
    made = DOMException(text, "Error" if name is None else shim.to_string(name))
    if has_cause:
        from napi.runtime.builtin import hidden

        hidden(made, "cause", cause)
    from napi.runtime.stack import remember

    remember(adopt(made, new_target, DOMException))
    for key in ("name", "code"):
        made.__dict__.pop(key, None)
    return made


def _publish() -> None:
    prototype = shim.create(Error.prototype)  # type: ignore[attr-defined]
    install(prototype, _Prototype, listed=True)
    tag(prototype, "DOMException")
    publish(DOMException, construct=_construct, prototype=prototype, is_class=True)
    shim.set_prototype(DOMException, prototype_for("function"))
    for name, code in _CONSTANTS.items():
        for target in (DOMException, prototype):
            shim.define(
                target,
                name,
                value=code,
                writable=False,
                enumerable=True,
                configurable=False,
            )


_publish()

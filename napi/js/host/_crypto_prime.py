"""Primes of ``crypto``: ``generatePrime``, ``checkPrime``."""

from __future__ import annotations

import secrets
from typing import Any

from napi._native import shim
from napi.js.host._errors import invalid_type, need_integer
from napi.js.host._kit import option

__all__ = ["check", "generate"]

_ROUNDS = 40
_SMALL = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)


def is_prime(number: int) -> bool:
    """Whether a number is a prime, as far as Miller and Rabin can tell."""
    if number < 2:
        return False
    for one in _SMALL:
        if number % one == 0:
            return number == one
    rest, twos = number - 1, 0
    while not rest & 1:
        rest, twos = rest >> 1, twos + 1
    for _ in range(_ROUNDS):
        power = pow(2 + secrets.randbelow(number - 3), rest, number)
        if power in (1, number - 1):
            continue
        for _ in range(twos - 1):
            power = power * power % number
            if power == number - 1:
                break
        else:
            return False
    return True


def check(candidate: Any) -> bool:
    """``crypto.checkPrimeSync``."""
    if shim.typeof(candidate) == "bigint":
        return is_prime(int(candidate))
    if not isinstance(candidate, (shim.TypedArray, shim.DataView, shim.ArrayBuffer)):
        wanted = ["ArrayBuffer", "TypedArray", "Buffer", "DataView", "bigint"]
        raise invalid_type("candidate", wanted, candidate)
    return is_prime(int.from_bytes(memoryview(candidate).cast("B"), "big"))


def generate(size: Any, options: Any) -> Any:
    """``crypto.generatePrimeSync``."""
    bits = need_integer(size, "size", 1, 2**31 - 1)
    safe = option(options, "safe") is True
    while True:
        found = secrets.randbits(bits) | 1
        if bits > 1:
            found |= 3 << (bits - 2)
        if bits <= 2:
            found = 3 if bits == 2 else 2
        if is_prime(found) and (not safe or is_prime(found >> 1)):
            break
    if option(options, "bigint") is True:
        return shim.BigInt(found)
    data = found.to_bytes((bits + 7) // 8, "big")
    made = shim.ArrayBuffer(len(data))
    memoryview(made)[:] = data
    return made

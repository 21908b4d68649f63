"""Seeded chance: the same key gives the same draw, in any process and after any restart.

Only the door to random numbers belongs here; what is drawn is decided where it is needed.
"""

import base64
import hashlib

import numpy as np


def _digest(key: tuple[object, ...], size: int) -> bytes:
    return hashlib.blake2b("\x1f".join(map(str, key)).encode(), digest_size=size).digest()


def generator(*key: object) -> np.random.Generator:
    """A random generator that belongs to this key alone, e.g. `generator(seed, "audience", post_id)`."""
    return np.random.Generator(np.random.PCG64(int.from_bytes(_digest(key, 16))))


def fraction(*key: object) -> float:
    """One number in [0, 1) that belongs to this key."""
    return int.from_bytes(_digest(key, 7)) / 2**56


def whole(below: int, *key: object) -> int:
    """One whole number in [0, below) that belongs to this key."""
    return int.from_bytes(_digest(key, 16)) % below


def token(length: int, *key: object) -> str:
    """A URL-safe string of `length` characters that belongs to this key."""
    return base64.urlsafe_b64encode(_digest(key, 48)).decode()[:length]

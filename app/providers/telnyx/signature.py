"""Is a request from Telnyx? ``telnyx-signature-ed25519`` is the Ed25519 signature (RFC 8032) of ``telnyx-timestamp``, a bar
and the body as it came, in base64 (developers.telnyx.com/api-reference/callbacks). The address is not signed, and neither
is a query."""

import base64
import binascii
import re
from datetime import datetime
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WINDOW_SECONDS: Final = 300
"""How far a timestamp may be from our clock, as Telnyx's own libraries have it: an old request is no request."""
_TIMESTAMP: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
_KEY_BYTES: Final = 32
_PRIME: Final = 2**255 - 19
_OF_ORDER_8: Final = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
_OF_SMALL_ORDER: Final = frozenset({0, 1, _PRIME - 1, _OF_ORDER_8, _PRIME - _OF_ORDER_8})
"""The y of all points of small order, which RFC 8032 lets pass: whoever signs for one of these needs no private key."""


def is_signed(claimed: str, timestamp: str, body: bytes, public_keys: list[str], now: datetime) -> bool:
    """Whether ``claimed`` is right for any of the keys, and not too old or too new. ``now`` is aware."""
    if not _TIMESTAMP.fullmatch(timestamp) or abs(now.timestamp() - int(timestamp)) > WINDOW_SECONDS:
        return False
    try:
        signature = base64.b64decode(claimed, validate=True)
    except (binascii.Error, ValueError):
        return False
    return any(_fits(signature, timestamp.encode() + b"|" + body, key) for key in public_keys)


def is_public_key(text: str) -> bool:
    """Whether this has the form of a public key."""
    return _read_key(text) is not None


def _fits(signature: bytes, message: bytes, public_key: str) -> bool:
    key = _read_key(public_key)
    if key is None:
        return False
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=1024)
def _read_key(text: str) -> Ed25519PublicKey | None:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(data) != _KEY_BYTES or _y_of(data) in _OF_SMALL_ORDER:
        return None
    return Ed25519PublicKey.from_public_bytes(data)


def _y_of(data: bytes) -> int:
    return (int.from_bytes(data, "little") & ((1 << 255) - 1)) % _PRIME

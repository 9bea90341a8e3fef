"""Where a running call stands, carried by the URL that the provider asks next, so that any worker can go on.

A step is written as base64url JSON with an HMAC-SHA256 in front (RFC 2104; 128 bits of it). The provider's own
signature covers the URL too; ours makes sure that only URLs which we built are ever acted upon. Nothing from outside
goes into a step: ids of ours, numbers of lines and counters.
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

_MAC_CHARACTERS: Final = 22
_MAX_TOKEN: Final = 1024


class StepKind(StrEnum):
    """What the provider asks for when it requests the step."""

    FAKE_QUEUE = "fake"
    MENU_KEY = "menu-key"
    MENU_SILENCE = "menu-silence"
    LEG_DONE = "leg-done"
    CONFIRM = "confirm"
    CONFIRM_KEY = "confirm-key"
    WAIT = "wait"
    LEFT_QUEUE = "left-queue"
    OPERATOR_DONE = "operator-done"


@dataclass(frozen=True, slots=True)
class Step:
    """``began`` is the call's first webhook in epoch seconds; ``target`` the menu, queue or operator at hand; ``count``
    the leg, try or round; ``priority`` and ``language`` travel along. ``booth`` is 1 for a call from the phone booth,
    which is decided as of ``shift`` seconds from now."""

    kind: StepKind
    line: str
    began: int
    target: str = ""
    count: int = 0
    priority: int = 0
    language: str = ""
    booth: int = 0
    shift: int = 0


class StepFault(StrEnum):
    """Why a token is refused."""

    NOT_OURS = "not_ours"
    OF_ANOTHER_VERSION = "of_another_version"


class StepForged(ValueError):
    """The token was not built by us, or by another version of us."""

    def __init__(self, fault: StepFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def encode(step: Step, key: bytes) -> str:
    """The URL-safe token of ``step``."""
    fields = {name: value for name, value in asdict(step).items() if value not in ("", 0)}
    body = base64.urlsafe_b64encode(json.dumps(fields, separators=(",", ":")).encode()).rstrip(b"=").decode()
    return _mac(body, key) + body


def decode(token: str, key: bytes) -> Step:
    """The step of a token from outside. Raises :class:`StepForged`."""
    mac, body = token[:_MAC_CHARACTERS], token[_MAC_CHARACTERS:]
    if len(token) > _MAX_TOKEN or not token.isascii() or not hmac.compare_digest(mac, _mac(body, key)):
        raise StepForged(StepFault.NOT_OURS)
    try:
        fields = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return Step(**({"line": "", "began": 0} | fields | {"kind": StepKind(fields["kind"])}))
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise StepForged(StepFault.OF_ANOTHER_VERSION) from error


def _mac(body: str, key: bytes) -> str:
    digest = hmac.digest(key, body.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode()[:_MAC_CHARACTERS]

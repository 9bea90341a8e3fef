"""How far the network vouches for a number, as ``StirVerstat`` tells it (twilio.com/docs/voice/trusted-calling-with-
shakenstir). The values are compared whole: one is the beginning of another."""

from collections.abc import Mapping
from typing import Final

from filters.attestation import Attestation

VERSTAT: Final = {
    f"TN-Validation-{verdict}-{level}{suffix}": Attestation(level) if verdict == "Passed" else Attestation.FAILED
    for verdict in ("Passed", "Failed")
    for level in "ABC"
    for suffix in ("", "-Diverted", "-Passthrough")
} | {"TN-Validation-Failed": Attestation.FAILED}


def attestation_of(values: Mapping[str, str]) -> Attestation:
    """From a request's parameters; none when the call carried no passport."""
    return VERSTAT.get(values.get("StirVerstat", ""), Attestation.NONE)


_STRICTEST_FIRST: Final = (
    Attestation.FAILED, Attestation.GATEWAY, Attestation.NONE, Attestation.PARTIAL, Attestation.FULL,
)  # fmt: skip


def strictness(value: str) -> int:
    """How little a value of ``StirVerstat`` does for the caller, from 0: that none is given raises no doubt of its own, a
    gateway's word does."""
    return _STRICTEST_FIRST.index(VERSTAT.get(value, Attestation.NONE))

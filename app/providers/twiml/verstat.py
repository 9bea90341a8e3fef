"""How far the network vouches for a number, as ``StirVerstat`` tells it (twilio.com/docs/voice/trusted-calling-with-
shakenstir). The values are compared whole: one is the beginning of another."""

from collections.abc import Mapping
from typing import Final

from filters.attestation import Attestation

_VERSTAT: Final = {
    f"TN-Validation-{verdict}-{level}{suffix}": Attestation(level) if verdict == "Passed" else Attestation.FAILED
    for verdict in ("Passed", "Failed")
    for level in "ABC"
    for suffix in ("", "-Diverted", "-Passthrough")
} | {"TN-Validation-Failed": Attestation.FAILED}


def attestation_of(values: Mapping[str, str]) -> Attestation:
    """From a request's parameters; none when the call carried no passport."""
    return _VERSTAT.get(values.get("StirVerstat", ""), Attestation.NONE)

"""How far the network vouches for a caller ID (STIR/SHAKEN, ATIS-1000074), the same for every provider."""

from enum import StrEnum


class Attestation(StrEnum):
    """Absent is not failed: outside the participating countries there is simply none.

    A passed attestation says that the number is not spoofed; it says nothing good about the caller, so it never
    lifts anybody. Only a doubtful one lowers trust.
    """

    FULL = "A"
    PARTIAL = "B"
    GATEWAY = "C"
    FAILED = "failed"
    NONE = "none"

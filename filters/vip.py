"""Is this caller a VIP, by which entry, and is the number trustworthy enough to open the door to management."""

from collections.abc import Iterable
from enum import StrEnum

from filters.attestation import Attestation
from filters.matches import Match, MatchSource


class VipPolicy(StrEnum):
    """How much a VIP's number has to be vouched for. A caller ID is no proof of identity, and VIP is the only list
    where spoofing one buys real access."""

    NUMBER_ONLY = "number_only"
    UNLESS_DOUBTFUL = "unless_doubtful"
    ATTESTED = "attested"


def vip_match(matches: Iterable[Match]) -> Match | None:
    """The deciding VIP match: the most specific that counts, or None."""
    return best(matches, MatchSource.VIP)


def best(matches: Iterable[Match], source: MatchSource) -> Match | None:
    """The most specific match of ``source`` that counts; the first of equals."""
    found: Match | None = None
    for match in matches:
        if match.source is source and match.counts and (found is None or match.specificity > found.specificity):
            found = match
    return found


class Doubt(StrEnum):
    """Why a VIP's identity is unconfirmed."""

    FAILED_VALIDATION = "failed_validation"
    """The network says that the number may be forged (attestation failed)."""
    GATEWAY_ONLY = "gateway_only"
    """The network knows only the gateway that the call came through (attestation C)."""
    NOT_FULLY_ATTESTED = "not_fully_attested"
    """The policy wants attestation A, and there is none."""
    ODD_SPELLING = "odd_spelling"
    """The number is written as no network writes one, or is the user of a SIP address."""


def doubt_about(attestation: Attestation, policy: VipPolicy, *, plain: bool = True) -> Doubt | None:
    """What is doubtful about a VIP's identity; None when the policy is satisfied. ``plain`` as in
    :class:`filters.caller_id.CallerId`: no policy makes a VIP of a number that is not.

    Absent attestation is no failure (most countries have none), except under ATTESTED.
    """
    if not plain:
        return Doubt.ODD_SPELLING
    if policy is VipPolicy.NUMBER_ONLY:
        return None
    if attestation is Attestation.FAILED:
        return Doubt.FAILED_VALIDATION
    if attestation is Attestation.GATEWAY:
        return Doubt.GATEWAY_ONLY
    if policy is VipPolicy.ATTESTED and attestation is not Attestation.FULL:
        return Doubt.NOT_FULLY_ATTESTED
    return None

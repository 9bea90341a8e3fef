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


def doubt_about(attestation: Attestation, policy: VipPolicy) -> str | None:
    """Why a VIP's identity is unconfirmed; None when the policy is satisfied.

    Absent attestation is no failure (most countries have none), except under ATTESTED.
    """
    if policy is VipPolicy.NUMBER_ONLY:
        return None
    if attestation is Attestation.FAILED:
        return "the network says that the number failed validation"
    if attestation is Attestation.GATEWAY:
        return "the network knows only the gateway that the call came through (attestation C)"
    if policy is VipPolicy.ATTESTED and attestation is not Attestation.FULL:
        return "the network does not fully vouch for the number (no attestation A)"
    return None

"""The evidence for or against a caller: one :class:`Match` for every entry that names the number."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from filters.clients import Client, Standing
from filters.list_entry import Idle, ListEntry, Treatment
from filters.pattern import EXACT_SPECIFICITY, Pattern, PatternKind
from filters.subscription import Subscription, SubscriptionState


class MatchSource(StrEnum):
    """What a match makes of the caller: a VIP, a blacklisted caller, or a client and nothing more."""

    VIP = "vip"
    BLACKLIST = "blacklist"
    CLIENT = "client"


class Match(NamedTuple):
    """Something that names the caller's number: an entry of a list, the card of a client (``of_client``) or a list of others
    (``of_subscription``), by its id.

    ``label`` is the entry's label or the client's name, ``reason`` what was written down when the entry was made.
    ``idle`` tells why it does not count here and now; ``expires_at`` (UTC) is when the entry ends or ended.
    """

    source: MatchSource
    entry_id: str
    pattern: Pattern
    specificity: int
    label: str = ""
    reason: str = ""
    idle: Idle | None = None
    expires_at: datetime | None = None
    treatment: Treatment | None = None
    of_client: bool = False
    of_subscription: bool = False

    @property
    def counts(self) -> bool:
        """Whether the match has a say in this call."""
        return self.idle is None


_STANDS_FOR = {
    Standing.VIP: MatchSource.VIP,
    Standing.BLACKLISTED: MatchSource.BLACKLIST,
    Standing.ORDINARY: MatchSource.CLIENT,
}


def match_of_entry(source: MatchSource, entry: ListEntry, idle: Idle | None) -> Match:
    """The match that ``entry`` of the list ``source`` makes."""
    return Match(
        source, entry.id, entry.pattern, entry.pattern.specificity, entry.label, entry.reason, idle, entry.expires_at,
        entry.treatment,
    )  # fmt: skip


def match_of_client(client: Client, number: str) -> Match:
    """The match that the card of ``client`` makes, who uses ``number``."""
    shared = number in client.shared and client.standing is not Standing.ORDINARY
    return Match(
        _STANDS_FOR[client.standing], client.id, Pattern(PatternKind.EXACT, number), EXACT_SPECIFICITY, client.name,
        idle=Idle.SHARED_NUMBER if shared else None, of_client=True,
    )  # fmt: skip


def match_of_subscription(subscription: Subscription, pattern: Pattern, *, is_known: bool) -> Match:
    """The match that a list of others makes by ``pattern``. ``is_known``: the company has its own word about the number."""
    idle = Idle.OWN_WORD if is_known else Idle.SHADOW if subscription.state is SubscriptionState.SHADOW else None
    return Match(
        MatchSource.BLACKLIST, subscription.id, pattern, pattern.specificity, subscription.name, idle=idle,
        treatment=subscription.treatment, of_subscription=True,
    )  # fmt: skip

"""Look a caller up: everything the lists and the client cards say about one number, with the evidence."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from filters.blacklist import blacklist_match, is_exception
from filters.caller_id import CallerId
from filters.category import category_id_of
from filters.clients import Client, ClientIndex, Standing
from filters.entries import EntryIndex
from filters.matches import Match, MatchSource, match_of_client, match_of_entry, match_of_subscription
from filters.subscription import Subscription
from filters.vip import vip_match


@dataclass(frozen=True, slots=True)
class CallerLists:
    """What a tenant knows about numbers. ``subscriptions`` are the lists of others that are looked at."""

    vip: EntryIndex = field(default_factory=EntryIndex)
    blacklist: EntryIndex = field(default_factory=EntryIndex)
    clients: ClientIndex = field(default_factory=ClientIndex)
    subscriptions: tuple[Subscription, ...] = ()


class Caller(NamedTuple):
    """The answer of :func:`look_up`. ``vip`` and ``blacklist`` are the deciding matches of their list, at most one of
    them the ``winner``. ``exception`` is the entry of the blacklist that lets the caller through where others of it would
    not; then nothing of that list decides."""

    caller_id: CallerId
    matches: tuple[Match, ...] = ()
    clients: tuple[Client, ...] = ()
    vip: Match | None = None
    blacklist: Match | None = None
    exception: Match | None = None

    @property
    def winner(self) -> Match | None:
        """The most specific match of both lists; at equal specificity VIP wins."""
        if self.vip and self.blacklist:
            return self.vip if self.vip.specificity >= self.blacklist.specificity else self.blacklist
        return self.vip or self.blacklist

    @property
    def tie(self) -> bool:
        """Whether VIP won at equal specificity; saving such a pair is refused, so the trace points it out."""
        return bool(self.vip and self.blacklist and self.vip.specificity == self.blacklist.specificity)

    @property
    def client(self) -> Client | None:
        """The client, when exactly one uses the number."""
        return self.clients[0] if len(self.clients) == 1 else None

    @property
    def category_id(self) -> str | None:
        """The category of the known client or clients; see :func:`filters.category.category_id_of`."""
        return category_id_of(self.clients)


def look_up(caller_id: CallerId, lists: CallerLists, line_id: str, now: datetime) -> Caller:
    """Everything known about ``caller_id`` calling the line ``line_id`` at ``now`` (UTC).

    Callers without a number match nothing: a withheld caller is on no list. Digits that are no number are on the blacklist
    as they are, or not at all.
    """
    number = caller_id.number
    if number is None:
        return _of_digits(caller_id, lists, line_id, now) if caller_id.digits else Caller(caller_id)
    clients = lists.clients.by_number.get(number, ())
    vip_entries, blacklist_entries = lists.vip.naming(number), lists.blacklist.naming(number)
    of_others = [
        (one, pattern) for one in lists.subscriptions if (pattern := one.numbers.naming(number, now)) is not None
    ]  # fmt: skip
    if not (clients or vip_entries or blacklist_entries or of_others):
        return Caller(caller_id)
    matches = [
        match_of_entry(source, entry, entry.idle_for(line_id, now))
        for source, entries in ((MatchSource.VIP, vip_entries), (MatchSource.BLACKLIST, blacklist_entries))
        for entry in entries
    ]
    if clients:
        matches += [match_of_client(client, number) for client in clients]
    if of_others:
        is_known = any(one.counts for one in matches) or any(
            client.standing is not Standing.BLACKLISTED for client in clients
        )
        matches += [match_of_subscription(one, pattern, is_known=is_known) for one, pattern in of_others]
    return _caller(caller_id, matches, clients)


def _of_digits(caller_id: CallerId, lists: CallerLists, line_id: str, now: datetime) -> Caller:
    entries = lists.blacklist.naming_digits(caller_id.digits or "")
    matches = [match_of_entry(MatchSource.BLACKLIST, one, one.idle_for(line_id, now)) for one in entries]
    return _caller(caller_id, matches, ())


def _caller(caller_id: CallerId, matches: list[Match], clients: tuple[Client, ...]) -> Caller:
    blocked = blacklist_match(matches)
    exception = blocked if blocked is not None and is_exception(blocked) else None
    return Caller(
        caller_id, tuple(matches), clients, vip_match(matches), None if exception is not None else blocked, exception
    )

"""Looking a caller up: the narrowest entry that counts decides, and everything that names the number is shown."""

from datetime import UTC, datetime, timedelta

import pytest

from filters.caller import Caller, CallerLists, look_up
from filters.caller_id import read_caller_id
from filters.clients import Client, ClientIndex, Standing
from filters.entries import EntryIndex, ListEntry, Treatment
from filters.list_entry import Idle
from filters.matches import MatchSource
from filters.pattern import Pattern, PatternKind, read_pattern
from tests import cast

NOW = datetime(2026, 7, 24, 8, tzinfo=UTC)


def entry(number: str, kind: PatternKind = PatternKind.EXACT, to: str | None = None, **fields: object) -> ListEntry:
    return ListEntry(fields.pop("id", number), read_pattern(kind, number, to, "FR"), **fields)  # type: ignore[arg-type]


def lists(
    vip: tuple[ListEntry, ...] = (), blacklist: tuple[ListEntry, ...] = (), clients: tuple[Client, ...] = ()
) -> CallerLists:
    return CallerLists(EntryIndex.of(vip), EntryIndex.of(blacklist), ClientIndex.of(clients))


def found(number: str, known: CallerLists, line: str = "line", now: datetime = NOW) -> Caller:
    return look_up(read_caller_id(number, "FR"), known, line, now)


def test_nobody_knows_uma() -> None:
    caller = found(cast.UMA, lists(vip=(entry(cast.VERA),), blacklist=(entry(cast.BORIS),)))
    assert (caller.matches, caller.winner, caller.client, caller.tie) == ((), None, None, False)


def test_the_longest_match_wins() -> None:
    blacklist = (
        entry("FR", PatternKind.COUNTRY), entry("+336", PatternKind.PREFIX), entry("+3363998", PatternKind.PREFIX),
        entry(cast.BORIS),
    )  # fmt: skip
    caller = found(cast.BORIS, lists(blacklist=blacklist))
    assert caller.blacklist is not None
    assert caller.blacklist.entry_id == cast.BORIS
    assert [match.entry_id for match in caller.matches] == [cast.BORIS, "+3363998", "+336", "FR"]


def test_a_vip_inside_a_blocked_range_is_the_exception() -> None:
    known = lists(vip=(entry(cast.VERA),), blacklist=(entry("+33639", PatternKind.PREFIX),))
    winner = found(cast.VERA, known).winner
    assert winner is not None
    assert winner.source is MatchSource.VIP
    neighbour = found(cast.UMA, known).winner
    assert neighbour is not None
    assert neighbour.source is MatchSource.BLACKLIST


def test_a_blocked_number_inside_a_vip_range_is_the_exception_too() -> None:
    known = lists(vip=(entry("+33639", PatternKind.PREFIX),), blacklist=(entry(cast.BORIS),))
    boris, uma = found(cast.BORIS, known).winner, found(cast.UMA, known).winner
    assert boris is not None
    assert uma is not None
    assert (boris.source, uma.source) == (MatchSource.BLACKLIST, MatchSource.VIP)


def test_equal_specificity_is_a_tie_that_the_vip_wins() -> None:
    caller = found(cast.VERA, lists(vip=(entry(cast.VERA),), blacklist=(entry(cast.VERA),)))
    assert caller.tie
    assert caller.winner is caller.vip


def test_an_exception_goes_away_with_its_expiry() -> None:
    known = lists(
        vip=(entry(cast.VERA, expires_at=NOW + timedelta(hours=1)),), blacklist=(entry("+33639", PatternKind.PREFIX),)
    )
    assert found(cast.VERA, known).winner is not None
    assert found(cast.VERA, known).winner == found(cast.VERA, known).vip
    later = found(cast.VERA, known, now=NOW + timedelta(hours=1))
    assert later.vip is None
    assert later.winner is later.blacklist
    expired = later.matches[0]
    assert not expired.counts
    assert (expired.idle, expired.expires_at) == (Idle.EXPIRED, NOW + timedelta(hours=1))


@pytest.mark.parametrize(("seconds", "counts"), [(-1, True), (0, False), (1, False)])
def test_an_entry_expires_at_its_very_second(seconds: int, counts: bool) -> None:
    """Recycled numbers: an entry that nobody renews ends by itself."""
    known = lists(blacklist=(entry(cast.BORIS, expires_at=NOW),))
    assert (found(cast.BORIS, known, now=NOW + timedelta(seconds=seconds)).winner is not None) is counts


def test_an_entry_limited_to_lines_is_idle_on_the_others() -> None:
    known = lists(blacklist=(entry(cast.BORIS, lines=frozenset({"sales"})),))
    assert found(cast.BORIS, known, "sales").winner is not None
    elsewhere = found(cast.BORIS, known, "support")
    assert elsewhere.winner is None
    assert [match.idle for match in elsewhere.matches] == [Idle.OTHER_LINES]


def test_a_narrow_entry_that_is_idle_leaves_the_decision_to_a_broader_one() -> None:
    blacklist = (
        entry(cast.BORIS, label="old", expires_at=NOW),
        entry("+336", PatternKind.PREFIX, label="mobiles"),
    )
    caller = found(cast.BORIS, lists(blacklist=blacklist))
    assert caller.blacklist is not None
    assert caller.blacklist.label == "mobiles"
    assert len(caller.matches) == 2


def test_every_match_comes_with_its_evidence() -> None:
    client = Client("c1", "Vera", frozenset({cast.VERA}))
    known = lists(
        vip=(entry(cast.VERA, label="Vera", reason="our largest customer"),),
        blacklist=(entry("+336", PatternKind.PREFIX, label="mobiles"), entry("FR", PatternKind.COUNTRY)),
        clients=(client,),
    )
    matches = found(cast.VERA, known).matches
    assert [(match.source, match.pattern, match.label, match.of_client) for match in matches] == [
        (MatchSource.VIP, Pattern(PatternKind.EXACT, cast.VERA), "Vera", False),
        (MatchSource.BLACKLIST, Pattern(PatternKind.PREFIX, "+336"), "mobiles", False),
        (MatchSource.BLACKLIST, Pattern(PatternKind.COUNTRY, "FR"), "", False),
        (MatchSource.CLIENT, Pattern(PatternKind.EXACT, cast.VERA), "Vera", True),
    ]
    assert matches[0].reason == "our largest customer"
    assert [(match.specificity, match.idle) for match in matches] == [
        (match.pattern.specificity, None) for match in matches
    ]


def test_country_entries_tell_countries_of_one_calling_code_apart() -> None:
    known = lists(
        blacklist=(entry("US", PatternKind.COUNTRY), entry("KZ", PatternKind.COUNTRY)),
        vip=(entry("CA", PatternKind.COUNTRY),),
    )
    sources = {
        number: winner.source if (winner := found(number, known).winner) else None
        for number in ("+12025550123", "+14165550123", "+18765230123", "+77123456789", "+79123456789")
    }
    assert list(sources.values()) == [MatchSource.BLACKLIST, MatchSource.VIP, None, MatchSource.BLACKLIST, None]


@pytest.mark.parametrize(
    "nameless", ["", "anonymous", "+266696687", "0000", "112", "sip:1001@x.example", "client:b", "?"]
)
def test_callers_without_a_number_match_no_entry(nameless: str) -> None:
    """yap compares ``str_starts_with(entry, caller)``: an empty caller becomes "+" and matches every entry."""
    everything = lists(
        blacklist=(
            entry(cast.BORIS), entry("+336", PatternKind.PREFIX), entry("FR", PatternKind.COUNTRY),
            entry("+266696", PatternKind.PREFIX), entry("+33100000000", PatternKind.RANGE, "+33999999999"),
        )
    )  # fmt: skip
    assert found(nameless, everything).matches == ()


def test_a_longer_caller_matches_a_prefix_and_a_shorter_one_does_not() -> None:
    """The other half of yap's bug: there a caller longer than the entry never matches a prefix."""
    known = lists(blacklist=(entry("+33639", PatternKind.PREFIX),))
    assert found(cast.BORIS, known).winner is not None
    assert found("+3363", known).winner is None


def test_the_last_digits_never_match_across_countries() -> None:
    known = lists(blacklist=(entry(cast.BORIS),), clients=(Client("c", "Boris", frozenset({cast.BORIS})),))
    for foreign in ("+39639980002", "+49639980002", "+1639980002", "+346639980002"):
        assert found(foreign, known).matches == ()


def test_a_person_s_status_covers_all_their_own_numbers() -> None:
    boris = Client("b", "Boris", frozenset({cast.BORIS, cast.UMA}), standing=Standing.BLACKLISTED)
    known = lists(clients=(boris,))
    for number in boris.numbers:
        winner = found(number, known).winner
        assert winner is not None
        assert winner.source is MatchSource.BLACKLIST
        assert (winner.of_client, winner.entry_id, winner.label) == (True, "b", "Boris")


@pytest.mark.parametrize("standing", [Standing.VIP, Standing.BLACKLISTED])
def test_a_shared_number_never_takes_over_one_person_s_status(standing: Standing) -> None:
    hotel = "+33199001234"
    guest = Client("g", "Guest", frozenset({hotel, cast.UMA}), frozenset({hotel}), standing=standing)
    known = lists(clients=(guest,))
    caller = found(hotel, known)
    assert caller.winner is None
    assert caller.client == guest
    assert [match.idle for match in caller.matches] == [Idle.SHARED_NUMBER]
    assert found(cast.UMA, known).winner is not None


def test_several_clients_on_one_number_are_nobody_in_particular() -> None:
    family = "+33199001234"
    first = Client("a", "Ana", frozenset({family}), category_id="gold", language="fr")
    second = Client("b", "Ben", frozenset({family}), category_id="silver", language="ru")
    caller = found(family, lists(clients=(second, first)))
    assert caller.client is None
    assert caller.clients == (first, second)
    assert caller.category_id is None
    same = found(family, lists(clients=(first, Client("c", "Cem", frozenset({family}), category_id="gold"))))
    assert same.category_id == "gold"


def test_the_clients_of_a_number_stay_right_through_changes() -> None:
    first, second = Client("a", "Ana", frozenset({"+331"})), Client("b", "Ben", frozenset({"+331", "+332"}))
    index = ClientIndex().with_client(second).with_client(first)
    assert index == ClientIndex.of([first, second])
    moved = Client("b", "Ben", frozenset({"+333"}))
    assert index.with_client(moved, before=second) == ClientIndex.of([first, moved])
    assert index.without_client(second).without_client(first) == ClientIndex()


def test_an_exception_lets_a_caller_through_inside_a_broader_block() -> None:
    known = lists(
        blacklist=(entry("+33639", PatternKind.PREFIX), entry(cast.UMA, treatment=Treatment.ALLOW), entry(cast.BORIS))
    )
    let_through = found(cast.UMA, known)
    assert (let_through.winner, let_through.blacklist) == (None, None)
    assert let_through.exception is not None
    assert let_through.exception.entry_id == cast.UMA
    assert found(cast.BORIS, known).blacklist is not None
    assert found("+33639123456", known).blacklist is not None


def test_a_narrower_block_inside_an_exception_blocks_again() -> None:
    known = lists(
        blacklist=(
            entry("FR", PatternKind.COUNTRY), entry("+33639", PatternKind.PREFIX, treatment=Treatment.ALLOW),
            entry(cast.BORIS),
        )
    )  # fmt: skip
    assert found(cast.BORIS, known).blacklist is not None
    assert found(cast.UMA, known).blacklist is None
    assert found("+33145123456", known).blacklist is not None


def test_an_exception_never_lets_a_blacklisted_client_through() -> None:
    boris = Client("c", "Boris", frozenset({cast.BORIS}), standing=Standing.BLACKLISTED)
    known = lists(blacklist=(entry(cast.BORIS, treatment=Treatment.ALLOW),), clients=(boris,))
    blocked = found(cast.BORIS, known).blacklist
    assert blocked is not None
    assert blocked.of_client


def test_an_exception_takes_nothing_from_a_vip() -> None:
    known = lists(vip=(entry("+33639", PatternKind.PREFIX),), blacklist=(entry(cast.VERA, treatment=Treatment.ALLOW),))
    winner = found(cast.VERA, known).winner
    assert winner is not None
    assert winner.source is MatchSource.VIP


def test_digits_that_are_no_number_are_blocked_as_they_are_and_never_by_what_is_wider() -> None:
    everything = (entry("+1415", PatternKind.PREFIX), entry("US", PatternKind.COUNTRY))
    assert found("0150", lists(blacklist=everything)).matches == ()
    own = ListEntry("own", Pattern(PatternKind.EXACT, "0150"))
    blocked = found("0150", lists(blacklist=(*everything, own))).blacklist
    assert blocked is not None
    assert blocked.entry_id == "own"
    assert found("01501", lists(blacklist=(own,))).matches == ()


def test_a_caller_with_more_digits_than_e164_has_is_blocked_by_prefix_country_and_digits() -> None:
    caller = "003162073523199999915"
    for listed in (entry("+3162073523", PatternKind.PREFIX), entry("NL", PatternKind.COUNTRY), entry(caller)):
        blocked = found(caller, lists(blacklist=(listed,))).blacklist
        assert blocked is not None
    assert found(caller, lists(blacklist=(entry("+31620735231"),))).blacklist is None

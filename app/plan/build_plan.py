"""Rows become pure values here: one tenant's rows in, its frozen :class:`routing.plan.RoutingPlan` out."""

import sys
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import TypedDict
from zoneinfo import ZoneInfo

import phonenumbers

from app.base import limits
from app.plan.country_holidays import national_holidays
from app.plan.rows import Row
from filters.attestation import Attestation
from filters.caller_id import CallerKind
from filters.category import Category
from filters.clients import Client, Standing, folded_tag
from filters.entries import ListEntry, Treatment
from filters.pattern import Pattern, PatternKind
from filters.subscribed_numbers import SubscribedNumbers
from filters.subscription import Subscription, SubscriptionState
from filters.texts import Recording
from filters.vip import VipPolicy
from routing.actions import Leg, Phrase
from routing.call_queue import RingStrategy
from routing.fake_queue import Caps
from routing.hours import ByHand, Calendar, WeekHours, read_interval
from routing.menu import MenuTarget, MenuTree, TargetKind
from routing.overflow import Overflow, Way
from routing.plan import ClosedTreatment, HiddenTreatment, Line, Operator, Treatments, WaitingQueue
from routing.presence import Presence, PresenceState
from routing.quiet_hours import QuietHours
from routing.rules import Repeated, Rule, RuleAction, Rules, RuleState, When, folded_name

_NO_TAGS: frozenset[str] = frozenset()
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def list_entry(row: Row) -> ListEntry:
    """An entry of either list."""
    return ListEntry(
        id=row["id"],
        pattern=Pattern(PatternKind(row["match"]), row["number"], row["to"]),
        label=row["label"],
        reason=row["reason"],
        expires_at=datetime.fromisoformat(row["expires_at"]) if row["expires_at"] else None,
        lines=frozenset(row["lines"]),
        treatment=Treatment(row["treatment"]) if row.get("treatment") else None,
    )


def subscription(row: Row, numbers: SubscribedNumbers) -> Subscription:
    """A list of others, with its ``numbers``."""
    treatment = Treatment(row["treatment"]) if row["treatment"] else None
    return Subscription(row["id"], row["name"], SubscriptionState(row["state"]), numbers, treatment)


def client(row: Row) -> Client:
    """The part of a client card that routing needs."""
    return Client(
        id=row["id"],
        name=row["name"],
        numbers=frozenset(number["number"] for number in row["numbers"]),
        shared=frozenset(number["number"] for number in row["numbers"] if number["shared"]),
        category_id=row["category_id"],
        standing=Standing(row["standing"]),
        language=row["language"],
        tags=_tags(row["tags"]) if row.get("tags") else _NO_TAGS,
        responsible_id=row.get("responsible_operator_id"),
    )


def _tags(texts: Iterable[str]) -> frozenset[str]:
    """Every tag once in memory, and every set of tags that many clients have."""
    tags = frozenset(sys.intern(folded_tag(one)) for one in texts)
    return _together(tags)


@lru_cache(maxsize=4096)
def _together(tags: frozenset[str]) -> frozenset[str]:
    return tags


def line(row: Row) -> Line:
    """A line; whether it is toll-free follows from its number."""
    return Line(
        id=row["id"],
        number=row["number"],
        label=row["label"],
        country=row["country"],
        zone=ZoneInfo(row["time_zone"]),
        language=row["language"],
        hours_id=row["hours_id"],
        menu_id=row["menu_id"],
        queue_id=row["queue_id"],
        greeting=texts(row, "greeting", "greetings", row["language"]),
        closed_text=texts(row, "closed_text", "closed_texts", row["language"]),
        closed_treatment=ClosedTreatment(row.get("closed_treatment", ClosedTreatment.MESSAGE)),
        toll_free=is_toll_free(row["number"]),
        provider=row.get("provider", "twilio"),  # a plan that an earlier version saved has none
        by_hand=by_hand(row),
    )


def by_hand(row: Row) -> ByHand | None:
    """What somebody has said of a line, if anybody has; it may be over."""
    if (state := row.get("by_hand")) is None:
        return None
    return ByHand(state == "open", _end(row["by_hand_until"]))


def _end(text: str | None) -> datetime | None:
    """An end that no calendar reaches, as earlier versions took it, is none: the call that asks when it opens again would
    fail on it."""
    end = datetime.fromisoformat(text) if text else None
    return end if end is not None and end <= limits.LATEST else None


@lru_cache(maxsize=4096)
def is_toll_free(e164: str) -> bool:
    """Whether the called party pays for calls to this number."""
    parsed = phonenumbers.parse(e164, None)
    return bool(phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.TOLL_FREE)


def texts(row: Row, one: str, several: str, language: str) -> dict[str, str]:
    """What is said to callers: the column ``one`` is in ``language``, ``several`` has others by theirs."""
    others = row.get(several) or {}  # a plan that an earlier version saved has none
    return {code: text for code, text in ({language: row[one]} | others).items() if text.strip()}


def category(row: Row, language: str) -> Category:
    """A category's rule; ``language`` is the company's."""
    return Category(
        id=row["id"],
        name=row["name"],
        queue_id=row["queue_id"],
        menu_id=row["menu_id"],
        priority=row["priority"],
        greeting=texts(row, "greeting", "greetings", language),
        treatment=row["treatment"],
        ignores_hours=row["ignores_hours"],
        responsible_first=row.get("responsible_first", False),  # a plan that an earlier version saved has none
        hours_id=row.get("hours_id"),
    )


def week_hours(row: Row) -> WeekHours:
    """Opening hours; intervals were checked when they were saved."""
    days = tuple(tuple(read_interval(text) for text in row["days"].get(day, ())) for day in WEEKDAYS)
    return WeekHours(row["id"], days, row["observes_holidays"])


def menu(row: Row) -> MenuTree:
    """An IVR menu."""
    return MenuTree(
        id=row["id"],
        name=row["name"],
        prompts=row["prompts"],
        keys={key: _target(target) for key, target in row["keys"].items()},
        tries=row["tries"],
        timeout_seconds=row["timeout_seconds"],
        otherwise=_target(row["otherwise"]) if row["otherwise"] else None,
    )


class StoredTarget(TypedDict, total=False):
    """Where a menu's key leads, as its row holds it: ``kind`` always, the rest where it has a meaning."""

    kind: str
    id: str | None
    text: str | None
    label: str | None


def _target(value: StoredTarget) -> MenuTarget:
    return MenuTarget(TargetKind(value["kind"]), value.get("id"), value.get("text") or "", value.get("label") or "")


def queue(row: Row, language: str) -> WaitingQueue:
    """A queue; ``language`` is the company's."""
    return WaitingQueue(
        id=row["id"],
        name=row["name"],
        announcement=texts(row, "announcement", "announcements", language),
        ring=RingStrategy(row.get("ring", RingStrategy.ALL)),  # a plan that an earlier version saved has none of these
        ring_seconds=row.get("ring_seconds"),
        wrap_up_seconds=row.get("wrap_up_seconds", 0),
        max_wait_seconds=row.get("max_wait_seconds"),
        max_waiting=row.get("max_waiting"),
        offer_callback_after_seconds=row.get("offer_callback_after_seconds"),
        asks_satisfaction=row.get("asks_satisfaction", False),
        otherwise=_overflow(row.get("otherwise") or {}),
    )


class StoredOverflow(TypedDict, total=False):
    """Where a queue sends whom it cannot serve, as its row holds it; ``text`` by language."""

    do: str
    id: str | None
    number: str | None
    text: dict[str, str]


def _overflow(value: StoredOverflow) -> Overflow:
    said = {code: text for code, text in (value.get("text") or {}).items() if text.strip()}
    return Overflow(Way(value.get("do", Way.MESSAGE)), value.get("id") or "", value.get("number") or "", said)


def operator(row: Row, zone: ZoneInfo) -> Operator:
    """Somebody who takes calls; quiet hours are by the clock of ``zone``, the company's."""
    quiet = row.get("quiet_hours")  # a plan that an earlier version saved has none
    return Operator(
        leg=Leg(row["id"], row["name"], row["address"], row["ring_seconds"], row["confirm"]),
        queue_ids=frozenset(row["queue_ids"]),
        management=row["management"],
        position=row["position"],
        presence=presence(row),
        quiet=QuietHours(read_interval(quiet), zone, row.get("quiet_unless_urgent", False)) if quiet else None,
    )


def presence(row: Row) -> Presence:
    """What an operator's row says of their presence."""
    if "presence" not in row:  # a plan that an earlier version saved has a switch
        return Presence() if row.get("available", True) else Presence(PresenceState.BREAK)
    until, since = row["presence_until"], row["presence_since"]
    return Presence(
        PresenceState(row["presence"]),
        row["presence_reason"],
        _end(until),
        datetime.fromisoformat(since) if since else Presence().since,
        row["presence_left"],
    )


def treatments(row: Row) -> Treatments:
    """The company's choices; what it has not chosen keeps its default."""
    chosen = row["treatments"]
    defaults = Treatments()
    return Treatments(
        blacklist=Treatment(chosen.get("blacklist", defaults.blacklist)),
        caps=caps(chosen),
        ladder=tuple(map(Treatment, chosen.get("ladder", defaults.ladder))),
        longest_wait_seconds=chosen.get("longest_wait_seconds", defaults.longest_wait_seconds),
        voicemail_days=chosen.get("voicemail_days", defaults.voicemail_days),
        countries=tuple(chosen.get("countries", defaults.countries)),
        withheld=HiddenTreatment(chosen.get("withheld", defaults.withheld)),
        unavailable=HiddenTreatment(chosen.get("unavailable", defaults.unavailable)),
        vip_policy=VipPolicy(chosen.get("vip_policy", defaults.vip_policy)),
    )


def caps(chosen: Mapping[str, int]) -> Caps:
    """What the fake queue may take of a company's lines and money."""
    usual = Caps()
    return Caps(
        call_seconds=chosen.get("fake_queue_cap_seconds", usual.call_seconds),
        at_once=chosen.get("fake_queue_at_once", usual.at_once),
        number_minutes=chosen.get("fake_queue_number_minutes", usual.number_minutes),
        line_minutes=chosen.get("fake_queue_line_minutes", usual.line_minutes),
        month_minutes=chosen.get("fake_queue_month_minutes", usual.month_minutes),
    )


def phrases(rows: Iterable[Row]) -> dict[tuple[Phrase, str], str]:
    """The company's own wording."""
    return {(Phrase(row["phrase"]), row["language"]): row["text"] for row in rows}


def recording(row: Row) -> Recording:
    """What callers hear in the place of a text."""
    return Recording(row["name"], row["text"], row["language"], row["file"])


def calendars(rows: Iterable[Row], this_year: int) -> tuple[Calendar, dict[str, Calendar]]:
    """The calendar of all lines, and by their ids those of the lines that keep further days of their own."""
    rows = list(rows)
    for_all = [row for row in rows if not row.get("lines")]  # a plan that an earlier version saved has none
    own = {line_id for row in rows for line_id in row.get("lines") or ()}
    by_line = {
        line_id: calendar([*for_all, *(row for row in rows if line_id in (row.get("lines") or ()))], this_year)
        for line_id in own
    }
    return calendar(for_all, this_year), by_line


def calendar(rows: Iterable[Row], this_year: int) -> Calendar:
    """Holidays of the chosen countries from last year to three years ahead, and the single days. Where two rows speak of the
    same day, the later one counts."""
    national: dict[date, str] = {}
    closed: dict[date, str] = {}
    opened: dict[date, tuple[tuple[int, int], ...]] = {}
    for row in rows:
        if row["country"]:
            national |= national_holidays(row["country"], row["subdivision"], this_year)
        elif row["intervals"]:
            opened[date.fromisoformat(row["day"])] = tuple(read_interval(text) for text in row["intervals"])
        else:
            closed[date.fromisoformat(row["day"])] = row["name"] or "extra closed day"
    return Calendar(national, closed, opened)


def rules(rows: Iterable[Row], language: str) -> Rules:
    """The company's own rules; a text without a language is in ``language``, the company's."""
    return Rules.of(rule(row, language) for row in sorted(rows, key=lambda row: (row["position"], row["id"])))


def rule(row: Row, language: str) -> Rule:
    """One rule."""
    does = row["do"]
    text = does.get("text") or {}
    texts_of = {language: text} if isinstance(text, str) else text
    return Rule(
        id=row["id"],
        name=row["name"],
        when=_when(row["when"]),
        action=RuleAction(does["action"]),
        queue_id=does.get("queue_id") or "",
        menu_id=does.get("menu_id") or "",
        text={code: said for code, said in texts_of.items() if said.strip()},
        state=RuleState(row["state"]),
    )


class StoredRepeats(TypedDict):
    """How often somebody has to have called, as a rule's row holds it."""

    at_least: int
    within_minutes: int


class StoredWhen(TypedDict, total=False):
    """When a rule holds, as its row holds it: what is left out does not matter."""

    country: str
    prefix: str
    kind: str
    attestation: list[str]
    name: str
    category_id: str
    tag: str
    line_id: str
    hours: str
    calls: StoredRepeats


def _when(asked: StoredWhen) -> When:
    calls = asked.get("calls")
    return When(
        country=asked.get("country", ""),
        prefix=asked.get("prefix", ""),
        kind=CallerKind(asked["kind"]) if "kind" in asked else None,
        attestation=frozenset(map(Attestation, asked.get("attestation", ()))),
        name=folded_name(asked.get("name", "")),
        category_id=asked.get("category_id", ""),
        tag=folded_tag(asked.get("tag", "")),
        line_id=asked.get("line_id", ""),
        open=asked["hours"] == "open" if "hours" in asked else None,
        calls=Repeated(calls["at_least"], calls["within_minutes"]) if calls else None,
    )

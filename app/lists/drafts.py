"""The box in which entries are added: what was typed, read back, and what would become of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData

from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.entries import EntryFault
from app.base.problems.requests import RequestFault
from app.lists.edit_lines import Pasting, Verdict
from app.lists.entry import entry_form
from app.lists.pasted_lines import read_pasted
from app.plan.clients_calling import clients_of
from app.plan.tenant_rows import TenantRows
from app.words.entry_words import EntryWords, entry_words
from app.words.list_words import treatment_words
from filters.entries import Treatment
from models import BlacklistEntry, CallRecord, VipEntry
from models.list_name import ListName

_RECENT_LOOKED_AT = 200
_RECENT_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Draft:
    """The fields as typed. ``picked`` are recent callers that were ticked, each a line of its own."""

    lines: str = ""
    picked: tuple[str, ...] = ()
    label: str = ""
    reason: str = ""
    expires: str = ""
    only_on: tuple[str, ...] = ()
    treatment: str = ""
    really: tuple[str, ...] = ()
    review: str = ""
    owner: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is no line yet."""
        return not (self.lines.strip() or self.picked)


@dataclass(frozen=True, slots=True)
class RecentCaller:
    """Somebody who called and stands on neither list. ``line`` is what is pasted for them."""

    line: str
    number: str
    name: str
    at: datetime


def read_draft(form: FormData) -> Draft:
    """What the form holds."""

    def one(name: str) -> str:
        value = form.get(name)
        return value if isinstance(value, str) else ""

    def many(name: str) -> tuple[str, ...]:
        return tuple(value for value in form.getlist(name) if isinstance(value, str))

    return Draft(
        one("lines"), many("picked"), one("label"), one("reason"), one("expires"), many("only_on"), one("treatment"),
        many("really"), one("review"), one("owner"),
    )  # fmt: skip


def pasting_of(draft: Draft, name: ListName, zone: ZoneInfo) -> Pasting:
    """The draft as it is to be judged or added. Raises :class:`Unprocessable` for a field that holds for all
    lines."""
    text = "\n".join((draft.lines, *draft.picked))
    shared = entry_form(
        name, number="", expires_at=end_of(draft.expires, zone), review_at=beginning_of(draft.review, zone),
        **typed_fields(draft),
    )  # fmt: skip
    return Pasting(name, read_pasted(text), shared, frozenset(draft.really))


def typed_fields(draft: Draft) -> dict[str, object]:
    """Fields of :class:`app.lists.entry.EntryIn` that hold for all lines of the draft, but for the expiry. Raises
    :class:`Unprocessable`."""
    return {
        "label": draft.label, "reason": draft.reason, "lines": list(draft.only_on),
        "treatment": treatment_of(draft.treatment), "owner": draft.owner.strip() or None,
    }  # fmt: skip


def fields_of(entry: VipEntry | BlacklistEntry, zone: ZoneInfo) -> dict[str, object]:
    """The entry as its form shows it."""
    return {
        "number": entry.number, "match": entry.match, "to": entry.to or "", "label": entry.label,
        "reason": entry.reason, "expires": last_day(entry.expires_at, zone), "only_on": tuple(entry.lines),
        "treatment": getattr(entry, "treatment", None) or "", "review": day_of(entry.review_at, zone),
        "owner": entry.owner or "",
    }  # fmt: skip


def end_of(day: str, zone: ZoneInfo) -> datetime | None:
    """The end of a day at the company, as UTC; None for no day. Raises :class:`Unprocessable`."""
    if not day.strip():
        return None
    try:
        following = date.fromisoformat(day.strip()) + timedelta(days=1)
        return datetime.combine(following, time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unprocessable(RequestFault.DAY_UNREADABLE, field="expires") from None


def beginning_of(day: str, zone: ZoneInfo, field: str = "review") -> datetime | None:
    """The beginning of a day at the company, as UTC; None for no day. Raises :class:`Unprocessable`."""
    if not day.strip():
        return None
    try:
        moment = datetime.combine(date.fromisoformat(day.strip()), time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unprocessable(RequestFault.DAY_UNREADABLE, field=field) from None
    if moment < limits.EARLIEST:
        raise Unprocessable(RequestFault.DAY_UNREADABLE, field=field)
    return moment


def day_of(moment: datetime | None, zone: ZoneInfo) -> str:
    """The day of a moment at the company, as a date field wants it; empty for none."""
    return f"{moment.astimezone(zone):%Y-%m-%d}" if moment else ""


def last_day(expires_at: datetime | None, zone: ZoneInfo) -> str:
    """The last day on which an entry counts, as a date field wants it; empty without an end."""
    return f"{(expires_at - timedelta(seconds=1)).astimezone(zone):%Y-%m-%d}" if expires_at else ""


def treatment_of(text: str) -> Treatment | None:
    """The treatment of that name; None for the company's. Raises :class:`Unprocessable`."""
    try:
        return Treatment(text) if text else None
    except ValueError:
        raise Unprocessable(EntryFault.UNKNOWN_TREATMENT, field="treatment") from None


def choice_words() -> dict[str, object]:
    """What the fields of an entry's form, and its row, need to say what can be chosen."""
    return {"treatment_words": treatment_words, "treatments": list(Treatment)}


def words_of(verdict: Verdict) -> EntryWords | None:
    """What the line names; None when it names nothing."""
    return entry_words(verdict.pattern) if verdict.pattern else None


async def recent_callers(session: AsyncSession, tenant: TenantRows) -> list[RecentCaller]:
    """The last who called with a number that no entry names exactly."""
    newest = (
        select(CallRecord)
        .where(CallRecord.tenant_id == tenant.tenant_id, CallRecord.caller_number.is_not(None))
        .order_by(CallRecord.started_at.desc())
        .limit(_RECENT_LOOKED_AT)
    )
    found: dict[str, RecentCaller] = {}
    for call in await session.scalars(newest):
        number = call.caller_number or ""
        if number in found or _is_listed(number, tenant):
            continue
        clients = clients_of(call, tenant)
        name = clients[0]["name"] if len(clients) == 1 else call.caller_name
        found[number] = RecentCaller(f"{number} {' '.join(name.split())}".strip(), number, name, call.started_at)
        if len(found) == _RECENT_SHOWN:
            break
    return list(found.values())


def _is_listed(number: str, tenant: TenantRows) -> bool:
    lists = tenant.lists
    return any(entry.pattern.number == number for one in (lists.vip, lists.blacklist) for entry in one.naming(number))

"""``/settings/lines``: the numbers that people call, and what happens on each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.base.language import LANGUAGES
from app.base.language import gettext as _
from app.company.lines import LINES
from app.event_log.stored_decision import stored_opening
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.providers.registry import PROVIDERS
from app.switchboard import Switchboard
from app.web.resource_pages import ResourcePages, Shown, named_rows, only_company, shown_spoken
from app.web.typed_form import TypedForm, decimal_text
from app.words.line_words import closed_treatment_words, closed_words
from app.words.number_words import grouped
from app.words.opening_words import opening_words
from models import LineRecord, MenuRecord, OpeningHours, ProviderAccount, QueueRecord
from routing.plan import ClosedTreatment

_TEXTS = ("number", "label", "country", "time_zone", "language", "provider", "closed_treatment")
_CHOSEN = ("hours_id", "menu_id", "queue_id")


@dataclass(frozen=True, slots=True)
class LineSeen:
    """A line in the list; one without hours is closed by hand only. ``by_hand`` tells that it is open or closed so now."""

    id: str
    label: str
    number: str
    closed: str
    has_hours: bool
    by_hand: str


@dataclass(frozen=True, slots=True)
class LineChoices:
    """What the lists of a line's form offer."""

    number: str
    providers: list[tuple[str, str]]
    spoken: list[tuple[str, str]]
    hours: list[tuple[str, str]]
    menus: list[tuple[str, str]]
    queues: list[tuple[str, str]]
    treatments: list[tuple[str, str]]


class LinePages(ResourcePages[LineRecord]):
    """What is said in the line's own language is a field apart in the API, and one of four in the form."""

    folder: ClassVar[str] = "settings_lines"

    def listed(self, board: Switchboard, tenant: TenantRows) -> Sequence[LineSeen]:
        """By number."""
        rows, plan, now = tenant.rows[self.table].values(), tenant.plan, board.clock()

        def by_hand(number: str) -> str:
            line = plan.lines.get(number) if plan else None
            opening = plan.opening_of(line, now) if plan and line else None
            return opening_words(stored_opening(opening, line.zone)) if line and opening and opening.by_hand else ""

        return [
            LineSeen(
                row["id"], row["label"], grouped(row["number"]),
                closed_words(ClosedTreatment(row["closed_treatment"])), row["hours_id"] is not None,
                by_hand(row["number"]),
            )
            for row in sorted(rows, key=lambda one: str(one["number"]))
        ]  # fmt: skip

    def read(self, form: TypedForm, tenant: TenantRows, row: Row | None) -> Mapping[str, object]:
        """Texts are those of the line's language when it is saved."""
        fields: dict[str, object] = {name: form.text(name) for name in _TEXTS if name in form}
        fields |= {name: form.text_or_none(name) for name in _CHOSEN if name in form}
        if not fields.get("country", "there"):
            del fields["country"]
        if "rate_per_minute" in form:
            fields["rate_per_minute"] = form.decimal("rate_per_minute")
        if "billing_increment_seconds" in form:
            fields["billing_increment_seconds"] = form.whole("billing_increment_seconds")
        first = form.text("language") or (row["language"] if row else only_company(tenant)["language"])
        for one, several in (("greeting", "greetings"), ("closed_text", "closed_texts")):
            if any(f"{one}_{code}" in form for code in LANGUAGES):
                said = form.spoken(one)
                fields |= {one: said.pop(first, ""), several: said}
        return fields

    def shown(self, tenant: TenantRows, row: Row | None) -> Shown:
        """The form's fields; a new line is like the company."""
        if row is None:
            company = only_company(tenant)
            like = {name: company[name] for name in ("country", "time_zone", "language")}
            return like | {"closed_treatment": ClosedTreatment.MESSAGE.value}
        fields = {name: row[name] or "" for name in (*_TEXTS, *_CHOSEN)}
        for name in ("rate_per_minute", "billing_increment_seconds"):
            fields[name] = decimal_text(row[name])
        fields |= shown_spoken("greeting", row["language"], row["greeting"], row["greetings"])
        return fields | shown_spoken("closed_text", row["language"], row["closed_text"], row["closed_texts"])

    def choices(self, board: Switchboard, tenant: TenantRows, row: Row | None) -> LineChoices:
        """What there is in the company."""
        accounts = {one["provider"] for one in tenant.rows[ProviderAccount.__tablename__].values()}
        names = sorted(accounts | ({row["provider"]} if row else set()))
        return LineChoices(
            number=grouped(row["number"]) if row else "",
            providers=[(name, PROVIDERS[name].title) for name in names],
            spoken=list(LANGUAGES.items()),
            hours=named_rows(tenant, OpeningHours, _("always open")),
            menus=named_rows(tenant, MenuRecord, _("no menu")),
            queues=named_rows(tenant, QueueRecord, _("the company's first queue")),
            treatments=[(one.value, closed_treatment_words(one)) for one in ClosedTreatment],
        )


PAGES = LinePages(LINES)

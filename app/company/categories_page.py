"""``/settings/categories``: kinds of clients, and how their calls are received."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, get_args

from app.base.language import LANGUAGES
from app.base.language import gettext as _
from app.company.categories import CATEGORIES, Colour
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.switchboard import Switchboard
from app.web.resource_pages import ResourcePages, Shown, named_rows, only_company, shown_spoken
from app.web.typed_form import TypedForm
from app.words.category_words import category_words, colour_words
from app.words.gentle_words import gentler_words
from app.words.unserved_words import unserved_words
from models import CategoryRule, ClientCard, MenuRecord, OpeningHours, QueueRecord, ScriptRecord
from routing.unserved import unserved_of_category

_CHOSEN = ("queue_id", "menu_id", "treatment", "hours_id", "script_id")
_TEXTS = ("colour", "word", "required_treatment")
_GUIDANCE = ("opening", "avoid", "offer")


@dataclass(frozen=True, slots=True)
class CategorySeen:
    """A category in the list, with what its clients get and how many there are; ``missing`` are sentences."""

    id: str
    name: str
    gets: str
    clients: int
    colour: str
    word: str
    missing: list[str]


@dataclass(frozen=True, slots=True)
class CategoryChoices:
    """What the lists of the form offer."""

    queues: list[tuple[str, str]]
    menus: list[tuple[str, str]]
    treatments: list[tuple[str, str]]
    hours: list[tuple[str, str]]
    scripts: list[tuple[str, str]]
    colours: list[tuple[str, str]]


class CategoryPages(ResourcePages[CategoryRule]):
    """What is said in the company's language is a field apart in the API, and one of four in the form."""

    folder: ClassVar[str] = "settings_categories"

    def listed(self, board: Switchboard, tenant: TenantRows) -> Sequence[CategorySeen]:
        """By name."""
        clients = Counter(row["category_id"] for row in tenant.rows[ClientCard.__tablename__].values())
        queues = {row["id"]: str(row["name"]) for row in tenant.rows[QueueRecord.__tablename__].values()}
        menus = {row["id"]: str(row["name"]) for row in tenant.rows[MenuRecord.__tablename__].values()}
        hours = {row["id"]: str(row["name"]) for row in tenant.rows[OpeningHours.__tablename__].values()}
        plan = tenant.plan

        def missing(row_id: str) -> list[str]:
            category = plan.categories.get(row_id) if plan else None
            if plan is None or category is None:
                return []
            return [unserved_words(one) for one in unserved_of_category(plan, category, plan.lines.values()).values()]

        return [
            CategorySeen(
                row["id"], row["name"],
                category_words(
                    queues.get(row["queue_id"], ""), menus.get(row["menu_id"], ""), row["treatment"] or "",
                    row["priority"], row["ignores_hours"], row.get("responsible_first", False),
                    hours.get(row.get("hours_id"), ""),
                ),
                clients[row["id"]], row.get("colour", ""), row.get("word", ""), missing(row["id"]),
            )
            for row in sorted(tenant.rows[self.table].values(), key=lambda one: str(one["name"]).casefold())
        ]  # fmt: skip

    def read(self, form: TypedForm, tenant: TenantRows, row: Row | None) -> Mapping[str, object]:
        """Texts are those of the company's language."""
        fields: dict[str, object] = {"name": form.text("name")}
        fields |= {name: form.text_or_none(name) for name in _CHOSEN if name in form}
        if "priority" in form:
            fields["priority"] = form.whole("priority") or 0
        fields |= {name: form.is_ticked(name) for name in ("ignores_hours", "responsible_first") if name in form}
        fields |= {name: form.text(name) for name in _TEXTS if name in form}
        if any(f"guidance.{name}" in form for name in _GUIDANCE):
            fields["guidance"] = {name: form.text(f"guidance.{name}") for name in _GUIDANCE}
        if any(f"greeting_{code}" in form for code in LANGUAGES):
            said = form.spoken("greeting")
            fields |= {"greeting": said.pop(only_company(tenant)["language"], ""), "greetings": said}
        return fields

    def shown(self, tenant: TenantRows, row: Row | None) -> Shown:
        """The form's fields."""
        if row is None:
            return {"priority": "0"}
        fields = {name: row[name] or "" for name in ("name", *_CHOSEN)}
        fields |= {"priority": str(row["priority"]), "ignores_hours": "1" if row["ignores_hours"] else ""}
        fields |= {name: row[name] for name in _TEXTS} | {"responsible_first": "1" if row["responsible_first"] else ""}
        fields |= {f"guidance.{name}": row["guidance"].get(name, "") for name in _GUIDANCE}
        return fields | shown_spoken("greeting", only_company(tenant)["language"], row["greeting"], row["greetings"])

    async def notices(self, board: Switchboard, tenant: TenantRows, row: Row) -> Sequence[str]:
        """Another wording where a text says what somebody is like."""
        texts = [str(row.get(name) or "") for name in ("name", *_TEXTS)]
        suggestion = gentler_words([*texts, *(str(one) for one in (row.get("guidance") or {}).values())])
        return [suggestion] if suggestion else []

    def choices(self, board: Switchboard, tenant: TenantRows, row: Row | None) -> CategoryChoices:
        """What there is in the company."""
        return CategoryChoices(
            queues=named_rows(tenant, QueueRecord, _("the line's queue")),
            menus=named_rows(tenant, MenuRecord, _("no menu of its own")),
            treatments=[
                ("", _("are received")),
                ("message", _("hear a message, and nothing else")),
                ("voicemail", _("can leave a message")),
            ],
            hours=named_rows(tenant, OpeningHours, _("those of the line")),
            scripts=named_rows(tenant, ScriptRecord, _("no script")),
            colours=[(colour, colour_words(colour)) for colour in get_args(Colour)],
        )


PAGES = CategoryPages(CATEGORIES)

"""``/settings/scripts``: what to say in a conversation, step by step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from app.base import limits
from app.base.language import LANGUAGES
from app.company.scripts import SCRIPTS
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.switchboard import Switchboard
from app.web.resource_pages import ResourcePages, Shown
from app.web.typed_form import TypedForm
from models import CategoryRule, ScriptRecord

_BETWEEN: Final = "\n\n"


@dataclass(frozen=True, slots=True)
class ScriptSeen:
    """A script in the list: how many steps it has, in which languages, and which categories name it."""

    id: str
    name: str
    steps: int
    languages: str
    categories: str


class ScriptPages(ResourcePages[ScriptRecord]):
    """A step is a paragraph: its first line is the title, the rest the text."""

    folder: ClassVar[str] = "settings_scripts"
    is_rehearsed: ClassVar[bool] = False

    def listed(self, board: Switchboard, tenant: TenantRows) -> Sequence[ScriptSeen]:
        """By name."""
        named: dict[str, list[str]] = {}
        for row in tenant.rows[CategoryRule.__tablename__].values():
            named.setdefault(row.get("script_id") or "", []).append(row["name"])
        return [
            ScriptSeen(
                row["id"], row["name"], max((len(steps) for steps in row["steps"].values()), default=0),
                ", ".join(LANGUAGES[code] for code in LANGUAGES if code in row["steps"]),
                ", ".join(sorted(named.get(row["id"], ()))),
            )
            for row in sorted(tenant.rows[self.table].values(), key=lambda one: str(one["name"]).casefold())
        ]  # fmt: skip

    def read(self, form: TypedForm, tenant: TenantRows, row: Row | None) -> Mapping[str, object]:
        """The steps of each language."""
        steps = {code: _read_steps(form.text(f"steps_{code}")) for code in LANGUAGES}
        return {"name": form.text("name"), "steps": {code: some for code, some in steps.items() if some}}

    def shown(self, tenant: TenantRows, row: Row | None) -> Shown:
        """The form's fields."""
        if row is None:
            return {}
        fields = {f"steps_{code}": _written(steps) for code, steps in row["steps"].items()}
        return {"name": str(row["name"])} | fields

    def choices(self, board: Switchboard, tenant: TenantRows, row: Row | None) -> int:
        """How many steps there may be."""
        return limits.STEPS


def _read_steps(text: str) -> list[dict[str, str]]:
    paragraphs = (one.strip() for one in text.replace("\r\n", "\n").split(_BETWEEN))
    cut = [one.partition("\n") for one in paragraphs if one]
    return [{"title": title.strip(), "text": rest.strip()} for title, _line, rest in cut]


def _written(steps: Sequence[Mapping[str, str]]) -> str:
    return _BETWEEN.join(f"{step['title']}\n{step['text']}".strip().replace(_BETWEEN, "\n") for step in steps)


PAGES = ScriptPages(SCRIPTS)

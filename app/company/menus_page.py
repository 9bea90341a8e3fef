"""``/settings/menus``: what callers hear first, and where their keys lead; as a form, and drawn as an outline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from app.base import limits
from app.base.errors import Unprocessable
from app.base.language import gettext as _
from app.base.problems.company import CompanyFault
from app.company.menus import MENUS
from app.plan.rows import Row
from app.plan.tenant_rows import TenantRows
from app.switchboard import Switchboard
from app.web.resource_pages import ResourcePages, Shown, named_rows, recordings_of
from app.web.typed_form import TypedForm
from app.words.menu_words import target_words
from filters.texts import recording_named
from models import LineRecord, MenuRecord, OperatorRecord, QueueRecord
from routing.menu import TargetKind

_FREE_ROWS: Final = 3
_NAMED: Final = {
    TargetKind.QUEUE: QueueRecord, TargetKind.MENU: MenuRecord, TargetKind.OPERATOR: OperatorRecord,
}  # fmt: skip
_ALONE: Final = (TargetKind.MESSAGE, TargetKind.VOICEMAIL, TargetKind.REPEAT, TargetKind.HANG_UP)
_DEEPEST: Final = 8


@dataclass(frozen=True, slots=True)
class Branch:
    """A key of a menu in the outline, and what it leads to, with the ``path`` of its page. ``is_above``: a menu that is
    drawn already; ``goes_on``: one that lies too deep to be drawn here; ``is_management``: whoever is not rung by keys."""

    key: str
    leads_to: str
    label: str
    branches: list["Branch"] = field(default_factory=list)
    path: str = ""
    is_above: bool = False
    goes_on: bool = False
    is_management: bool = False


@dataclass(frozen=True, slots=True)
class MenuSeen:
    """A menu in the list, with how many lines begin with it."""

    id: str
    name: str
    lines: list[str]
    branches: list[Branch]


@dataclass(frozen=True, slots=True)
class MenuChoices:
    """What the form offers: rows of keys, and where a key may lead, in groups."""

    rows: list[int]
    groups: list[tuple[str, list[tuple[str, str]]]]
    branches: list[Branch]


class MenuPages(ResourcePages[MenuRecord]):
    """Keys are numbered rows of the form, some of them free; a row without a key counts for nothing."""

    folder: ClassVar[str] = "settings_menus"

    def listed(self, board: Switchboard, tenant: TenantRows) -> Sequence[MenuSeen]:
        """By name, each as an outline."""
        lines: dict[str, list[str]] = {}
        for line in tenant.rows[LineRecord.__tablename__].values():
            lines.setdefault(line["menu_id"] or "", []).append(line["label"])
        rows = sorted(tenant.rows[self.table].values(), key=lambda one: str(one["name"]).casefold())
        outline = Outline(tenant)
        return [MenuSeen(row["id"], row["name"], sorted(lines.get(row["id"], [])), outline.of(row)) for row in rows]

    def read(self, form: TypedForm, tenant: TenantRows, row: Row | None) -> Mapping[str, object]:
        """Raises :class:`Unprocessable` where two rows have the same key, one of which would be lost, and where a key leads
        nowhere."""
        fields: dict[str, object] = {"name": form.text("name"), "prompts": form.spoken("prompts")}
        keys = {}
        for number in range(limits.KEYS_OF_MENU + _FREE_ROWS):
            if key := form.text(f"key_{number}"):
                if key in keys:
                    raise Unprocessable(CompanyFault.KEY_TWICE, field=f"keys.{key}")
                if not form.text(f"leads_{number}"):
                    raise Unprocessable(CompanyFault.KEY_LEADS_NOWHERE, field=f"keys.{key}")
                keys[key] = _target(form, f"_{number}")
        fields["keys"] = keys
        fields["otherwise"] = _target(form, "_otherwise") if form.text("leads_otherwise") else None
        for name in ("tries", "timeout_seconds"):
            if (number_typed := form.whole(name)) is not None:
                fields[name] = number_typed
        return fields

    def shown(self, tenant: TenantRows, row: Row | None) -> Shown:
        """The form's fields."""
        if row is None:
            return {"tries": "3", "timeout_seconds": "5", "key_0": "1", "key_1": "2"}
        fields = {"name": row["name"], "tries": str(row["tries"]), "timeout_seconds": str(row["timeout_seconds"])}
        fields |= {f"prompts_{code}": text for code, text in row["prompts"].items()}
        for number, (key, target) in enumerate(row["keys"].items()):
            fields |= {f"key_{number}": key} | _shown_target(target, f"_{number}")
        return fields | (_shown_target(row["otherwise"], "_otherwise") if row["otherwise"] else {})

    def choices(self, board: Switchboard, tenant: TenantRows, row: Row | None) -> MenuChoices:
        """Everything that a key may lead to; management is rung for VIPs only, and stands here where a key leads there all
        the same, so that the form says what the key has."""
        targets = [*row["keys"].values(), *([row["otherwise"]] if row["otherwise"] else [])] if row else []
        named = {one.get("id") for one in targets}
        operators = tenant.rows[OperatorRecord.__tablename__].values()
        managers = {one["id"] for one in operators if one["management"] and one["id"] not in named}
        groups = [
            (
                target_words(kind),
                [(f"{kind}:{id_}", name) for id_, name in named_rows(tenant, model) if id_ not in managers],
            )
            for kind, model in _NAMED.items()
        ]
        groups.append((_("Something else"), [(kind.value, target_words(kind)) for kind in _ALONE]))
        used = len(row["keys"]) if row else 2
        rows = min(used + _FREE_ROWS, limits.KEYS_OF_MENU)
        return MenuChoices([*range(rows)], [one for one in groups if one[1]], Outline(tenant).of(row) if row else [])


class Outline:
    """Draws the menus of one page, each with what lies below it once: where a menu comes again the page says “see above”.
    Menus that all lead to one another would else be drawn as often as there are ways through them."""

    def __init__(self, tenant: TenantRows) -> None:
        self._rows = tenant.rows
        self._recordings = dict(recordings_of(tenant))
        self._drawn: set[str] = set()

    def of(self, row: Row, depth: int = 1) -> list[Branch]:
        """The keys of a menu, with all below them that has not been drawn yet."""
        self._drawn.add(row["id"])
        branches = [self._branch(key, target, depth) for key, target in row["keys"].items()]
        return branches + ([self._branch("", row["otherwise"], depth)] if row["otherwise"] else [])

    def _branch(self, key: str, target: Row, depth: int) -> Branch:
        kind = TargetKind(target["kind"])
        model = _NAMED.get(kind)
        if model is None:
            text = target.get("text") or ""
            played = self._recordings.get(text) if recording_named(text) else None
            return Branch(key, target_words(kind), target.get("label") or (f"▶ {played}" if played else text))
        named = self._rows[model.__tablename__].get(target["id"] or "")
        branch = Branch(
            key, f"{target_words(kind)} “{named['name'] if named else '?'}”", target.get("label") or "",
            path=f"/settings/{model.resource}/{named['id']}" if named else "",
        )  # fmt: skip
        if named is None or kind is not TargetKind.MENU:
            is_management = named is not None and kind is TargetKind.OPERATOR and named["management"]
            return replace(branch, is_management=is_management)
        if named["id"] in self._drawn:
            return replace(branch, is_above=True)
        if depth >= _DEEPEST:
            return replace(branch, goes_on=True)
        return replace(branch, branches=self.of(named, depth + 1))


def _target(form: TypedForm, suffix: str) -> dict[str, str]:
    kind, _colon, row_id = form.text(f"leads{suffix}").partition(":")
    target = {"kind": kind or TargetKind.QUEUE.value}
    target |= {"id": row_id} if row_id else {}
    said = {
        "text": form.text(f"text{suffix}_audio") or form.text(f"text{suffix}"),
        "label": form.text(f"label{suffix}"),
    }
    return target | {name: text for name, text in said.items() if text}


def _shown_target(target: Row, suffix: str) -> dict[str, str]:
    named = f":{target['id']}" if target.get("id") else ""
    fields = {f"leads{suffix}": f"{target['kind']}{named}"}
    return fields | {f"{name}{suffix}": target.get(name) or "" for name in ("text", "label")}


PAGES = MenuPages(MENUS)

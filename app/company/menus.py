"""``/menus``: what callers hear first, and where their keys lead."""

from typing import Annotated, Final

from pydantic import BaseModel, Field
from sqlalchemy import select

from app.base import limits
from app.base.errors import Unprocessable
from app.base.problems.company import CompanyFault, MenuLoop, TargetHasNoId, UnknownTarget
from app.edits.edit import Edit
from app.plan import build_plan
from app.plan.rows import Row, as_row
from app.web.resource import Resource
from app.web.schema import Id, Input, Language, Name, Spoken, Stored
from models import MenuRecord, OperatorRecord, QueueRecord
from routing.menu import TargetKind, first_loop

Key = Annotated[str, Field(pattern=limits.KEYS_PATTERN, description="One to four keys, in the order pressed.")]
_PROMPTS: list[dict[str, str]] = [{"fr": "Pour une commande, tapez 1. Pour réécouter, tapez 9."}]
_KEYS: list[dict[str, dict[str, str]]] = [
    {"1": {"kind": "queue", "id": "01kfx3v9q2abcdefghjk", "label": "Orders"}, "9": {"kind": "repeat"}}
]


class Target(Input):
    """Where a key leads."""

    kind: TargetKind
    id: Id | None = Field(None, description="The menu, queue or operator.")
    text: Spoken = Field("", description="Said by a message.")
    label: str = Field("", max_length=limits.NAME, description="Shown on the client's card.")


class MenuIn(Input):
    """A menu."""

    name: Name = Field(examples=["Reception"])
    prompts: dict[Language, Spoken] = Field(min_length=1, description="By language.", examples=_PROMPTS)
    keys: dict[Key, Target] = Field(min_length=1, max_length=limits.KEYS_OF_MENU, examples=_KEYS)
    otherwise: Target | None = Field(None, description="After all tries; null: the line's queue.")
    tries: int = Field(3, ge=1, le=10)
    timeout_seconds: int = Field(5, ge=1, le=60)


class TargetOut(BaseModel):
    """Where a key leads."""

    kind: TargetKind
    id: str | None = None
    text: str = ""
    label: str = ""


class MenuOut(Stored):
    """A menu as stored."""

    name: str
    prompts: dict[str, str]
    keys: dict[str, TargetOut]
    otherwise: TargetOut | None
    tries: int
    timeout_seconds: int


_NAMED: Final[dict[TargetKind, type[MenuRecord] | type[QueueRecord] | type[OperatorRecord]]] = {
    TargetKind.MENU: MenuRecord,
    TargetKind.QUEUE: QueueRecord,
    TargetKind.OPERATOR: OperatorRecord,
}


class Menus(Resource[MenuRecord]):
    """Every key leads to something that is there, and a caller who presses nothing comes to an end."""

    async def check(self, edit: Edit, fields: Row, record: MenuRecord | None) -> None:
        """Raises :class:`Unprocessable` naming the key at fault."""
        if "prompts" in fields and not any(text.strip() for text in fields["prompts"].values()):
            raise Unprocessable(CompanyFault.MENU_WITHOUT_PROMPT, field="prompts")
        if "keys" in fields and not fields["keys"]:
            raise Unprocessable(CompanyFault.MENU_WITHOUT_KEYS, field="keys")
        for key, target in fields.get("keys", {}).items():
            await _check_target(edit, target, f"keys.{key}")
        if otherwise := fields.get("otherwise"):
            if otherwise["kind"] == TargetKind.REPEAT:
                raise Unprocessable(CompanyFault.MENU_REPEATS_FOR_EVER, field="otherwise")
            await _check_target(edit, otherwise, "otherwise")

    async def check_saved(self, edit: Edit, row: Row) -> None:
        """Raises :class:`Unprocessable` naming the path that silence would walk for ever."""
        await _refuse_loop(edit, row["id"])


MENUS = Menus(
    MenuRecord, MenuIn, "menu", out=MenuOut, finds=[MenuRecord.name],
    about="What callers hear first, and where their keys lead.", lists="All menus.", reads="One menu.",
    adds="Add a menu; lines, categories and other menus refer to it.",
    changes="Change the fields that are given; `keys` and `prompts` replace all of theirs.",
    replaces="Write the menu anew.", deletes="Delete a menu that nothing leads to.",
)  # fmt: skip


async def _check_target(edit: Edit, target: Row, field: str) -> None:
    model = _NAMED.get(TargetKind(target["kind"]))
    named = target.get("id")
    if model is None:
        if named is not None:
            raise Unprocessable(TargetHasNoId(target["kind"]), field=f"{field}.id")
        if target["kind"] == TargetKind.MESSAGE and not (target.get("text") or "").strip():
            raise Unprocessable(CompanyFault.MESSAGE_EMPTY, field=f"{field}.text")
        return
    there = select(model.id).where(model.tenant_id == edit.tenant_id, model.id == named)
    if named is None or await edit.session.scalar(there) is None:
        raise Unprocessable(UnknownTarget(target["kind"]), field=f"{field}.id")
    if model is OperatorRecord and await edit.session.scalar(there.where(OperatorRecord.management)) is not None:
        raise Unprocessable(CompanyFault.MENU_RINGS_MANAGEMENT, field=f"{field}.id")


async def _refuse_loop(edit: Edit, menu_id: str) -> None:
    records = (await edit.session.scalars(select(MenuRecord).where(MenuRecord.tenant_id == edit.tenant_id))).all()
    menus = {record.id: build_plan.menu(as_row(record)) for record in records}
    if (loop := first_loop(menus, menu_id)) is not None:
        names = tuple(menus[one].name for one in loop)
        raise Unprocessable(MenuLoop(tuple(loop), names), field="otherwise")

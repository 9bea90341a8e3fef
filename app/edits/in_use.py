"""What is in use is not deleted; the refusal says who uses it."""

from collections.abc import AsyncIterator, Iterable
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from app.base.errors import InUse
from app.base.problems.edits import StillUsedBy, User
from app.edits.edit import Edit
from models import (
    Base,
    BlacklistEntry,
    CategoryRule,
    ClientCard,
    LineRecord,
    MenuRecord,
    OperatorRecord,
    UserAccount,
    VipEntry,
)

_NAMED_AT_MOST: Final = 5


async def refuse_if_in_use(edit: Edit, kind: str, row_id: str) -> None:
    """``kind`` is ``line``, ``hours``, ``menu``, ``queue``, ``operator`` or ``category``. Raises
    :class:`InUse`, whose answer lists the first users under ``used_by``."""
    users = [user async for user in _users(edit, kind, row_id)]
    if not users:
        return
    raise InUse(StillUsedBy(tuple(users[:_NAMED_AT_MOST]), max(0, len(users) - _NAMED_AT_MOST)))


async def _users(edit: Edit, kind: str, row_id: str) -> AsyncIterator[User]:
    for resource, model, name, condition in _uses(kind, row_id):
        rows = await edit.session.execute(
            select(model.id, name).where(model.tenant_id == edit.tenant_id, condition).order_by(model.id)  # type: ignore[attr-defined]
        )
        for id_, its_name in rows.all():
            yield User(resource, id_, its_name)
    if kind in {"menu", "queue", "operator"}:
        menus = await edit.session.scalars(select(MenuRecord).where(MenuRecord.tenant_id == edit.tenant_id))
        for menu in menus.all():
            targets = [*menu.keys.values(), *([menu.otherwise] if menu.otherwise else [])]
            itself = kind == "menu" and menu.id == row_id
            if not itself and any(target["kind"] == kind and target.get("id") == row_id for target in targets):
                yield User("menus", menu.id, menu.name)


def _uses(kind: str, row_id: str) -> Iterable[tuple[str, type[Base], InstrumentedAttribute[str], ColumnElement[bool]]]:
    line, category = LineRecord, CategoryRule
    match kind:
        case "line":
            yield "vip", VipEntry, VipEntry.label, VipEntry.lines.contains([row_id])
            yield "blacklist", BlacklistEntry, BlacklistEntry.label, BlacklistEntry.lines.contains([row_id])
        case "hours":
            yield "lines", line, line.label, line.hours_id == row_id
        case "menu":
            yield "lines", line, line.label, line.menu_id == row_id
            yield "categories", category, category.name, category.menu_id == row_id
        case "queue":
            yield "lines", line, line.label, line.queue_id == row_id
            yield "categories", category, category.name, category.queue_id == row_id
            yield "operators", OperatorRecord, OperatorRecord.name, OperatorRecord.queue_ids.contains([row_id])
        case "operator":
            yield "users", UserAccount, UserAccount.name, UserAccount.operator_id == row_id
        case "category":
            yield "clients", ClientCard, ClientCard.name, ClientCard.category_id == row_id

"""Add, change and delete IVR menus."""

from typing import Any, Final

from sqlalchemy import select

from app.base.errors import Unprocessable
from app.edits.edit import Edit
from app.edits.in_turn import found, save, take_turn
from app.edits.in_use import refuse_if_in_use
from app.plan import build_plan
from app.plan.rows import Row, as_row
from models import MenuRecord, OperatorRecord, QueueRecord
from routing.menu import TargetKind, first_loop

_NAMED: Final[dict[TargetKind, type[MenuRecord] | type[QueueRecord] | type[OperatorRecord]]] = {
    TargetKind.MENU: MenuRecord,
    TargetKind.QUEUE: QueueRecord,
    TargetKind.OPERATOR: OperatorRecord,
}


async def save_menu(edit: Edit, fields: Row, menu_id: str | None = None) -> Row:
    """Add a menu, or give ``fields`` (columns of :class:`models.MenuRecord`) of one new values. Raises
    :class:`Unprocessable` naming the key at fault, or the path that silence would walk for ever."""
    await take_turn(edit)
    menu = await found(edit, MenuRecord, menu_id) if menu_id else None
    if "prompts" in fields and not any(text.strip() for text in fields["prompts"].values()):
        raise Unprocessable("A menu needs a prompt in one language at least.", field="prompts")
    if "keys" in fields and not fields["keys"]:
        raise Unprocessable("A menu without keys leads nowhere; give one at least.", field="keys")
    for key, target in fields.get("keys", {}).items():
        await _check_target(edit, target, f"keys.{key}")
    if otherwise := fields.get("otherwise"):
        if otherwise["kind"] == TargetKind.REPEAT:
            raise Unprocessable(
                "`otherwise` follows when a caller presses nothing; repeating would never end. Use `tries`.",
                field="otherwise",
            )
        await _check_target(edit, otherwise, "otherwise")
    row = await save(edit, MenuRecord, fields, menu)
    await _refuse_loop(edit, row["id"])
    return row


async def delete_menu(edit: Edit, menu_id: str) -> None:
    """Delete a menu. Raises :class:`InUse`."""
    await take_turn(edit)
    menu = await found(edit, MenuRecord, menu_id)
    await refuse_if_in_use(edit, "menu", menu_id)
    await edit.record_deleted(menu)


async def _check_target(edit: Edit, target: dict[str, Any], field: str) -> None:
    model = _NAMED.get(TargetKind(target["kind"]))
    named = target.get("id")
    if model is None:
        if named is not None:
            raise Unprocessable(f"A target of kind {target['kind']} has no id.", field=f"{field}.id")
        if target["kind"] == TargetKind.MESSAGE and not (target.get("text") or "").strip():
            raise Unprocessable("A message needs a text.", field=f"{field}.text")
        return
    there = select(model.id).where(model.tenant_id == edit.tenant_id, model.id == named)
    if named is None or await edit.session.scalar(there) is None:
        raise Unprocessable(f"There is no {target['kind']} of this id.", field=f"{field}.id")


async def _refuse_loop(edit: Edit, menu_id: str) -> None:
    records = (await edit.session.scalars(select(MenuRecord).where(MenuRecord.tenant_id == edit.tenant_id))).all()
    menus = {record.id: build_plan.menu(as_row(record)) for record in records}
    if (loop := first_loop(menus, menu_id)) is not None:
        path = " → ".join(menus[one].name for one in loop)
        raise Unprocessable(
            f"A caller who presses nothing would go round for ever: {path}. Let `otherwise` lead somewhere else.",
            field="otherwise", path=loop,
        )  # fmt: skip

"""Add, change and delete client categories."""

from app.edits.edit import Edit
from app.edits.in_turn import found, save, take_turn
from app.edits.in_use import refuse_if_in_use
from app.plan.rows import Row
from models import CategoryRule


async def save_category(edit: Edit, fields: Row, category_id: str | None = None) -> Row:
    """Add a category, or give ``fields`` (columns of :class:`models.CategoryRule`) of one new values."""
    await take_turn(edit)
    category = await found(edit, CategoryRule, category_id) if category_id else None
    return await save(edit, CategoryRule, fields, category)


async def delete_category(edit: Edit, category_id: str) -> None:
    """Delete a category. Raises :class:`InUse` while clients have it."""
    await take_turn(edit)
    category = await found(edit, CategoryRule, category_id)
    await refuse_if_in_use(edit, "category", category_id)
    await edit.record_deleted(category)

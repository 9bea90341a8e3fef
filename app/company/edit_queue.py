"""Add, change and delete queues."""

from app.edits.edit import Edit
from app.edits.in_turn import found, save, take_turn
from app.edits.in_use import refuse_if_in_use
from app.plan.rows import Row
from models import QueueRecord


async def save_queue(edit: Edit, fields: Row, queue_id: str | None = None) -> Row:
    """Add a queue, or give ``fields`` (columns of :class:`models.QueueRecord`) of one new values."""
    await take_turn(edit)
    queue = await found(edit, QueueRecord, queue_id) if queue_id else None
    return await save(edit, QueueRecord, fields, queue)


async def delete_queue(edit: Edit, queue_id: str) -> None:
    """Delete a queue. Raises :class:`InUse`."""
    await take_turn(edit)
    queue = await found(edit, QueueRecord, queue_id)
    await refuse_if_in_use(edit, "queue", queue_id)
    await edit.record_deleted(queue)

"""Changes of who may get in. They are audited like every edit, but they are no part of the routing plan."""

from app.edits.edit import Edit
from app.plan.rows import Row
from models import AuditEntry


async def record_access_change(
    edit: Edit, act: str, subject: str, row_id: str, before: Row | None, after: Row | None
) -> None:
    """Write the audit entry; ``before`` and ``after`` must hold no secret, not even a hashed one."""
    edit.session.add(
        AuditEntry(
            tenant_id=edit.tenant_id, actor=edit.actor, act=act, subject=subject, row_id=row_id, before=before, after=after
        )
    )  # fmt: skip
    await edit.session.flush()
    edit.access_changed = True

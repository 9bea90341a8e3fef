"""Reports read an index instead of a million calls with their decisions.

Revision ID: 2026_11_28_call_report_index
Revises: 2026_11_28_fake_queue_stays
"""

from alembic import op

revision = "2026_11_28_call_report_index"
down_revision = "2026_11_28_fake_queue_stays"
branch_labels = None
depends_on = None

_TOLD = [
    "provider",
    "state",
    "action",
    "reason_code",
    "queue_id",
    "client_id",
    "answered_by",
    "answered_at",
    "ended_at",
]


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration. While the index is
    # made, a second or two for a million calls, records wait in the journal.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.drop_index("ix_call_started", "call")
    op.create_index("ix_call_started", "call", ["tenant_id", "started_at"], postgresql_include=_TOLD)


def downgrade() -> None:
    op.drop_index("ix_call_started", "call")
    op.create_index("ix_call_started", "call", ["tenant_id", "started_at"])

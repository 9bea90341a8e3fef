"""What is known of call-backs is found when a worker starts.

Revision ID: 2026_11_28_callback_facts
Revises: 2026_11_28_urgent
"""

from alembic import op

revision = "2026_11_28_callback_facts"
down_revision = "2026_11_28_urgent"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration. While the index is
    # made, some seconds for ten million events, records wait in the journal.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_index(
        "ix_call_event_callback", "call_event", ["at"],
        postgresql_where="kind IN ('callback.opened', 'callback.changed', 'callback.done')",
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_call_event_callback", "call_event")

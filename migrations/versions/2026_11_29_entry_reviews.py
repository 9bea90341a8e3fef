"""Review date, owner and evidence of entries of the lists.

Revision ID: 2026_11_29_entry_reviews
Revises: 2026_11_29_subscriptions
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_entry_reviews"
down_revision = "2026_11_29_subscriptions"
branch_labels = None
depends_on = None

_TABLES = ("vip_entry", "blacklist_entry")
# An undo compares an entry with what the import made of it, column by column.
_KEEP_UNDOABLE = """
    UPDATE list_import_replaced r
    SET after = r.after || '{"review_at": null, "owner": null, "evidence_call_id": null}'::jsonb
    FROM list_import i
    WHERE i.tenant_id = r.tenant_id AND i.id = r.import_id AND i.target IN ('vip', 'blacklist') AND r.after IS NOT NULL
"""
_AS_BEFORE = """
    UPDATE list_import_replaced r SET after = r.after - 'review_at' - 'owner' - 'evidence_call_id'
    FROM list_import i
    WHERE i.tenant_id = r.tenant_id AND i.id = r.import_id AND i.target IN ('vip', 'blacklist') AND r.after IS NOT NULL
"""


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    for table in _TABLES:
        op.add_column(table, sa.Column("review_at", sa.DateTime(timezone=True), nullable=True))
        op.add_column(table, sa.Column("owner", sa.String(), nullable=True))
        op.add_column(table, sa.Column("evidence_call_id", sa.String(), nullable=True))
        op.create_index(
            f"ix_{table}_review", table, ["tenant_id", "review_at", "id"],
            postgresql_where=sa.text("review_at IS NOT NULL"),
        )  # fmt: skip
    op.execute(_KEEP_UNDOABLE)


def downgrade() -> None:
    op.execute(_AS_BEFORE)
    for table in _TABLES:
        op.drop_index(f"ix_{table}_review", table)
        op.drop_column(table, "evidence_call_id")
        op.drop_column(table, "owner")
        op.drop_column(table, "review_at")

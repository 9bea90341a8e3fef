"""Notes about clients, and merges and deletions that can be undone.

Revision ID: 2026_11_23_d_client_merges
Revises: 2026_11_23_c_list_hits
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_23_d_client_merges"
down_revision = "2026_11_23_c_list_hits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_table(
        "client_note",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        *_identified("client_note"),
    )
    op.create_index("ix_client_note_client", "client_note", ["tenant_id", "client_id", "created_at"], unique=False)
    op.create_table(
        "gone_client",
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("into_id", sa.String(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("card", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("kept_before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("kept_after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        *_identified("gone_client"),
    )
    op.create_index("ix_gone_client_client", "gone_client", ["tenant_id", "client_id"], unique=False)
    op.create_index("ix_gone_client_into", "gone_client", ["tenant_id", "into_id"], unique=False)


def _identified(table: str) -> tuple[sa.Column[Any] | sa.Constraint, ...]:
    return (
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name=op.f(f"fk_{table}_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    op.drop_table("gone_client")
    op.drop_table("client_note")

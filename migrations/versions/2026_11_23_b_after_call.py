"""What people note about calls: after them, while they type, and who of several it was.

Revision ID: 2026_11_23_b_after_call
Revises: 2026_11_23_a_theme
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_23_b_after_call"
down_revision = "2026_11_23_a_theme"
branch_labels = None
depends_on = None


def _of_tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id"], ["company.id"], name=op.f(f"fk_{table}_tenant_id"), ondelete="CASCADE"
    )


def _of(table: str, column: str, other: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column], [f"{other}.tenant_id", f"{other}.{key}"], name=op.f(f"fk_{table}_tenant_id_{column}"),
        ondelete="CASCADE",
    )  # fmt: skip


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_table(
        "call_note",
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("note", sa.String(1000), server_default="", nullable=False),
        sa.Column("noted_by", sa.String(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_back_by", sa.String(), nullable=True),
        sa.Column("called_back_at", sa.DateTime(timezone=True), nullable=True),
        _of_tenant("call_note"),
        _of("call_note", "call_id", "call", "call_id"),
        sa.PrimaryKeyConstraint("tenant_id", "call_id", name=op.f("pk_call_note")),
    )
    op.create_table(
        "call_draft",
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        _of_tenant("call_draft"),
        _of("call_draft", "call_id", "call", "call_id"),
        _of("call_draft", "user_id", "user_account"),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", "call_id", name=op.f("pk_call_draft")),
    )
    op.create_table(
        "caller_memory",
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("is_caller", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        _of_tenant("caller_memory"),
        _of("caller_memory", "client_id", "client"),
        sa.PrimaryKeyConstraint("tenant_id", "number", "client_id", name=op.f("pk_caller_memory")),
    )
    op.create_index("ix_client_number_tail", "client_number", ["tenant_id", sa.text('"right"(number, 9)')])


def downgrade() -> None:
    op.drop_index("ix_client_number_tail", "client_number")
    op.drop_table("caller_memory")
    op.drop_table("call_draft")
    op.drop_table("call_note")

"""What changes would have done with the calls of the last days.

Revision ID: 2026_11_29_rehearsals
Revises: 2026_11_29_rules
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_29_rehearsals"
down_revision = "2026_11_29_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_table(
        "rehearsal",
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("different", sa.Integer(), nullable=False),
        sa.Column("not_recorded", sa.Integer(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name="fk_rehearsal_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name="pk_rehearsal"),
    )
    op.create_index(
        "ix_rehearsal_running", "rehearsal", ["tenant_id"], unique=True, postgresql_where="state = 'running'"
    )
    op.create_table(
        "rehearsal_difference",
        sa.Column("rehearsal_id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name="fk_rehearsal_difference_tenant_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "rehearsal_id"],
            ["rehearsal.tenant_id", "rehearsal.id"],
            name="fk_rehearsal_difference_tenant_id_rehearsal_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("rehearsal_id", "place", "tenant_id", name="pk_rehearsal_difference"),
    )


def downgrade() -> None:
    op.drop_table("rehearsal_difference")
    op.drop_table("rehearsal")

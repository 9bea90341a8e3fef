"""A company's own rules.

Revision ID: 2026_11_29_rules
Revises: 2026_11_29_list_imports
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_29_rules"
down_revision = "2026_11_29_list_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_table(
        "rule",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("when", postgresql.JSONB(), nullable=False),
        sa.Column("do", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name="fk_rule_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name="pk_rule"),
        sa.UniqueConstraint("tenant_id", "name", name="uq_rule_tenant_id_name"),
    )


def downgrade() -> None:
    op.drop_table("rule")

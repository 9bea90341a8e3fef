"""What a category says to operators, and scripts.

Revision ID: 2026_11_29_client_guidance
Revises: 2026_11_29_client_base
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_29_client_guidance"
down_revision = "2026_11_29_client_base"
branch_labels = None
depends_on = None

_COLUMNS = ("responsible_first", "colour", "word", "required_treatment", "guidance", "script_id")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_table(
        "script",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("steps", postgresql.JSONB(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name="fk_script_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name="pk_script"),
        sa.UniqueConstraint("tenant_id", "name", name="uq_script_tenant_id_name"),
    )
    op.add_column("category", sa.Column("responsible_first", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("category", sa.Column("colour", sa.String(), server_default="", nullable=False))
    op.add_column("category", sa.Column("word", sa.String(200), server_default="", nullable=False))
    op.add_column("category", sa.Column("required_treatment", sa.String(1000), server_default="", nullable=False))
    op.add_column("category", sa.Column("guidance", postgresql.JSONB(), server_default="{}", nullable=False))
    op.add_column("category", sa.Column("script_id", sa.String(), nullable=True))
    op.create_foreign_key(
        "fk_category_tenant_id_script_id", "category", "script", ["tenant_id", "script_id"], ["tenant_id", "id"],
        ondelete="RESTRICT",
    )  # fmt: skip


def downgrade() -> None:
    op.drop_constraint("fk_category_tenant_id_script_id", "category")
    for name in _COLUMNS:
        op.drop_column("category", name)
    op.drop_table("script")

"""Exports of the static fallback document.

Revision ID: 2026_11_23_fallback_exports
Revises: 2026_11_22_first_tables
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_23_fallback_exports"
down_revision = "2026_11_22_first_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_table(
        "fallback_export",
        sa.Column("line_id", sa.String(), nullable=False),
        sa.Column("exported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("exported_by", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("said", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name=op.f("fk_fallback_export_tenant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "line_id"],
            ["line.tenant_id", "line.id"],
            name=op.f("fk_fallback_export_tenant_id_line_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_fallback_export")),
    )
    op.create_index("ix_fallback_export_line", "fallback_export", ["tenant_id", "line_id", "exported_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_fallback_export_line", table_name="fallback_export")
    op.drop_table("fallback_export")

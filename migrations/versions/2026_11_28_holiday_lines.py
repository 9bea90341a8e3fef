"""Holidays of some lines only.

Revision ID: 2026_11_28_holiday_lines
Revises: 2026_11_28_providers
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_28_holiday_lines"
down_revision = "2026_11_28_providers"
branch_labels = None
depends_on = None

_BEFORE = "uq_holiday_tenant_id_country_subdivision_day"
_NOW = "uq_holiday_tenant_id_country_subdivision_day_lines"


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.add_column(
        "holiday",
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
    )
    op.drop_constraint(_BEFORE, "holiday")
    op.create_unique_constraint(
        _NOW, "holiday", ["tenant_id", "country", "subdivision", "day", "lines"], postgresql_nulls_not_distinct=True
    )


def downgrade() -> None:
    op.drop_constraint(_NOW, "holiday")
    op.execute("DELETE FROM holiday WHERE lines <> '[]'")
    op.create_unique_constraint(
        _BEFORE, "holiday", ["tenant_id", "country", "subdivision", "day"], postgresql_nulls_not_distinct=True
    )
    op.drop_column("holiday", "lines")

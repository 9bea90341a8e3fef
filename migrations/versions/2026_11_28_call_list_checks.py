"""How far the providers' lists of calls have been compared with ours.

Revision ID: 2026_11_28_call_list_checks
Revises: 2026_11_28_call_report_index
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_call_list_checks"
down_revision = "2026_11_28_call_report_index"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_table(
        "call_list_check",
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("checked_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name=op.f("fk_call_list_check_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "provider", name=op.f("pk_call_list_check")),
    )


def downgrade() -> None:
    op.drop_table("call_list_check")

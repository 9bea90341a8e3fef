"""Rates of the fake queue with the time since when they hold.

Revision ID: 2026_11_28_fake_queue_rates
Revises: 2026_11_28_satisfaction
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_fake_queue_rates"
down_revision = "2026_11_28_satisfaction"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_table(
        "fake_queue_rate",
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("line_id", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("per_minute", sa.Float(), nullable=True),
        sa.Column("increment", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name=op.f("fk_fake_queue_rate_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "line_id", "since", name=op.f("pk_fake_queue_rate")),
    )
    # What holds now is the first that is known, and so holds for everything before too.
    op.execute("""
        INSERT INTO fake_queue_rate (tenant_id, line_id, since, per_minute, increment, currency)
        SELECT id, '', now(), (treatments ->> 'rate_per_minute')::float8,
            (treatments ->> 'billing_increment_seconds')::int, coalesce(treatments ->> 'currency', '')
        FROM company
        WHERE treatments ->> 'rate_per_minute' IS NOT NULL OR treatments ->> 'billing_increment_seconds' IS NOT NULL
            OR treatments ->> 'currency' <> ''
        UNION ALL
        SELECT tenant_id, id, now(), rate_per_minute, billing_increment_seconds, ''
        FROM line WHERE rate_per_minute IS NOT NULL OR billing_increment_seconds IS NOT NULL
    """)


def downgrade() -> None:
    op.drop_table("fake_queue_rate")

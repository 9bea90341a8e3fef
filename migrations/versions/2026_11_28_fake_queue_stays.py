"""Stays in the fake queue, and what a minute costs.

Revision ID: 2026_11_28_fake_queue_stays
Revises: 2026_11_28_callbacks
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_fake_queue_stays"
down_revision = "2026_11_28_callbacks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "fake_queue_stay",
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("began_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("line_number", sa.String(), nullable=False),
        sa.Column("line_id", sa.String(), nullable=True),
        sa.Column("caller_number", sa.String(), nullable=True),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name=op.f("fk_fake_queue_stay_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "call_id", "began_at", name=op.f("pk_fake_queue_stay")),
    )
    op.create_index("ix_fake_queue_stay_month", "fake_queue_stay", ["tenant_id", "began_at"])
    op.create_index(
        "ix_fake_queue_stay_now", "fake_queue_stay", ["tenant_id"], postgresql_where=sa.text("ended_at IS NULL")
    )
    # What was held before: whoever was let out again is not found among these, which no later report can mend.
    op.execute("""
        INSERT INTO fake_queue_stay
            (tenant_id, call_id, began_at, ended_at, line_number, line_id, caller_number, entry_id)
        SELECT tenant_id, call_id, started_at, ended_at, line_number, line_id, caller_number,
            coalesce(jsonb_path_query_first(decision, '$.matches[*] ? (@.deciding == true).entry') #>> '{}', '')
        FROM call WHERE action = 'fake_queue' AND provider <> 'booth'
    """)
    op.add_column("line", sa.Column("rate_per_minute", sa.Float(), nullable=True))
    op.add_column("line", sa.Column("billing_increment_seconds", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("line", "billing_increment_seconds")
    op.drop_column("line", "rate_per_minute")
    op.drop_table("fake_queue_stay")

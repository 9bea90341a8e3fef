"""Call-backs.

Revision ID: 2026_11_28_callbacks
Revises: 2026_11_28_presence
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_callbacks"
down_revision = "2026_11_28_presence"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    time = sa.DateTime(timezone=True)
    op.create_table(
        "callback",
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", time, server_default=sa.text("now()"), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=True),
        sa.Column("call_id", sa.String(), nullable=True),
        sa.Column("line_id", sa.String(), nullable=True),
        sa.Column("queue_id", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("due_at", time, nullable=False),
        sa.Column("owner_id", sa.String(), nullable=True),
        sa.Column("taken_by", sa.String(), nullable=True),
        sa.Column("note", sa.String(1000), server_default="", nullable=False),
        sa.Column("state", sa.String(), server_default="open", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("opened_at", time, server_default=sa.text("now()"), nullable=False),
        sa.Column("closed_at", time, nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name=op.f("fk_callback_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_callback")),
    )
    op.create_index(
        "uq_callback_open", "callback", ["tenant_id", "number"], unique=True, postgresql_where=sa.text("state = 'open'")
    )
    op.create_index("ix_callback_due", "callback", ["tenant_id", "state", "due_at"])
    op.create_index("ix_callback_number", "callback", ["tenant_id", "number", "opened_at"])
    op.create_index("ix_callback_call", "callback", ["tenant_id", "call_id"])
    # What panels showed as still to be done: promises of the last month, and callers missed since yesterday.
    op.execute(
        """
        INSERT INTO callback (tenant_id, id, number, client_id, call_id, line_id, queue_id, reason, due_at, opened_at)
        SELECT DISTINCT ON (call.tenant_id, call.caller_number)
            call.tenant_id, 'm' || left(md5(call.tenant_id || call.call_id), 19), call.caller_number, call.client_id,
            call.call_id, call.line_id, call.queue_id,
            CASE WHEN note.outcome = 'call_back' THEN 'promised'
                WHEN call.reason_code = 'vip' THEN 'missed_vip' ELSE 'missed' END,
            call.ended_at + interval '4 hours', call.ended_at
        FROM call LEFT JOIN call_note note USING (tenant_id, call_id)
        WHERE call.caller_number IS NOT NULL AND call.ended_at IS NOT NULL AND call.provider <> 'booth'
            AND note.called_back_at IS NULL AND call.reason_code <> 'blacklisted'
            AND (
                (note.outcome = 'call_back' AND call.started_at > now() - interval '30 days')
                OR (note.outcome IS NULL AND call.state = 'ended' AND call.answered_at IS NULL
                    AND call.started_at > now() - interval '1 day' AND call.action IN ('connect', 'queue', 'menu'))
            )
            AND NOT EXISTS (
                SELECT FROM call later WHERE later.tenant_id = call.tenant_id
                    AND later.caller_number = call.caller_number AND later.answered_at > call.ended_at
            )
        ORDER BY call.tenant_id, call.caller_number, call.started_at DESC
        """
    )


def downgrade() -> None:
    op.drop_table("callback")

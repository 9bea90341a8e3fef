"""Voicemails.

Revision ID: 2026_11_28_voicemails
Revises: 2026_11_28_call_list_checks
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_voicemails"
down_revision = "2026_11_28_call_list_checks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    time = sa.DateTime(timezone=True)
    op.create_table(
        "voicemail",
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", time, server_default=sa.text("now()"), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("received_at", time, nullable=False),
        sa.Column("unheard_of", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("state", sa.String(), server_default="waiting", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try_at", time, nullable=False),
        sa.Column("heard_at", time, nullable=True),
        sa.Column("heard_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name=op.f("fk_voicemail_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_voicemail")),
        sa.UniqueConstraint("tenant_id", "recording", name=op.f("uq_voicemail_tenant_id_recording")),
    )
    op.create_index("ix_voicemail_waiting", "voicemail", ["next_try_at"], postgresql_where=sa.text("state = 'waiting'"))
    op.create_index("ix_voicemail_received", "voicemail", ["tenant_id", "received_at"])


def downgrade() -> None:
    op.drop_table("voicemail")

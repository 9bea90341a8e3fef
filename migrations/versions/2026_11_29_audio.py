"""Recordings that callers hear in the place of a text.

Revision ID: 2026_11_29_audio
Revises: 2026_11_29_rehearsals
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_audio"
down_revision = "2026_11_29_rehearsals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_table(
        "audio",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name=op.f("fk_audio_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_audio")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_audio_tenant_id_name")),
    )
    op.create_table(
        "audio_file",
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("audio_id", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "audio_id"],
            ["audio.tenant_id", "audio.id"],
            name=op.f("fk_audio_file_tenant_id_audio_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name=op.f("fk_audio_file_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("file", "tenant_id", name=op.f("pk_audio_file")),
    )


def downgrade() -> None:
    op.drop_table("audio_file")
    op.drop_table("audio")

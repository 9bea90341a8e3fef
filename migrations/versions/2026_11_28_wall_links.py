"""Links for screens on the wall.

Revision ID: 2026_11_28_wall_links
Revises: 2026_11_28_quiet_hours
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_wall_links"
down_revision = "2026_11_28_quiet_hours"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_table(
        "wall_link",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("names", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name=op.f("fk_wall_link_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_wall_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_wall_link_secret_hash")),
    )


def downgrade() -> None:
    op.drop_table("wall_link")

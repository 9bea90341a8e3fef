"""The history of every company's set-up, which begins with the set-up that is there.

Revision ID: 2026_11_28_configurations
Revises: 2026_11_29_people
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_28_configurations"
down_revision = "2026_11_29_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_table(
        "configuration_version",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), server_default="", nullable=False),
        sa.Column("plan_version", sa.BigInteger(), nullable=False),
        sa.Column("changes", JSONB(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name=op.f("fk_configuration_version_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_configuration_version")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_configuration_version_tenant_id_number")),
    )
    # An id that sorts before all that are made from now on.
    op.execute(
        "INSERT INTO configuration_version (id, tenant_id, number, actor, plan_version, changes) "
        "SELECT '0', id, 1, 'update', (SELECT version FROM plan_version), '[]' FROM company"
    )


def downgrade() -> None:
    op.drop_table("configuration_version")

"""Presence of operators, with a reason and an end, in place of a switch.

Revision ID: 2026_11_28_presence
Revises: 2026_11_28_queue_rules
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_presence"
down_revision = "2026_11_28_queue_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.add_column("operator", sa.Column("presence", sa.String(), server_default="available", nullable=False))
    op.add_column("operator", sa.Column("presence_reason", sa.String(length=200), server_default="", nullable=False))
    op.add_column("operator", sa.Column("presence_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("operator", sa.Column("presence_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("operator", sa.Column("presence_left", sa.Boolean(), server_default="false", nullable=False))
    op.execute("UPDATE operator SET presence = 'break' WHERE NOT available")
    # `available` stays for workers of the version before, until they have been replaced.
    op.create_table(
        "panel_seat",
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("operator_id", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "operator_id"],
            ["operator.tenant_id", "operator.id"],
            name="fk_panel_seat_tenant_id_operator_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name="fk_panel_seat_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "operator_id", name="pk_panel_seat"),
    )


def downgrade() -> None:
    op.drop_table("panel_seat")
    op.execute("UPDATE operator SET available = presence = 'available'")
    for column in ("presence_left", "presence_since", "presence_until", "presence_reason", "presence"):
        op.drop_column("operator", column)

"""PINs of VIP entries, and the wrong ones that were keyed in.

Revision ID: 2026_11_28_vip_pins
Revises: 2026_11_28_closed_treatment
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_vip_pins"
down_revision = "2026_11_28_closed_treatment"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration. While the index is
    # made, some seconds for ten million events, records wait in the journal.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_table(
        "vip_pin",
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"],
            ["vip_entry.tenant_id", "vip_entry.id"],
            name="fk_vip_pin_tenant_id_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name="fk_vip_pin_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="pk_vip_pin"),
    )
    op.create_index("ix_call_event_pin_wrong", "call_event", ["at"], postgresql_where="kind = 'call.pin_wrong'")


def downgrade() -> None:
    op.drop_index("ix_call_event_pin_wrong", "call_event")
    op.drop_table("vip_pin")

"""What programs show on the card of a running call.

Revision ID: 2026_11_29_card_fields
Revises: 2026_11_29_matters
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_29_card_fields"
down_revision = "2026_11_29_matters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_table(
        "card_fields",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("put_by", sa.String(), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "call_id"],
            ["call.tenant_id", "call.call_id"],
            name="fk_card_fields_tenant_id_call_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name="fk_card_fields_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("call_id", "tenant_id", name="pk_card_fields"),
    )


def downgrade() -> None:
    op.drop_table("card_fields")

"""What a client's card says besides: kind, addresses, tags, fields of the company's own, consent.

Revision ID: 2026_11_29_client_base
Revises: 2026_11_29_dictations
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_29_client_base"
down_revision = "2026_11_29_dictations"
branch_labels = None
depends_on = None

_LISTS = ("emails", "addresses", "tags")
_NAMES = (
    "kind", *_LISTS, "card_number", "responsible_operator_id", "fields", "consent", "consented_at", "keep_until",
)  # fmt: skip


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_table(
        "client_field",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("choices", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name="fk_client_field_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", "tenant_id", name="pk_client_field"),
        sa.UniqueConstraint("tenant_id", "name", name="uq_client_field_tenant_id_name"),
    )
    op.add_column("client", sa.Column("kind", sa.String(), server_default="person", nullable=False))
    for name in _LISTS:
        op.add_column("client", sa.Column(name, postgresql.JSONB(), server_default="[]", nullable=False))
    op.add_column("client", sa.Column("card_number", sa.String(200), server_default="", nullable=False))
    op.add_column("client", sa.Column("responsible_operator_id", sa.String(), nullable=True))
    op.add_column("client", sa.Column("fields", postgresql.JSONB(), server_default="{}", nullable=False))
    op.add_column("client", sa.Column("consent", sa.String(1000), server_default="", nullable=False))
    op.add_column("client", sa.Column("consented_at", sa.Date(), nullable=True))
    op.add_column("client", sa.Column("keep_until", sa.Date(), nullable=True))
    op.create_foreign_key(
        "fk_client_tenant_id_responsible_operator_id", "client", "operator",
        ["tenant_id", "responsible_operator_id"], ["tenant_id", "id"], ondelete="RESTRICT",
    )  # fmt: skip


def downgrade() -> None:
    op.drop_constraint("fk_client_tenant_id_responsible_operator_id", "client")
    for name in _NAMES:
        op.drop_column("client", name)
    op.drop_table("client_field")

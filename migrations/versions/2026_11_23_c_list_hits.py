"""How often entries of the lists were hit.

Revision ID: 2026_11_23_c_list_hits
Revises: 2026_11_23_b_after_call
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_c_list_hits"
down_revision = "2026_11_23_b_after_call"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_table(
        "list_hit",
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("hits", sa.BigInteger(), nullable=False),
        sa.Column("last_hit_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name=op.f("fk_list_hit_tenant_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry_id", "tenant_id", name=op.f("pk_list_hit")),
    )
    op.create_index("ix_list_hit_last", "list_hit", ["tenant_id", "last_hit_at", "entry_id"], unique=False)
    for table in ("vip_entry", "blacklist_entry"):
        op.create_index(
            f"ix_{table}_label",
            table,
            ["tenant_id", "label", "id"],
            unique=False,
            postgresql_where=sa.text("label <> ''"),
        )
    # Calls that came before are counted once, here. The label's index leaves out what imports bring by the million.
    op.execute("""
        INSERT INTO list_hit (tenant_id, entry_id, hits, last_hit_at)
        SELECT tenant_id, match ->> 'entry', count(*), max(started_at)
        FROM call, jsonb_array_elements(decision -> 'matches') AS match
        WHERE match ->> 'deciding' = 'true' AND reason_code IN ('vip', 'vip_unconfirmed', 'blacklisted')
        GROUP BY tenant_id, match ->> 'entry'
    """)


def downgrade() -> None:
    for table in ("vip_entry", "blacklist_entry"):
        op.drop_index(f"ix_{table}_label", table)
    op.drop_table("list_hit")

"""Imports that can be looked at before they are applied, and undone.

Revision ID: 2026_11_29_list_imports
Revises: 2026_11_29_refused_webhooks
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_29_list_imports"
down_revision = "2026_11_29_refused_webhooks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.create_table(
        "list_import",
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("created_by", sa.String(), server_default="", nullable=False),
        sa.Column("file", sa.LargeBinary(), server_default="", nullable=False),
        sa.Column("options", postgresql.JSONB(), nullable=False),
        sa.Column("recognised", postgresql.JSONB(), nullable=False),
        sa.Column("counts", postgresql.JSONB(), nullable=False),
        sa.Column("outcome", sa.String(), server_default="", nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_by", sa.String(), server_default="", nullable=False),
        sa.Column("first_id", sa.String(), server_default="", nullable=False),
        sa.Column("last_id", sa.String(), server_default="", nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone", postgresql.JSONB(), nullable=True),
        sa.Column("refused", postgresql.JSONB(), nullable=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name=op.f("fk_list_import_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_list_import")),
    )
    op.create_index("ix_list_import_target", "list_import", ["tenant_id", "target", "id"])
    op.create_table(
        "list_import_progress",
        sa.Column("import_id", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), server_default="", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("alive_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        *_keys("list_import_progress", "import_id"),
    )
    op.create_table(
        "list_import_row",
        sa.Column("import_id", sa.String(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), server_default="", nullable=False),
        sa.Column("match", sa.String(), server_default="", nullable=False),
        sa.Column("to", sa.String(), nullable=True),
        sa.Column("label", sa.String(), server_default="", nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("why", sa.String(), server_default="", nullable=False),
        sa.Column("about", sa.String(), server_default="", nullable=False),
        sa.Column("field", sa.String(), server_default="", nullable=False),
        sa.Column("problem", postgresql.JSONB(), nullable=True),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("tenant_id", sa.String(), nullable=False),
        *_keys("list_import_row", "import_id", "line"),
    )
    op.create_index("ix_list_import_row_kind", "list_import_row", ["tenant_id", "import_id", "kind", "line"])
    op.create_table(
        "list_import_replaced",
        sa.Column("import_id", sa.String(), nullable=False),
        sa.Column("row_id", sa.String(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=True),
        sa.Column("tenant_id", sa.String(), nullable=False),
        *_keys("list_import_replaced", "import_id", "row_id"),
    )
    op.create_index("ix_list_import_replaced_row", "list_import_replaced", ["tenant_id", "row_id"])


def _keys(table: str, *primary: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["tenant_id"], ["company.id"], name=op.f(f"fk_{table}_tenant_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "import_id"], ["list_import.tenant_id", "list_import.id"],
            name=op.f(f"fk_{table}_tenant_id_import_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(*primary, "tenant_id", name=op.f(f"pk_{table}")),
    )  # fmt: skip


def downgrade() -> None:
    for table in ("list_import_replaced", "list_import_row", "list_import_progress", "list_import"):
        op.drop_table(table)

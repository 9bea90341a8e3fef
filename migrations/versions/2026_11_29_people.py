"""One-time links, second factors, the right to block, and what a session shows of itself.

Revision ID: 2026_11_29_people
Revises: 2026_11_29_audio
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_29_people"
down_revision = "2026_11_29_audio"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.add_column("company", sa.Column("second_factor", sa.String(), server_default="optional", nullable=False))
    op.add_column("company", sa.Column("second_factor_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("user_account", sa.Column("may_block", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("user_account", sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("user_account", sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sign_in_session", sa.Column("id", sa.String(), nullable=True))
    op.execute("UPDATE sign_in_session SET id = substr(md5(secret_hash), 1, 20)")
    op.alter_column("sign_in_session", "id", nullable=False)
    op.add_column("sign_in_session", sa.Column("browser", sa.String(), server_default="", nullable=False))
    op.add_column("sign_in_session", sa.Column("address", sa.String(), server_default="", nullable=False))
    op.create_table(
        "invitation",
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("operator_id", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("may_block", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mail", sa.String(), server_default="off", nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "operator_id"],
            ["operator.tenant_id", "operator.id"],
            name=op.f("fk_invitation_tenant_id_operator_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name=op.f("fk_invitation_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_invitation_secret_hash")),
    )
    of_user = {
        name: sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["user_account.tenant_id", "user_account.id"],
            name=op.f(f"fk_{name}_tenant_id_user_id"),
            ondelete="CASCADE",
        )
        for name in ("password_reset", "second_factor", "recovery_code")
    }
    of_company = {
        name: sa.ForeignKeyConstraint(
            ["tenant_id"], ["company.id"], name=op.f(f"fk_{name}_tenant_id"), ondelete="CASCADE"
        )
        for name in of_user
    }
    op.create_table(
        "password_reset",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        of_user["password_reset"],
        of_company["password_reset"],
        sa.PrimaryKeyConstraint("id", "tenant_id", name=op.f("pk_password_reset")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_password_reset_secret_hash")),
    )
    op.create_index(op.f("ix_password_reset_user_id"), "password_reset", ["user_id"])
    op.create_table(
        "second_factor",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("wrong", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.String(), nullable=False),
        of_user["second_factor"],
        of_company["second_factor"],
        sa.PrimaryKeyConstraint("user_id", "tenant_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        of_user["recovery_code"],
        of_company["recovery_code"],
        sa.PrimaryKeyConstraint("user_id", "code_hash", "tenant_id", name=op.f("pk_recovery_code")),
    )


def downgrade() -> None:
    for table in ("recovery_code", "second_factor", "password_reset", "invitation"):
        op.drop_table(table)
    for column in ("address", "browser", "id"):
        op.drop_column("sign_in_session", column)
    for column in ("signed_in_at", "second_factor_at", "may_block"):
        op.drop_column("user_account", column)
    for column in ("second_factor_since", "second_factor"):
        op.drop_column("company", column)

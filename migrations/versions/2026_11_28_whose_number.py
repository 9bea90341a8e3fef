"""Two companies may enter the same number or account: the signature tells whose calls they are.

Revision ID: 2026_11_28_whose_number
Revises: 2026_11_28_sign_in_attempts
"""

from alembic import op

revision = "2026_11_28_whose_number"
down_revision = "2026_11_28_sign_in_attempts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.drop_constraint("uq_line_number", "line")
    op.create_unique_constraint("uq_line_tenant_id_number", "line", ["tenant_id", "number"])
    op.drop_constraint("uq_provider_account_account_sid", "provider_account")
    op.create_unique_constraint(
        "uq_provider_account_tenant_id_provider_account_sid",
        "provider_account",
        ["tenant_id", "provider", "account_sid"],
    )


def downgrade() -> None:
    op.drop_constraint("uq_provider_account_tenant_id_provider_account_sid", "provider_account")
    op.create_unique_constraint("uq_provider_account_account_sid", "provider_account", ["account_sid"])
    op.drop_constraint("uq_line_tenant_id_number", "line")
    op.create_unique_constraint("uq_line_number", "line", ["number"])

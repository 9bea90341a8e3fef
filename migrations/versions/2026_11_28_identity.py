"""Who called, whatever it is: address, attestation and forwarding of a call as columns.

Revision ID: 2026_11_28_identity
Revises: 2026_11_28_whose_number
"""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_28_identity"
down_revision = "2026_11_28_whose_number"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A lock that is not had at once is given up, so that calls are never held up behind a migration.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.add_column("call", sa.Column("caller_address", sa.String(), server_default="", nullable=False))
    op.add_column("call", sa.Column("attestation", sa.String(), server_default="none", nullable=False))
    op.add_column("call", sa.Column("forwarded_from", sa.String(), server_default="", nullable=False))
    # Calls of a number need nothing: their address is the number. Release 0.1 wrote "address", later ones "value".
    op.execute(
        "UPDATE call SET caller_address = coalesce(decision -> 'caller' ->> 'value', decision -> 'caller' ->> 'address', '') "
        "WHERE caller_number IS NULL"
    )


def downgrade() -> None:
    op.drop_column("call", "forwarded_from")
    op.drop_column("call", "attestation")
    op.drop_column("call", "caller_address")

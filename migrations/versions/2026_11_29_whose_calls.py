"""Calls of which somebody has said who called are that client's, with the matters and call-backs that they led to.

Revision ID: 2026_11_29_whose_calls
Revises: 2026_11_29_callbacks_of_a_client
"""

from alembic import op

revision = "2026_11_29_whose_calls"
down_revision = "2026_11_29_callbacks_of_a_client"
branch_labels = None
depends_on = None

_SAID = """
    SELECT call.tenant_id, call.call_id, call.client_id AS was, call_note.client_id AS is_now
    FROM call_note JOIN call USING (tenant_id, call_id)
    WHERE call.client_id IS DISTINCT FROM call_note.client_id AND (
        call_note.client_id IS NULL AND call_note.somebody_else
        OR EXISTS (SELECT FROM client WHERE client.tenant_id = call.tenant_id AND client.id = call_note.client_id)
        OR EXISTS (SELECT FROM gone_client AS gone
            WHERE gone.tenant_id = call.tenant_id AND gone.client_id = call_note.client_id AND gone.into_id IS NOT NULL))
"""
STATEMENTS = tuple(
    f"""
    UPDATE {table} SET client_id = said.is_now FROM ({_SAID}) AS said
    WHERE {table}.tenant_id = said.tenant_id AND {table}.call_id = said.call_id
        AND {table}.client_id IS NOT DISTINCT FROM said.was
    """  # noqa: S608  # the only things formatted in are names and a constant of ours
    for table in ("matter", "callback", "call")
)
"""The calls last: by them the others are found."""


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """What was said stands in the notes all the same."""

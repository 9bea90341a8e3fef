"""Whose sales they are now: of clients who were merged into another they are the other's."""

from typing import Final

MERGED: Final = """
    WITH RECURSIVE merged (was, now) AS (
        SELECT client_id, into_id FROM gone_client WHERE tenant_id = {tenant} AND into_id IS NOT NULL
        UNION
        SELECT m.was, g.into_id FROM merged m
            JOIN gone_client g ON g.tenant_id = {tenant} AND g.client_id = m.now AND g.into_id IS NOT NULL
    )
    SELECT DISTINCT ON (m.was) m.was, m.now FROM merged m
        JOIN client kept ON kept.tenant_id = {tenant} AND kept.id = m.now
        WHERE NOT EXISTS (SELECT FROM client c WHERE c.tenant_id = {tenant} AND c.id = m.was)
        ORDER BY m.was, m.now
"""
"""Who was merged (``was``) and into which client who is there (``now``); ``tenant`` is the statement's parameter."""

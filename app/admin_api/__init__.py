"""The REST API, ``/api/v1``: one file per resource, schemas beside the routes."""

from typing import Final

from fastapi import APIRouter

from app.admin_api import (
    accounts,
    api_keys,
    audit,
    blacklist,
    call_judgements,
    calls,
    categories,
    clients,
    company,
    explain,
    fallback,
    holidays,
    hours,
    lines,
    menus,
    operators,
    queues,
    texts,
    users,
    vip,
)
from app.admin_api.description import serve_description

ROUTERS: Final[tuple[APIRouter, ...]] = tuple(
    one.router
    for one in (
        vip, blacklist, clients, categories, lines, hours, holidays, menus, queues, operators, calls,
        call_judgements, explain, texts, fallback, company, accounts, api_keys, users, audit,
    )
)  # fmt: skip

__all__ = ["ROUTERS", "serve_description"]

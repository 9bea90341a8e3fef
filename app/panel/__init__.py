"""Pages for people, one file each."""

from fastapi import APIRouter, FastAPI

from app.panel import (
    after_call,
    booth,
    call_log,
    call_parts,
    client_merge,
    client_page,
    clients_list,
    fallback_settings,
    judge_callers,
    list_entry,
    lists,
    my_settings,
    new_caller,
    operator_panel,
    palette,
    pinned_note,
    presence,
    sign_in,
    test_number,
    who_it_was,
)
from app.panel.drawing import STATIC, CachedStatic

ROUTERS: tuple[APIRouter, ...] = (
    sign_in.router,
    operator_panel.router,
    palette.router,
    presence.router,
    new_caller.router,
    call_parts.router,
    after_call.router,
    who_it_was.router,
    pinned_note.router,
    clients_list.router,
    client_merge.router,
    client_page.router,
    my_settings.router,
    fallback_settings.router,
    call_log.router,
    judge_callers.router,
    lists.router,
    list_entry.router,
    test_number.router,
    booth.router,
    booth.line_router,
)


def serve_static(app: FastAPI) -> None:
    """Style sheets and scripts under ``/static``."""
    app.mount("/static", CachedStatic(directory=STATIC), name="static")

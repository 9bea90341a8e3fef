"""Pages for people, one file each."""

from fastapi import APIRouter, FastAPI

from app.panel import fallback_settings, new_caller, operator_panel, sign_in
from app.panel.drawing import STATIC, CachedStatic

ROUTERS: tuple[APIRouter, ...] = (sign_in.router, operator_panel.router, new_caller.router, fallback_settings.router)


def serve_static(app: FastAPI) -> None:
    """Style sheets and scripts under ``/static``."""
    app.mount("/static", CachedStatic(directory=STATIC), name="static")

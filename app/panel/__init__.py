"""Pages for people, one file each."""

from fastapi import APIRouter, FastAPI

ROUTERS: tuple[APIRouter, ...] = ()


def serve_static(app: FastAPI) -> None:
    """Style sheets and scripts under ``/static``."""

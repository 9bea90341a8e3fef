"""The REST API, ``/api/v1``: one file per resource, schemas beside the routes."""

from fastapi import APIRouter, FastAPI

ROUTERS: tuple[APIRouter, ...] = ()


def serve_description(app: FastAPI) -> None:
    """OpenAPI at ``/openapi.json`` and its pages at ``/docs``."""

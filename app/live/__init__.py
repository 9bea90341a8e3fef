"""The live channel: one reader of the event log per process, server-sent events to everybody concerned."""

from fastapi import APIRouter

ROUTERS: tuple[APIRouter, ...] = ()

"""The live channel: the event log as it is read (``feed``), and the streams that browsers and programs listen to."""

from typing import Any


def __getattr__(name: str) -> Any:
    """``ROUTERS``, loaded on demand: the switchboard imports the feed from here, and the routes import the switchboard."""
    if name == "ROUTERS":
        from app.live import stream

        return (stream.router,)
    raise AttributeError(name)

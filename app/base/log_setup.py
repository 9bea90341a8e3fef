"""Logs are JSON lines. They hold ids, counts and masked numbers; never names, bodies, query strings or whole numbers."""

import logging
import re
import sys
from typing import Final

import structlog

_NUMBER: Final = re.compile(r"\+?[0-9][0-9 ().\-/]{5,}[0-9]")
_KEY: Final = re.compile(r"ack_[A-Za-z0-9_\-]+")


def masked_number(text: str) -> str:
    """The last three digits only: enough to recognise a call in a log, not to ring somebody."""
    digits = re.sub(r"[^0-9]", "", text)
    return f"…{digits[-3:]}" if len(digits) > 3 else "…"


def _mask(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """The last guard: whatever slipped into an event (also an exception's text) loses numbers and keys."""
    for name, value in event.items():
        if isinstance(value, str) and name not in {"timestamp", "since", "silent_since", "call", "worker"}:
            event[name] = _KEY.sub("ack_…", _NUMBER.sub(_masked, value))
    return event


def _masked(found: re.Match[str]) -> str:
    # Fewer digits than a telephone number has: a short address or a date's part, left readable.
    return masked_number(found[0]) if sum(c.isdigit() for c in found[0]) >= 7 else found[0]


def set_up_logging(level: str) -> None:
    """One JSON line an event on standard error, for our own loggers and for everybody else's."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for noisy in ("uvicorn.access", "httpx", "httpcore", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)

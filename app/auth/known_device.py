"""A browser in which an account has signed in before. Its cookie opens nothing; it only keeps strangers who try the account
from locking its owner out."""

import hmac
from typing import Final

from fastapi import Request, Response

from app.base.secrets_at_rest import derive
from app.base.settings import Settings
from models import UserAccount

_REMEMBERED: Final = 365 * 24 * 3600


def device_of(request: Request, settings: Settings, user: UserAccount | None) -> str | None:
    """What names the browser, when ``user`` has signed in there."""
    if user is None:
        return None
    shown, known = request.cookies.get(_cookie(settings), ""), _code(settings, user)
    return known if hmac.compare_digest(shown.encode(), known.encode()) else None


def remember_device(response: Response, settings: Settings, user: UserAccount) -> None:
    """Let the browser show next time that ``user`` has signed in there."""
    response.set_cookie(
        _cookie(settings), _code(settings, user), max_age=_REMEMBERED, path="/", secure=settings.is_https, httponly=True,
        samesite="lax",
    )  # fmt: skip


def _cookie(settings: Settings) -> str:
    return "__Host-device" if settings.is_https else "device"


def _code(settings: Settings, user: UserAccount) -> str:
    return hmac.new(derive(settings.key, "device"), f"{user.tenant_id} {user.id}".encode(), "sha256").hexdigest()

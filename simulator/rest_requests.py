"""What every request to the REST API meets: trouble, credentials, forms, refusals."""

from __future__ import annotations

import asyncio
import base64
import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.company import PhoneCompany
from simulator.interruptions import Redirected

MAX_INLINE_TWIML = 4000
"""Characters of the parameter that takes a whole document (Twilio error 32018)."""


class Refused(Exception):
    """A refusal: its HTTP status, Twilio's number, and a sentence."""

    def __init__(self, status: int, code: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


async def suffer(company: PhoneCompany) -> None:
    """The trouble that was switched on."""
    trouble = company.trouble
    if trouble.delay:
        await asyncio.sleep(trouble.delay)
    if trouble.away:
        raise Refused(503, 20503, "Service unavailable")
    if trouble.too_many:
        trouble.too_many -= 1
        raise Refused(429, 20429, "Too Many Requests", {"Retry-After": str(trouble.retry_after)})


def authenticate(request: Request, company: PhoneCompany) -> None:
    bearer = company.provider.rest.bearer
    basic = base64.b64encode(f"{company.account_sid}:{company.auth_token}".encode())
    wanted = company.auth_token.encode() if bearer else basic
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != ("bearer" if bearer else "basic") or not hmac.compare_digest(given.strip().encode(), wanted):
        raise Refused(401, 20003, "Authenticate")
    if request.path_params.get("account", company.account_sid) != company.account_sid:
        raise Refused(404, 20404, "No such account.")


def not_found(request: Request) -> Refused:
    return Refused(404, 20404, f"The requested resource {request.url.path} was not found")


async def form_of(request: Request) -> dict[str, str]:
    return {name: str(value) for name, value in (await request.form()).items()}


def document_from(form: Mapping[str, str], twiml: str = "") -> Redirected:
    """The document that a call is to follow: at Url, or as it stands."""
    url, method = form.get("Url", ""), form.get("Method", "POST")
    if len(twiml) > MAX_INLINE_TWIML:
        raise Refused(400, 32018, f"The document has {len(twiml)} characters; at most {MAX_INLINE_TWIML}.")
    if method not in ("GET", "POST"):
        raise Refused(400, 21209, f"Method {method!r} is not GET or POST.")
    if not twiml and not is_absolute(url):
        raise Refused(400, 21205, f"Url {url!r} is not a valid absolute URL.")
    return Redirected(url, method, twiml)


def is_absolute(url: str) -> bool:
    return urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)


def refusal(refused: Refused, company: PhoneCompany) -> Response:
    body = company.provider.rest_error(refused.status, refused.code, refused.message)
    return JSONResponse(body, status_code=refused.status, headers=refused.headers)

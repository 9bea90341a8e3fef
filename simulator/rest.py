"""A provider's REST API as far as calls and queues are moved by it, as a small ASGI application.

Served at the address the service is given in the place of https://api.twilio.com (ANTICHAMBRE_TWILIO_API_URL),
https://{space}.signalwire.com or https://api.telnyx.com. Names and limits are Twilio's (OpenAPI,
api.twilio.com/2010-04-01) where the provider's own class does not say otherwise.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.company import PhoneCompany
from simulator.interruptions import LineHungUp, Redirected
from simulator.line import Line
from simulator.rest_shapes import call_json, member_json, page_of, queue_json
from simulator.waiting_line import Member, WaitingLine

MAX_INLINE_TWIML = 4000
"""Characters of the parameter that takes a whole document (Twilio error 32018)."""


class Refused(Exception):
    """A refusal: its HTTP status, Twilio's number, and a sentence."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


Handler = Callable[[Request, PhoneCompany], Awaitable[Response]]


def rest_app(company: PhoneCompany) -> Starlette:
    """The REST API of one telephone company; credentials are its account SID and token (HTTP Basic), or the token alone
    (Bearer) at a provider that wants it so."""
    rest = company.provider.rest

    def route(path: str, handler: Handler, *methods: str) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                _authenticate(request, company)
                return await handler(request, company)
            except Refused as refused:
                return _error(refused, company)

        return Route(rest.root + path + rest.suffix, endpoint, methods=list(methods))

    async def no_such_resource(request: Request) -> Response:
        return _error(Refused(404, 20404, f"The requested resource {request.url.path} was not found"), company)

    members = [
        route("/Queues/{queue}/Members", _list_members, "GET"),
        route("/Queues/{queue}/Members/{member}", _show_member, "GET"),
        route("/Queues/{queue}/Members/{member}", _move_member, "POST"),
    ]
    return Starlette(
        routes=[
            route("/Calls/{sid}", _show_call, "GET"),
            route("/Calls/{sid}", _change_call, "POST"),
            route("/Queues", _list_queues, "GET"),
            route("/Queues/{queue}", _show_queue, "GET"),
            *(members if rest.members else []),
            Route("/{path:path}", no_such_resource, methods=["GET", "POST", "PUT", "DELETE"]),
        ]
    )


async def _show_call(request: Request, company: PhoneCompany) -> Response:
    return JSONResponse(call_json(_line(request, company)))


async def _change_call(request: Request, company: PhoneCompany) -> Response:
    """Status=completed or canceled, or a new document by Url or Twiml."""
    line, form = _line(request, company), await _form(request)
    document = company.provider.rest.inline_document
    twiml = form.get(document, "") if document else ""
    status = form.get("Status")
    if status is not None:
        _change_status(line, status)
    elif "Url" in form or twiml:
        if line.is_hung_up or line.answered_at is None:
            raise Refused(400, 21220, "Call is not in-progress. Cannot redirect.")
        if line.root is not line:
            raise Refused(400, 20001, "This simulator redirects incoming calls only, not dialled parties.")
        line.interrupt(_new_document(form, twiml))
    else:
        wanted = "Url, " + (f"{document} or " if document else "") + "Status"
        raise Refused(400, 20001, f"{wanted} is needed.")
    return JSONResponse(call_json(line))


def _change_status(line: Line, status: str) -> None:
    if status not in ("completed", "canceled"):
        raise Refused(400, 20001, f"Status {status!r}; only completed or canceled can be asked for.")
    if line.is_hung_up:
        raise Refused(400, 21220, "Call is not in-progress. Cannot redirect.")
    if status == "completed" or line.answered_at is None:
        final = "canceled" if status == "canceled" else None
        line.interrupt(LineHungUp("rest", final))


def _new_document(form: Mapping[str, str], twiml: str = "") -> Redirected:
    url, method = form.get("Url", ""), form.get("Method", "POST")
    if len(twiml) > MAX_INLINE_TWIML:
        raise Refused(400, 32018, f"The document has {len(twiml)} characters; at most {MAX_INLINE_TWIML}.")
    if method not in ("GET", "POST"):
        raise Refused(400, 21209, f"Method {method!r} is not GET or POST.")
    if not twiml and not (urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname):
        raise Refused(400, 21205, f"Url {url!r} is not a valid absolute URL.")
    return Redirected(url, method, twiml)


async def _list_queues(request: Request, company: PhoneCompany) -> Response:
    queues = [queue_json(queue, company) for queue in company.queues.values()]
    return JSONResponse(page_of("queues", queues, request.url.path))


async def _show_queue(request: Request, company: PhoneCompany) -> Response:
    return JSONResponse(queue_json(_queue(request, company), company))


async def _list_members(request: Request, company: PhoneCompany) -> Response:
    members = [member_json(member, company) for member in _queue(request, company).members]
    return JSONResponse(page_of("queue_members", members, request.url.path))


async def _show_member(request: Request, company: PhoneCompany) -> Response:
    return JSONResponse(member_json(_member(request, company), company))


async def _move_member(request: Request, company: PhoneCompany) -> Response:
    """The member leaves the queue (QueueResult=redirected) and goes on with the document at Url."""
    member, form = _member(request, company), await _form(request)
    if company.provider.rest.reads_query:
        form = {**request.query_params, **form}
    if "Url" not in form:
        raise Refused(400, 20001, "Url is needed.")
    shape = member_json(member, company)
    member.taken = True
    member.line.interrupt(_new_document(form))
    return JSONResponse(shape)


def _authenticate(request: Request, company: PhoneCompany) -> None:
    bearer = company.provider.rest.bearer
    basic = base64.b64encode(f"{company.account_sid}:{company.auth_token}".encode())
    wanted = company.auth_token.encode() if bearer else basic
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != ("bearer" if bearer else "basic") or not hmac.compare_digest(given.strip().encode(), wanted):
        raise Refused(401, 20003, "Authenticate")
    if request.path_params["account"] != company.account_sid:
        raise Refused(404, 20404, "No such account.")


async def _form(request: Request) -> dict[str, str]:
    return {name: str(value) for name, value in (await request.form()).items()}


def _line(request: Request, company: PhoneCompany) -> Line:
    line = company.line(request.path_params["sid"])
    if line is None:
        raise Refused(404, 20404, f"The requested resource {request.url.path} was not found")
    return line


def _queue(request: Request, company: PhoneCompany) -> WaitingLine:
    for queue in company.queues.values():
        if queue.sid == request.path_params["queue"]:
            return queue
    raise Refused(404, 20404, f"The requested resource {request.url.path} was not found")


def _member(request: Request, company: PhoneCompany) -> Member:
    """By the call's SID, or "Front" for the caller who has waited longest."""
    queue, wanted = _queue(request, company), request.path_params["member"]
    front = queue.front()
    for member in queue.members:
        if not member.line.is_hung_up and (member.line.sid == wanted or (wanted == "Front" and member is front)):
            return member
    raise Refused(404, 20404, f"The requested resource {request.url.path} was not found")


def _error(refused: Refused, company: PhoneCompany) -> Response:
    body = company.provider.rest_error(refused.status, refused.code, refused.message)
    return JSONResponse(body, status_code=refused.status)

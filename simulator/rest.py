"""A provider's REST API as far as calls and queues are moved by it, as a small ASGI application.

Served at the address the service is given in the place of https://api.twilio.com (ANTICHAMBRE_TWILIO_API_URL),
https://{space}.signalwire.com or https://api.telnyx.com. Names and limits are Twilio's (OpenAPI,
api.twilio.com/2010-04-01) where the provider's own class does not say otherwise.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.company import PhoneCompany
from simulator.interruptions import LineHungUp
from simulator.line import Line
from simulator.rest_calls import list_calls, make_call, make_call_of_application
from simulator.rest_numbers import change_number, list_numbers, show_number
from simulator.rest_recordings import hand_out, list_recordings, show_recording
from simulator.rest_requests import Refused, authenticate, document_from, form_of, not_found, refusal, suffer
from simulator.rest_shapes import call_json, member_json, page_of, queue_json
from simulator.waiting_line import Member, WaitingLine

Handler = Callable[[Request, PhoneCompany], Awaitable[Response]]


def rest_app(company: PhoneCompany) -> Starlette:
    """The REST API of one telephone company; credentials are its account SID and token (HTTP Basic), or the token alone
    (Bearer) at a provider that wants it so."""
    rest = company.provider.rest

    def route(path: str, handler: Handler, *methods: str, suffix: str = rest.suffix) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                await suffer(company)
                authenticate(request, company)
                answer = await handler(request, company)
            except Refused as refused:
                return refusal(refused, company)
            if company.trouble.answers_lost:
                company.trouble.answers_lost -= 1
                return refusal(Refused(500, 20500, "Internal server error"), company)
            return answer

        return Route(path if path == rest.new_calls else rest.root + path + suffix, endpoint, methods=list(methods))

    async def no_such_resource(request: Request) -> Response:
        return refusal(not_found(request), company)

    members = [
        route("/Queues/{queue}/Members", _list_members, "GET"),
        route("/Queues/{queue}/Members/{member}", _show_member, "GET"),
        route("/Queues/{queue}/Members/{member}", _move_member, "POST"),
    ]
    numbers = [
        route("/IncomingPhoneNumbers", list_numbers, "GET"),
        route("/IncomingPhoneNumbers/{sid}", show_number, "GET"),
        route("/IncomingPhoneNumbers/{sid}", change_number, "POST"),
    ]
    return Starlette(
        routes=[
            route("/Calls", list_calls, "GET"),
            *([] if rest.new_calls else [route("/Calls", make_call, "POST")]),
            route("/Calls/{sid}", _show_call, "GET"),
            route("/Calls/{sid}", _change_call, "POST"),
            route("/Queues", _list_queues, "GET"),
            route("/Queues/{queue}", _show_queue, "GET"),
            *([route(rest.new_calls, make_call_of_application, "POST")] if rest.new_calls else []),
            *(members if rest.members else []),
            *(numbers if rest.numbers else []),
            *([route("/Recordings/{sid}.wav", hand_out, "GET", suffix="")] if rest.suffix else []),
            route("/Recordings", list_recordings, "GET"),
            route("/Recordings/{sid}", show_recording, "GET"),
            Route("/{path:path}", no_such_resource, methods=["GET", "POST", "PUT", "DELETE"]),
        ]
    )


async def _show_call(request: Request, company: PhoneCompany) -> Response:
    return JSONResponse(call_json(_line(request, company)))


async def _change_call(request: Request, company: PhoneCompany) -> Response:
    """Status=completed or canceled, or a new document by Url or Twiml."""
    line, form = _line(request, company), await form_of(request)
    document = company.provider.rest.inline_document
    twiml = form.get(document, "") if document else ""
    status = form.get("Status")
    if status is not None:
        _change_status(line, status)
    elif "Url" in form or twiml:
        if line.is_hung_up or line.answered_at is None:
            raise Refused(400, 21220, "Call is not in-progress. Cannot redirect.")
        line.interrupt(document_from(form, twiml))
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
    member, form = _member(request, company), await form_of(request)
    if company.provider.rest.reads_query:
        form = {**request.query_params, **form}
    if "Url" not in form:
        raise Refused(400, 20001, "Url is needed.")
    shape = member_json(member, company)
    member.taken = True
    member.line.interrupt(document_from(form))
    return JSONResponse(shape)


def _line(request: Request, company: PhoneCompany) -> Line:
    line = company.line(request.path_params["sid"])
    if line is None:
        raise not_found(request)
    return line


def _queue(request: Request, company: PhoneCompany) -> WaitingLine:
    for queue in company.queues.values():
        if queue.sid == request.path_params["queue"]:
            return queue
    raise not_found(request)


def _member(request: Request, company: PhoneCompany) -> Member:
    """By the call's SID, or "Front" for the caller who has waited longest."""
    queue, wanted = _queue(request, company), request.path_params["member"]
    front = queue.front()
    for member in queue.members:
        if not member.line.is_hung_up and (member.line.sid == wanted or (wanted == "Front" and member is front)):
            return member
    raise not_found(request)

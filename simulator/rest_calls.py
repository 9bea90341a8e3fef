"""Making and listing calls (Twilio OpenAPI: CreateCall, ListCall; Telnyx: create-a-connection-scoped-texml-call)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.company import PhoneCompany
from simulator.go_to import GoTo
from simulator.line import Line
from simulator.placed_call import PlacedCall
from simulator.rest_requests import Refused, document_from, is_absolute
from simulator.rest_shapes import call_json, pages_of

_EVENTS = frozenset({"initiated", "ringing", "answered", "completed"})
_DEFAULT_SECONDS, _MOST_SECONDS = 60, 600


async def make_call(request: Request, company: PhoneCompany) -> Response:
    """A new call: To, From (a number of the account's), Url or an inline document, Timeout, StatusCallback."""
    form = await request.form()
    values = {name: str(value) for name, value in form.items()}
    document = company.provider.rest.inline_document
    twiml = values.get(document, "") if document else ""
    if not values.get("To"):
        raise Refused(400, 21201, "No 'To' number is specified")
    if not values.get("From"):
        raise Refused(400, 21213, "No 'From' number is specified")
    if values["From"] not in company.caller_ids | {call.to for call in company.calls.values()}:
        raise Refused(400, 21210, f"'From' {values['From']} is not a number of this account")
    if not twiml and "Url" not in values:
        raise Refused(400, 21205, "Url is needed.")
    start = document_from(values, twiml)
    call = PlacedCall(
        company,
        company.provider.new_call_id(),
        values["From"],
        values["To"],
        start if start.twiml else GoTo(start.url, start.method),
        seconds=_seconds(values.get("Timeout", str(_DEFAULT_SECONDS))),
        status_url=_status_url(values),
        events=_events([str(value) for value in form.getlist("StatusCallbackEvent")]),
    )
    company.place(call)
    return JSONResponse(call_json(call), status_code=201)


async def make_call_of_application(request: Request, company: PhoneCompany) -> Response:
    """A new call of a TeXML application: an object of To and From, Url with its Method, or Texml; nothing else is known, and
    names are case-sensitive. The application's status callback is told of the end, and the telephone rings for a minute."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise Refused(415, 10015, "application/json is wanted")
    try:
        values = await request.json()
    except ValueError:
        values = None
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise Refused(422, 10015, "an object of texts is wanted")
    if unknown := values.keys() - {"To", "From", "Url", "Method", "Texml"}:
        raise Refused(422, 10015, f"unknown: {sorted(unknown)}")
    if not values.get("To") or not values.get("From"):
        raise Refused(422, 10015, "To and From are needed")
    if values["From"] not in company.caller_ids | {call.to for call in company.calls.values()}:
        raise Refused(422, 10015, f"{values['From']} is not a number of this account")
    start = document_from(values, values.get("Texml", ""))
    call = PlacedCall(
        company,
        company.provider.new_call_id(),
        values["From"],
        values["To"],
        start if start.twiml else GoTo(start.url, start.method),
        seconds=_DEFAULT_SECONDS,
        status_url=company.status_url,
        events=frozenset({"completed"}),
    )
    company.place(call)
    return JSONResponse({"call_sid": call.sid, "from": call.caller, "to": call.to, "status": "queued"})


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_SECONDS):
        raise Refused(400, 20001, f"Timeout {text!r}; 1 to {_MOST_SECONDS} seconds.")
    return int(text)


def _status_url(values: dict[str, str]) -> str | None:
    url = values.get("StatusCallback")
    if url is not None and not is_absolute(url):
        raise Refused(400, 21609, f"StatusCallback {url!r} is not a valid absolute URL.")
    return url


def _events(given: list[str]) -> frozenset[str]:
    events = frozenset(word for one in given for word in one.split(" ")) or frozenset({"completed"})
    if events - _EVENTS:
        raise Refused(400, 21626, f"StatusCallbackEvent: {sorted(events - _EVENTS)}")
    return events


async def list_calls(request: Request, company: PhoneCompany) -> Response:
    """Calls and legs, the newest first, by StartTime (a day), StartTime< and StartTime> (days or moments, both
    inclusive), From, To, Status and ParentCallSid."""
    query = dict(request.query_params)
    lines: list[Line] = [line for call in company.calls.values() for line in (call, *call.legs)]
    found = [line for line in lines if _is_wanted(line, query)]
    found.sort(key=lambda line: line.began, reverse=True)
    page = pages_of("calls", [call_json(line) for line in found], request.url.path, query)
    return JSONResponse(page)


def _is_wanted(line: Line, query: dict[str, str]) -> bool:
    began = line.clock.now() - timedelta(seconds=line.age)
    parent = line.root.sid if line.root is not line else ""
    facts = {"From": line.caller, "To": line.to, "Status": line.state, "ParentCallSid": parent}
    if any(query.get(name, fact) != fact for name, fact in facts.items()):
        return False
    if (day := query.get("StartTime")) is not None and began.date() != _moment("StartTime", day).date():
        return False
    earliest, latest = query.get("StartTime>"), query.get("StartTime<")
    return not (
        (earliest is not None and began < _moment("StartTime>", earliest))
        or (latest is not None and began > _moment("StartTime<", latest))
    )


def _moment(name: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(400, 20001, f"{name} {text!r} is neither YYYY-MM-DD nor an ISO 8601 time") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

"""The providers' requests, answered beside the application instead of through it: half of what a call costs would otherwise
be the framework's. Each is: signed? well-formed? whose? then a use case; and any failure ends in a document that its
provider can carry out.

This is plain ASGI (asgi.readthedocs.io): ``scope`` describes the request, ``receive`` gives its body, ``send`` takes the
answer, in two messages where :mod:`app.providers.whole_answers` does not take it at once.
"""

import base64
from collections.abc import Mapping
from typing import Final, NamedTuple

import structlog
from starlette.datastructures import State
from starlette.types import ASGIApp, Receive, Scope, Send

from app.answering.answer_call import answer_after_failure, answer_call
from app.answering.answers import Answer, HangUp
from app.answering.continue_call import CALLEE_STEPS, continue_call
from app.answering.follow_call import follow_call
from app.answering.given import Given
from app.answering.report import CallReport
from app.base import limits
from app.base.raw_request import Request
from app.base.seldom_log import refusals
from app.providers.addresses import Addresses
from app.providers.capabilities import degrade
from app.providers.last_resort import APOLOGY
from app.providers.provider import Provider
from app.providers.whole_answers import WHOLE_ANSWER
from app.switchboard import Switchboard
from routing.step import OWNER, Step, StepForged, decode, owner_of, split_owner

ANSWER_HEADER: Final = b"x-antichambre-answer"
"""On what a call from the phone booth gets: the answer itself, as it is stored, in base64 (RFC 4648)."""
_NOT_KEPT: Final = (b"cache-control", b"no-store")
_ALLOW: Final = (b"allow", b"GET, POST")
_KEPT: Final = 500
_ENTRANCES: Final = ("voice", "status", "fallback")
_STEP: Final = "step/"

log = structlog.get_logger(__name__)
Header = tuple[bytes, bytes]


_NOBODY: Final = (("", ("",)),)
_OWNER: Final = OWNER.encode()


class Refused(Exception):
    """The request is not from the provider, or not in its form; answered with ``status`` and nothing else."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Reply(NamedTuple):
    """``headers`` come on top of those that every reply has."""

    status: int
    body: bytes
    headers: list[Header]


class Way(NamedTuple):
    """Where a path leads: to which provider, and to which of its entrances. ``content_type`` is that of its documents."""

    provider: Provider
    entrance: str
    content_type: Header


class WebhookDoor:
    """Answers what is below ``/{provider}/`` and passes everything else on to ``app``. The switchboard is in ``state``."""

    __slots__ = ("_app", "_documents", "_state", "_steps", "_ways")

    def __init__(self, app: ASGIApp, state: State, providers: Mapping[str, Provider]) -> None:
        """``providers`` by their names."""
        self._app, self._state = app, state
        self._documents: dict[tuple[str, Given, int], bytes] = {}
        self._ways: dict[str, Way] = {}
        self._steps: dict[str, Way] = {}
        for name, provider in providers.items():
            content_type = b"content-type", provider.content_type.encode()
            self._steps[name] = Way(provider, _STEP, content_type)
            for entrance in _ENTRANCES:
                self._ways[f"/{name}/{entrance}"] = Way(provider, entrance, content_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request. A 2xx reply is a document of the provider's, or empty where it does not look at it. What
        went wrong is a sentence to the caller, and 500 to whoever tells us the state of a call."""
        if scope["type"] != "http" or (way := self._ways.get(scope["path"]) or self._other(scope["path"])) is None:
            await self._app(scope, receive, send)
            return
        board: Switchboard = self._state.switchboard
        try:
            status, body, headers = await self._reply(board, way, scope, receive)
        except Refused as refusal:
            status, body, headers = refusal.status, b"", [_ALLOW] if refusal.status == 405 else []
        except Exception:
            board.unanswered_errors += 1
            log.exception("webhook.failed", path=_path_without_step(scope))
            if way.entrance == "status":  # nobody hears the answer, and whoever repeats what has failed may do so
                status, body, headers = 500, b"", []
            else:
                status, headers = 200, []
                body = way.provider.write(APOLOGY, _addresses(board, way.provider)).encode()
        if status != 204:  # which has no body, and no length of one (RFC 9110, section 8.6)
            headers += [way.content_type, (b"content-length", b"%d" % len(body))]
        if scope["method"] != "POST":  # nobody keeps the answer to that one unasked (RFC 9111, section 3)
            headers.append(_NOT_KEPT)
        if (at_once := scope.get("extensions", {}).get(WHOLE_ANSWER)) is not None:
            await at_once(status, headers, body)
            return
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _other(self, path: str) -> Way | None:
        """A step of one of the providers, or something else below its path, which is nothing."""
        name, slash, rest = path[1:].partition("/")
        way = self._steps.get(name) if slash else None
        return way if way is None or rest.startswith(_STEP) else way._replace(entrance="")

    async def _reply(self, board: Switchboard, way: Way, scope: Scope, receive: Receive) -> Reply:
        provider, entrance = way.provider, way.entrance
        if not entrance:
            raise Refused(404)
        tenant_id, report = await _signed_report(board, provider, scope, receive)
        if entrance == "voice":
            return self._first(board, provider, tenant_id, report, await answer_call(board, tenant_id, report))
        if entrance == "status":
            await follow_call(board, tenant_id, report)
            return Reply(204, b"", [])
        if entrance == "fallback" and report.parent_call_id:  # what somebody who was rung was to hear
            return Reply(200, provider.write(HangUp(), _addresses(board, provider)).encode(), [])
        if entrance == "fallback":
            # The provider could not use our answer: a plainer one; should that fail too, the polite sentence.
            given = await answer_after_failure(board, tenant_id, report)
            return self._first(board, provider, tenant_id, report, given)
        owner, token = split_owner(scope["path"].partition(f"/{_STEP}")[2])
        try:
            step = decode(token, board.step_key)
        except StepForged as error:
            refusals.warn("step.forged", f"/{provider.name}/step")
            raise Refused(403) from error
        call_id = _callers_call(report, step)
        if step.about and owner == owner_of(tenant_id, step.about, board.step_key):
            owner = owner_of(tenant_id, report.call_id, board.step_key)  # from now on: it is a call that we have placed
        if owner and call_id and owner != owner_of(tenant_id, call_id, board.step_key):
            refusals.warn("step.of_another_call", f"/{provider.name}/step")
            answer: Answer = HangUp()
        else:
            answer = degrade(await continue_call(board, tenant_id, report, step), provider.capabilities)
        document = provider.write(answer, _addresses(board, provider)).encode()
        headers = _shown_to_the_booth(answer) if step.booth else []
        return Reply(200, document.replace(_OWNER, owner.encode()), headers)

    def _first(self, board: Switchboard, provider: Provider, tenant_id: str, report: CallReport, given: Given) -> Reply:
        """What everybody gets in the same second is degraded and written once; only whose steps they are differs."""
        key = provider.name, given, len(board.sounds)
        if (document := self._documents.get(key)) is None:
            if len(self._documents) >= _KEPT:
                self._documents.clear()
            answer = degrade(given.answer, provider.capabilities)
            document = self._documents[key] = provider.write(answer, _addresses(board, provider)).encode()
        if _OWNER in document:
            owner = owner_of(tenant_id, report.call_id, board.step_key)
            document = document.replace(_OWNER, owner.encode())
        if report.booth:
            return Reply(200, document, _shown_to_the_booth(degrade(given.answer, provider.capabilities)))
        return Reply(200, document, [])


def _callers_call(report: CallReport, step: Step) -> str:
    """The caller's call, for which the step was written. A callee who is asked for a key has a call of their own; empty
    where the provider does not tell whose that is."""
    return report.parent_call_id if step.kind in CALLEE_STEPS else report.call_id


async def _signed_report(
    board: Switchboard, provider: Provider, scope: Scope, receive: Receive
) -> tuple[str, CallReport]:
    """The tenant and the report of a request whose signature is right. Raises :class:`Refused`: 403 for a wrong one."""
    if scope["method"] not in {"POST", "GET"}:
        raise Refused(405)
    if not board.live_plan.ready:
        raise LookupError("no plan has been loaded yet")
    query: bytes = scope["query_string"]
    raw_path: bytes = scope["raw_path"] + b"?" + query if query else scope["raw_path"]
    headers = dict(scope["headers"])
    if int(headers.get(b"content-length", b"0")) > limits.BODY_OF_A_STRANGER_BYTES:
        raise Refused(413)
    body = await _body(receive)
    request = Request(scope["method"], raw_path.decode("ascii", "replace"), query, headers, body)
    envelope = provider.open(request)
    # A signature takes as long to be found wrong whether anybody has the account or not.
    for tenant_id, secrets in board.live_plan.accounts(provider.name, envelope.account) or _NOBODY:
        if envelope.verify(secrets, board.settings.public_base_url, board.clock) and tenant_id:
            return tenant_id, envelope.read()
    refusals.warn("webhook.unsigned", _path_without_step(scope))
    if board.live_plan.accounts(provider.name, envelope.account):
        board.keep_refused(provider.name, request)
    raise Refused(403)


async def _body(receive: Receive) -> bytes:
    body: bytes = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400)
        body += message.get("body", b"")
        if len(body) > limits.BODY_OF_A_STRANGER_BYTES:
            raise Refused(413)
        if not message.get("more_body", False):
            return body


def _addresses(board: Switchboard, provider: Provider) -> Addresses:
    return Addresses(board.settings.base_url, provider.name, board.step_key, board.sounds)


def _shown_to_the_booth(answer: Answer) -> list[Header]:
    return [(ANSWER_HEADER, base64.b64encode(Given.of(answer).json))]


def _path_without_step(scope: Scope) -> str:
    provider, _, rest = scope["path"][1:].partition("/")
    return f"/{provider}/{rest.partition('/')[0]}"

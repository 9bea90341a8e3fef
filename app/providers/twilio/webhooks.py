"""Twilio's webhooks, answered beside the application instead of through it: half of what a call costs would otherwise be
the framework's. Each is: signed? well-formed? whose? then a use case; and any failure ends in valid TwiML.

This is plain ASGI (asgi.readthedocs.io): ``scope`` describes the request, ``receive`` gives its body, ``send`` takes the
answer, in two messages where :mod:`app.providers.whole_answers` does not take it at once.
"""

from dataclasses import dataclass
from typing import Final

import structlog
from starlette.datastructures import State
from starlette.types import ASGIApp, Receive, Scope, Send

from app.answering.answer_call import answer_after_failure, answer_call
from app.answering.continue_call import continue_call
from app.answering.follow_call import follow_call
from app.providers import twiml
from app.providers.twilio.form import TooManyFields, read_form
from app.providers.twilio.known_forms import KnownForms
from app.providers.twilio.last_resort import APOLOGY
from app.providers.twilio.payload import PayloadRefused, Webhook, read_webhook
from app.providers.twilio.signature import Parameters, is_signed, run_together
from app.providers.whole_answers import WHOLE_ANSWER
from app.switchboard import Switchboard
from routing.step import StepForged, decode

MAX_BODY_BYTES: Final = 64 * 1024
_STEP: Final = "/twilio/step/"
_NOT_KEPT: Final = (b"cache-control", b"no-store")
_CONTENT_TYPE: Final = (b"content-type", twiml.CONTENT_TYPE.encode())
_known: Final = KnownForms()

log = structlog.get_logger(__name__)


class Refused(Exception):
    """The request is not from Twilio, or not in Twilio's form; answered with ``status`` and nothing else."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class TwilioWebhooks:
    """Answers what is below ``/twilio/`` and passes everything else on to ``app``. The switchboard is in ``state``."""

    app: ASGIApp
    state: State

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request. A 2xx answer is TwiML, or empty where the provider does not look at it."""
        if scope["type"] != "http" or not scope["path"].startswith("/twilio/"):
            await self.app(scope, receive, send)
            return
        board: Switchboard = self.state.switchboard
        try:
            status, document = await _answer(board, scope, receive)
        except Refused as refusal:
            status, document = refusal.status, ""
        except Exception:
            board.unanswered_errors += 1
            log.exception("webhook.failed", path=_path_without_step(scope))
            status, document = 200, APOLOGY
        body = document.encode()
        headers = []
        if status != 204:  # which has no body, and no length of one (RFC 9110, section 8.6)
            headers = [_CONTENT_TYPE, (b"content-length", b"%d" % len(body))]
        if scope["method"] != "POST":  # nobody keeps the answer to that one unasked (RFC 9111, section 3)
            headers.append(_NOT_KEPT)
        if (at_once := scope.get("extensions", {}).get(WHOLE_ANSWER)) is not None:
            await at_once(status, headers, body)
            return
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def _answer(board: Switchboard, scope: Scope, receive: Receive) -> tuple[int, str]:
    path: str = scope["path"]
    if path not in {"/twilio/voice", "/twilio/status", "/twilio/fallback"} and not path.startswith(_STEP):
        raise Refused(404)
    tenant_id, webhook = await _signed_webhook(board, scope, receive)
    if path == "/twilio/voice":
        return 200, await answer_call(board, tenant_id, webhook)
    if path == "/twilio/status":
        await follow_call(board, tenant_id, webhook)
        return 204, ""
    if path == "/twilio/fallback":
        # Twilio could not use our answer: a plainer one; should that fail too, the polite sentence.
        return 200, await answer_after_failure(board, tenant_id, webhook)
    try:
        where = decode(path.removeprefix(_STEP), board.step_key)
    except StepForged as error:
        log.warning("step.forged")
        raise Refused(403) from error
    return 200, await continue_call(board, tenant_id, webhook, where)


async def _signed_webhook(board: Switchboard, scope: Scope, receive: Receive) -> tuple[str, Webhook]:
    """The tenant and the facts of a webhook whose signature and form are right. Raises :class:`Refused`: 403 for a wrong
    signature, 400 for a wrong form."""
    if scope["method"] not in {"POST", "GET"}:
        raise Refused(405)
    if not board.live_plan.ready:
        raise LookupError("no plan has been loaded yet")
    body, query = await _body(receive), scope["query_string"]
    posts = scope["method"] == "POST"
    if posts and (known := _known.read(body)) is not None:
        webhook, signed = known
        return _tenant_of(board, scope, webhook.account_sid, signed), webhook
    posted = _parameters(body) if posts else []
    facts = posted or _parameters(query)
    tenant_id = _tenant_of(board, scope, dict(facts).get("AccountSid", ""), run_together(posted))
    try:
        webhook = read_webhook(facts)
    except PayloadRefused as error:
        log.warning("webhook.malformed", why=str(error))
        raise Refused(400) from error
    if posted:
        _known.remember(body, posted, webhook)
    return tenant_id, webhook


def _tenant_of(board: Switchboard, scope: Scope, account_sid: str, signed: str) -> str:
    """Whose account it is, if the signature is right; otherwise :class:`Refused`."""
    query: bytes = scope["query_string"]
    raw_path: bytes = scope["raw_path"] + b"?" + query if query else scope["raw_path"]
    tenant_id, tokens = board.live_plan.account(account_sid) or ("", ("",))
    claimed = _header(scope, b"x-twilio-signature")
    right = is_signed(claimed, board.settings.public_base_url, raw_path.decode("ascii", "replace"), signed, tokens)
    if right and tenant_id:
        return tenant_id
    log.warning("webhook.unsigned", path=_path_without_step(scope))
    raise Refused(403)


async def _body(receive: Receive) -> bytes:
    body: bytes = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400)
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise Refused(413)
        if not message.get("more_body", False):
            return body


def _header(scope: Scope, name: bytes) -> str:
    for key, value in scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return ""


def _parameters(data: bytes) -> Parameters:
    try:
        return read_form(data)
    except TooManyFields as error:
        raise Refused(400) from error


def _path_without_step(scope: Scope) -> str:
    return "/twilio/step" if scope["path"].startswith(_STEP) else str(scope["path"])

"""Twilio's webhooks. Each is: signed? well-formed? whose? then a use case; and any failure ends in valid TwiML."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from urllib.parse import parse_qsl

import structlog
from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute

from app.calls.answer_call import answer_after_failure, answer_call
from app.calls.continue_call import continue_call
from app.calls.follow_call import follow_call
from app.providers import twiml
from app.providers.twilio.last_resort import APOLOGY
from app.providers.twilio.payload import PayloadRefused, Webhook, read_webhook
from app.providers.twilio.signature import Parameters, is_signed
from app.switchboard import Switchboard
from routing.step import StepForged, decode

MAX_BODY_BYTES = 64 * 1024

log = structlog.get_logger(__name__)


class Refused(Exception):
    """The request is not from Twilio, or not in Twilio's form; answered with ``status`` and nothing else."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class AlwaysAnswered(APIRoute):
    """A route whose every failure is a polite sentence instead of an error that the caller would hear as silence."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, guarded."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                return await handle(request)
            except Refused as refusal:
                return Response(status_code=refusal.status)
            except Exception:
                request.app.state.switchboard.unanswered_errors += 1
                log.exception("webhook.failed", path=request.url.path.split("/step/")[0])
                return _twiml(APOLOGY)

        return guarded


router = APIRouter(prefix="/twilio", route_class=AlwaysAnswered, include_in_schema=False)


class SignedWebhook:
    """A webhook whose signature and form have been checked, with the tenant whose account it names."""

    def __init__(self, board: Switchboard, tenant_id: str, webhook: Webhook) -> None:
        self.board, self.tenant_id, self.webhook = board, tenant_id, webhook


async def signed_webhook(request: Request) -> SignedWebhook:
    """The dependency of every route here. Raises :class:`Refused`: 403 for a wrong signature, 400 for a wrong form."""
    board: Switchboard = request.app.state.switchboard
    if not board.live_plan.ready:
        raise LookupError("no plan has been loaded yet")
    body = await _body(request)
    query: bytes = request.scope["query_string"]
    parameters = _parameters(body) if request.method == "POST" else []
    facts = parameters or _parameters(query)
    account = board.live_plan.account(dict(facts).get("AccountSid", ""))
    path = request.scope["raw_path"].decode("ascii", "replace")
    path_and_query = f"{path}?{query.decode('ascii', 'replace')}" if query else path
    claimed = request.headers.get("X-Twilio-Signature", "")
    tokens = account[1] if account else ("",)
    signed = is_signed(claimed, board.settings.public_base_url, path_and_query, parameters, tokens)
    if account is None or not signed:
        log.warning("webhook.unsigned", path=path.split("/step/")[0])
        raise Refused(403)
    try:
        return SignedWebhook(board, account[0], read_webhook(facts))
    except PayloadRefused as error:
        log.warning("webhook.malformed", why=str(error))
        raise Refused(400) from error


Signed = Annotated[SignedWebhook, Depends(signed_webhook)]


@router.api_route("/voice", methods=["GET", "POST"])
async def voice(signed: Signed) -> Response:
    """A call comes in."""
    return _twiml(await answer_call(signed.board, signed.tenant_id, signed.webhook))


@router.api_route("/step/{token}", methods=["GET", "POST"])
async def step(token: str, signed: Signed) -> Response:
    """A running call goes on."""
    try:
        where = decode(token, signed.board.step_key)
    except StepForged as error:
        log.warning("step.forged")
        raise Refused(403) from error
    return _twiml(await continue_call(signed.board, signed.tenant_id, signed.webhook, where))


@router.api_route("/status", methods=["GET", "POST"])
async def status(signed: Signed) -> Response:
    """A call, or a callee's leg, changed its status. The answer is not looked at (204: nothing to execute)."""
    await follow_call(signed.board, signed.tenant_id, signed.webhook)
    return Response(status_code=204)


@router.api_route("/fallback", methods=["GET", "POST"])
async def fallback(signed: Signed) -> Response:
    """Twilio could not use our answer: a plainer one; should that fail too, the polite sentence."""
    return _twiml(await answer_after_failure(signed.board, signed.tenant_id, signed.webhook))


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise Refused(413)
    return body


def _parameters(data: bytes) -> Parameters:
    try:
        return parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=200)
    except ValueError as error:
        raise Refused(400) from error


def _twiml(text: str) -> Response:
    return Response(text, headers={"Content-Type": twiml.CONTENT_TYPE, "Cache-Control": "no-store"})

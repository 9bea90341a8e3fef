"""``/settings/webhooks``: programs that are told of events, and what was delivered to each."""

from typing import Annotated, Final

from fastapi import Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import select

from app.auth.principal import Principal
from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.auth.tenant import tenant_of
from app.base import limits
from app.base.errors import NotFound, Problem, Unprocessable
from app.base.problems.requests import RequestFault
from app.base.problems.webhooks import EventsFault
from app.base.signing_secret import new_signing_secret
from app.edits.confirmed_edit import confirmed_edit
from app.edits.in_turn import find_or_404, take_turn
from app.plan.rows import Row
from app.plan.zones import zone_of_company
from app.switchboard import Switchboard
from app.web.frame import draw_in_frame
from app.web.paging import Part, page_after, read_page
from app.web.resource_pages import settings_router
from app.web.schema import validated
from app.web.seen_form import SEEN, has_changed, refuse_if_changed, seen_in
from app.web.typed_form import TypedForm, read_form, typed_over
from app.webhooks.webhooks_api import EVENTS, EVERY, WEBHOOKS, WebhookIn
from app.words.problems import field_words, problem_words
from app.words.webhook_words import delivery_words, off_words
from models import WebhookDelivery, WebhookRecord
from models.webhook import DeliveryState, WhyOff

PATH: Final = "/settings/webhooks"
_ON_A_PAGE: Final = 50

router = settings_router()
WebhookId = Annotated[str, Path(max_length=limits.ROW_ID)]
After = Annotated[str, Query(max_length=limits.CURSOR)]


@router.get(PATH)
async def webhooks_page(request: Request, board: Board, who: Who, deleted: bool = False) -> HTMLResponse:
    """Every webhook, and the form of a new one."""
    return await _drawn(request, board, who, deleted=deleted)


@router.post(PATH)
async def add_webhook(request: Request, board: Board, who: Who) -> Response:
    """Add a webhook. The page that answers is the only one that ever shows its secret."""
    who.require(Role.ADMIN, Scope.KEYS)
    form = await read_form(request)
    secret = new_signing_secret()
    try:
        fields = await WEBHOOKS.prepare(board, validated(WebhookIn, _typed(form)).model_dump())
        async with confirmed_edit(board, who) as edit:
            await WEBHOOKS.save(edit, fields | {"sealed": board.secret_box.encrypt(secret)})
    except Problem as problem:
        return await _drawn(request, board, who, problem.status, problem=problem, typed=form)
    response = await _drawn(request, board, who, 201, secret=secret)
    response.headers["Cache-Control"] = "no-store"
    return response


@router.get(PATH + "/{webhook_id}")
async def webhook_page(
    request: Request, board: Board, who: Who, webhook_id: WebhookId, saved: bool = False, after: After = ""
) -> HTMLResponse:
    """One webhook, with what was and is to be delivered."""
    return await _one(request, board, who, webhook_id, saved=saved, after=after)


@router.post(PATH + "/{webhook_id}")
async def change_webhook(request: Request, board: Board, who: Who, webhook_id: WebhookId) -> Response:
    """Change a webhook, or switch it on or off."""
    who.require(Role.ADMIN, Scope.KEYS)
    form = await read_form(request)
    try:
        fields = await WEBHOOKS.prepare(board, validated(WebhookIn, _typed(form)).model_dump())
        async with confirmed_edit(board, who) as edit:
            await take_turn(edit)
            refuse_if_changed(form.text(SEEN), _shown(await find_or_404(edit, WebhookRecord, webhook_id)))
            await WEBHOOKS.save(edit, fields, webhook_id)
    except NotFound:
        raise
    except Problem as problem:
        return await _one(request, board, who, webhook_id, problem.status, problem=problem, typed=form)
    return RedirectResponse(f"{PATH}/{webhook_id}?saved=1", 303)


@router.get(PATH + "/{webhook_id}/delete")
async def ask_to_delete_webhook(request: Request, board: Board, who: Who, webhook_id: WebhookId) -> HTMLResponse:
    """What deleting means."""
    record = await _find(board, who, webhook_id)
    return await draw_in_frame(
        request, board, who, "settings/delete.html", path=PATH, id=webhook_id, name=record.description or record.url,
        users=[], is_rehearsed=False, detail="",
    )  # fmt: skip


@router.post(PATH + "/{webhook_id}/delete")
async def delete_webhook(board: Board, who: Who, webhook_id: WebhookId) -> Response:
    """Delete a webhook; what waits for it is not sent."""
    who.require(Role.ADMIN, Scope.KEYS)
    async with confirmed_edit(board, who) as edit:
        await WEBHOOKS.delete(edit, webhook_id)
    return RedirectResponse(f"{PATH}?deleted=1", 303)


def _typed(form: TypedForm) -> Row:
    chosen = form.chosen("events")
    if not chosen:
        raise Unprocessable(EventsFault.NONE_CHOSEN, field="events")
    return {
        "url": form.text("url"), "events": [EVERY] if EVERY in chosen else chosen, "description": form.text("description"),
        "enabled": form.is_ticked("enabled"),
    }  # fmt: skip


async def _find(board: Switchboard, who: Principal, webhook_id: str) -> WebhookRecord:
    query = select(WebhookRecord).where(WebhookRecord.tenant_id == who.tenant_id, WebhookRecord.id == webhook_id)
    async with board.sessions() as session:
        if (record := await session.scalar(query)) is None:
            raise NotFound(RequestFault.NOT_FOUND)
        return record


async def _drawn(
    request: Request, board: Switchboard, who: Principal, status: int = 200, *, secret: str = "", deleted: bool = False,
    problem: Problem | None = None, typed: TypedForm | None = None,
) -> HTMLResponse:  # fmt: skip
    query = select(WebhookRecord).where(WebhookRecord.tenant_id == who.tenant_id).order_by(WebhookRecord.id)
    async with board.sessions() as session:
        records = [*await session.scalars(query)]
    fields = typed_over({"events": [EVERY], "enabled": "1"}, typed)
    return await draw_in_frame(
        request, board, who, "settings_webhooks/list.html", status, webhooks=records, secret=secret, deleted=deleted,
        events=EVENTS, every=EVERY, fields=fields, languages={},
        off={one.id: off_words(WhyOff(one.off_because)) for one in records if one.off_because},
        faults=_beside(problem), detail=problem_words(problem),
    )  # fmt: skip


async def _one(
    request: Request, board: Switchboard, who: Principal, webhook_id: str, status: int = 200, *, saved: bool = False,
    after: str = "", problem: Problem | None = None, typed: TypedForm | None = None,
) -> HTMLResponse:  # fmt: skip
    record = await _find(board, who, webhook_id)
    mine = WebhookDelivery.tenant_id == who.tenant_id, WebhookDelivery.webhook_id == webhook_id
    part = Part(select(WebhookDelivery).where(*mine), (WebhookDelivery.id,))
    async with board.sessions() as session:
        page = await read_page(session, page_after(after, _ON_A_PAGE), part)
    shown = _shown(record)
    deliveries = [row[0] for row in page.items]
    return await draw_in_frame(
        request, board, who, "settings_webhooks/one.html", status, webhook=record, saved=saved, events=EVENTS,
        every=EVERY, languages={}, fields=typed_over(shown, typed),
        off=off_words(WhyOff(record.off_because)) if record.off_because else "", deliveries=deliveries,
        states={one.id: delivery_words(DeliveryState(one.state)) for one in deliveries}, after=page.after,
        zone=zone_of_company(await tenant_of(board, who)), faults=_beside(problem),
        detail=problem_words(problem), has_changed=has_changed(problem),
        seen=seen_in(shown, typed.text(SEEN) if typed else "", problem),
    )  # fmt: skip


def _shown(record: WebhookRecord) -> Row:
    """A webhook as its form shows it."""
    return {
        "url": record.url, "description": record.description, "events": list(record.events),
        "enabled": "1" if record.enabled else "",
    }  # fmt: skip


def _beside(problem: Problem | None) -> dict[str, str]:
    """By the form's fields: an event that is refused is one of a list."""
    return {name.partition(".")[0]: text for name, text in field_words(problem).items()}

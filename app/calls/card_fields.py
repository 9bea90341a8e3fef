"""What programs show on the card of a running call: short facts with a name, some of them with a link. They put them there,
or they are asked for them by look-ups."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.principal import Principal
from app.base import limits
from app.base.errors import Conflict, Unprocessable
from app.base.problems.calls import CallFault
from app.base.text import display_text
from app.calls.visible_call import visible_call
from app.edits.tell_panels import tell_panels
from app.switchboard import Switchboard
from models import CallRecord, CardFields, LookUpAnswer, LookUpRecord
from routing.lifecycle import CallState


@dataclass(frozen=True, slots=True)
class CardField:
    """``label`` and ``value`` are for people; ``link`` is an address on the web, or empty."""

    label: str
    value: str
    link: str = ""


async def fields_of(session: AsyncSession, tenant_id: str, call_id: str) -> tuple[CardField, ...]:
    """The fields of a call's card, in their order."""
    kept = await session.get(CardFields, {"tenant_id": tenant_id, "call_id": call_id})
    return tuple(CardField(**one) for one in kept.fields) if kept is not None else ()


async def looked_up_about(session: AsyncSession, call: CallRecord) -> tuple[CardField, ...]:
    """What look-ups have answered about the caller's number, the oldest look-up's first: answers that came during the call,
    or so shortly before it that they still hold."""
    if call.caller_number is None:
        return ()
    answers = await session.execute(
        select(LookUpAnswer.fields, LookUpAnswer.asked_at, LookUpRecord.cache_seconds)
        .join(
            LookUpRecord,
            (LookUpRecord.tenant_id == LookUpAnswer.tenant_id) & (LookUpRecord.id == LookUpAnswer.look_up_id),
        )
        .where(
            LookUpAnswer.tenant_id == call.tenant_id, LookUpAnswer.number == call.caller_number, LookUpRecord.enabled
        )
        .order_by(LookUpRecord.id)
    )
    return tuple(
        CardField(**one)
        for fields, asked_at, cache_seconds in answers
        if asked_at >= call.started_at - timedelta(seconds=cache_seconds)
        for one in fields
    )


def on_the_card(put: Iterable[CardField], looked_up: Iterable[CardField]) -> tuple[CardField, ...]:
    """What the card shows of both: what was put there for this very call comes first, and wins over what was looked up
    under the same label."""
    first = tuple(put)
    labels = {one.label.casefold() for one in first}
    return (*first, *(one for one in looked_up if one.label.casefold() not in labels))[: limits.CARD_FIELDS]


async def put_fields(
    board: Switchboard, who: Principal, call_id: str, given: Sequence[CardField]
) -> tuple[CardField, ...]:
    """Show these fields, and no others, on the card of a call that goes on; every panel shows them at once.

    Raises :class:`NotFound`, :class:`Conflict` when the call is over, and :class:`Unprocessable` for a label or value of
    which nothing can be seen and for a link that no browser should follow.
    """
    fields = tuple(sound_field(one, place) for place, one in enumerate(given))
    async with board.sessions() as session, session.begin():
        call = await visible_call(session, who, call_id)
        if call.state == CallState.ENDED:
            raise Conflict(CallFault.CALL_IS_OVER)
        changed = await fields_of(session, who.tenant_id, call_id) != fields
        if changed:
            await _keep(session, who, call_id, fields, board.clock())
    if changed:
        await tell_panels(board, [call])
    return fields


async def _keep(
    session: AsyncSession, who: Principal, call_id: str, fields: Sequence[CardField], now: datetime
) -> None:
    kept = {"fields": [asdict(one) for one in fields], "put_by": who.actor, "put_at": now}
    row = {"tenant_id": who.tenant_id, "call_id": call_id} | kept
    await session.execute(
        insert(CardFields).values(row).on_conflict_do_update(index_elements=["tenant_id", "call_id"], set_=kept)
    )


def sound_field(given: CardField, place: int) -> CardField:
    """Only what can be seen, and a link only where a browser may go. ``place`` is where it stands among the fields. Raises
    :class:`Unprocessable`."""
    label, value = (" ".join(display_text(text).split()) for text in (given.label, given.value))
    for name, text in (("label", label), ("value", value)):
        if not text:
            raise Unprocessable(CallFault.NOTHING_TO_SEE, field=f"fields.{place}.{name}")
    link = given.link.strip()
    if link and not _is_web_address(link):
        raise Unprocessable(CallFault.NO_WEB_ADDRESS, field=f"fields.{place}.link")
    return CardField(label, value, link)


def _is_web_address(link: str) -> bool:
    """Whether it is plainly one: nothing that a browser reads otherwise than we do, and no user who looks like a host."""
    if not link.isprintable() or any(one.isspace() or one in '\\<>"`' for one in link):
        return False
    try:
        parts = urlsplit(link)
        _ = parts.port
    except ValueError:
        return False
    has_scheme = link.lower().startswith(("https://", "http://"))
    return has_scheme and bool(parts.hostname) and "@" not in parts.netloc

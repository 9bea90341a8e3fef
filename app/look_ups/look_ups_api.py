"""``/look-ups``: whom we ask who calls."""

from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from fastapi import Response
from pydantic import BaseModel, Field, SecretStr
from sqlalchemy import delete, func, select

from app.auth.require import Board, Who
from app.auth.roles import Role, Scope
from app.base import limits
from app.base.errors import Conflict, Unprocessable
from app.base.guarded_targets import check_target
from app.base.problems.look_ups import LookUpFault
from app.base.signing_secret import new_signing_secret
from app.base.text import refuse_unstorable
from app.calls.card_fields_api import CardFieldOut, field_out
from app.edits.edit import Edit
from app.edits.in_turn import find_or_404, take_turn
from app.look_ups.ask import Asked
from app.look_ups.ask_now import ask_now
from app.people.edit_access import record_access_change
from app.plan.rows import Row, as_row
from app.switchboard import Switchboard
from app.web.posting import Posting
from app.web.resource import ItemId, Resource
from app.web.schema import Input, Output, Stored
from app.words.look_up_words import answer_fault_words
from app.words.problems import cause_words
from models import LookUpAnswer, LookUpRecord
from models.look_up import AnswerFault

_SEALED: Final = ("sealed", "sealed_token")
_PASSING: Final = ("last_at", "last_status", "last_fault", "last_milliseconds", "failures", "rests_until")
"""How it is at the moment, and nothing that anybody has set up."""
_AFRESH: Final[Row] = {"failures": 0, "rests_until": None}


class LookUpIn(Input):
    """A look-up."""

    url: str = Field(
        min_length=1, max_length=limits.TEXT, examples=["https://crm.example.org/who-calls"],
        description="Who is asked, by POST. https, and not in a private network.",
    )  # fmt: skip
    token: SecretStr | None = Field(
        None, min_length=1, max_length=limits.SECRET, examples=[None],
        description="Sent as `Authorization: Bearer …`. Write only.",
    )  # fmt: skip
    description: str = Field("", max_length=limits.NAME, description="What it is for.", examples=["CRM"])
    timeout_seconds: int = Field(
        2, ge=1, le=limits.LOOK_UP_SECONDS, description="For the whole answer; what comes later is not shown."
    )
    cache_seconds: int = Field(
        300, ge=0, le=limits.LOOK_UP_CACHE_SECONDS,
        description="How long an answer holds: whoever calls again within it is not asked about again. 0: every call asks.",
    )  # fmt: skip
    enabled: bool = True


class LastAnswer(Output):
    """How the last question was answered."""

    at: datetime
    status: int | None = Field(description="The program's; null: it did not answer.", examples=[200])
    fault: AnswerFault | None = Field(description="Why there was nothing to show; null: it went well.")
    detail: str | None = Field(description="The same as a sentence.")
    milliseconds: int


class LookUpOut(Stored):
    """A look-up, without its secrets."""

    url: str
    has_token: bool
    description: str
    timeout_seconds: int
    cache_seconds: int
    enabled: bool
    last_answer: LastAnswer | None = Field(description="Null: it has not been asked yet.")
    rests_until: datetime | None = Field(
        description="It has failed several times in a row, and is not asked until then. Null: it is asked."
    )


class NewLookUpOut(LookUpOut):
    """A new look-up."""

    secret: str = Field(
        description="Signs what is sent, as Standard Webhooks says; shown this once.", examples=["whsec_…"]
    )


class AskIn(Input):
    """About whom."""

    number: str = Field(
        min_length=1, max_length=limits.TYPED_NUMBER, examples=["+33639980012"],
        description="In any form; national ones are read with the company's country.",
    )  # fmt: skip


class LeftOutOut(Output):
    """A field of the answer that is not shown."""

    field: str = Field(examples=["fields.3.link"])
    detail: str


class AskedOut(Output):
    """What the program says."""

    fields: list[CardFieldOut] = Field(description="As a card would show them.")
    left_out: list[LeftOutOut]
    status: int | None = Field(description="The program's; null: it did not answer.", examples=[200])
    fault: AnswerFault | None = Field(description="Why there is nothing to show; null: it went well.")
    detail: str | None = Field(description="The same as a sentence.")
    milliseconds: int


class LookUps(Resource[LookUpRecord]):
    """A look-up asks where it may, and shows its secrets to nobody. It is no part of the routing plan."""

    def _add_post(self, description: str) -> None:
        async def add(form: LookUpIn, post: Posting) -> Response:
            fields = await self.prepare(post.board, form.model_dump())
            secret = new_signing_secret()
            fields["sealed"] = post.board.secret_box.encrypt(secret)

            async def make(edit: Edit) -> BaseModel:
                return NewLookUpOut.model_validate(self.shown(await self.save(edit, fields)) | {"secret": secret})

            return await post.once(make, secret=True)

        self._route("", "POST", add, "create_look_up", description, NewLookUpOut, 201)

    async def prepare(self, board: Switchboard, fields: Row) -> Row:
        """The address may be asked, and the token is sealed. Raises :class:`Unprocessable`."""
        if "url" in fields:
            fields["url"] = check_target(fields["url"], allow_private=board.settings.allow_private_targets)
        if "token" in fields:
            typed: SecretStr | None = fields.pop("token")
            token = typed.get_secret_value().strip() if typed is not None else ""
            if not (token.isascii() and token.isprintable()) or " " in token:
                raise Unprocessable(LookUpFault.TOKEN_NOT_ASCII, field="token")
            fields["sealed_token"] = board.secret_box.encrypt(token) if token else None
        return fields

    async def save(self, edit: Edit, fields: Row, row_id: str | None = None) -> Row:
        """Add a look-up, or change one. What it said is forgotten when another program is meant. Raises
        :class:`app.base.errors.Problem`."""
        await take_turn(edit)
        record = await find_or_404(edit, LookUpRecord, row_id) if row_id else None
        for name, value in fields.items():
            refuse_unstorable(value, name)
        before = _told(record) if record is not None else None
        if record is None:
            mine = select(func.count()).where(LookUpRecord.tenant_id == edit.tenant_id)
            if (await edit.session.scalar(mine) or 0) >= limits.LOOK_UPS:
                raise Conflict(LookUpFault.TOO_MANY)
            record = LookUpRecord(tenant_id=edit.tenant_id, **fields)
            edit.session.add(record)
        elif "url" in fields and fields["url"] != record.url:
            if record.sealed_token and "sealed_token" not in fields and _server(fields["url"]) != _server(record.url):
                raise Unprocessable(LookUpFault.TOKEN_OF_ANOTHER_SERVER, field="token")
            fields = fields | _AFRESH | {name: None for name in _PASSING if name.startswith("last_")}
            said = LookUpAnswer.tenant_id == edit.tenant_id, LookUpAnswer.look_up_id == record.id
            await edit.session.execute(delete(LookUpAnswer).where(*said))
        elif fields.get("enabled") and not record.enabled:
            fields = fields | _AFRESH
        for name, value in fields.items():
            setattr(record, name, value)
        await edit.session.flush()
        await edit.session.refresh(record)
        row = as_row(record)
        act = "change" if before else "add"
        await record_access_change(edit, act, LookUpRecord.__tablename__, record.id, before, _told(record))
        return row

    async def delete(self, edit: Edit, row_id: str) -> None:
        """With everything that it has answered."""
        record = await find_or_404(edit, LookUpRecord, row_id)
        before = _told(record)
        await edit.session.delete(record)
        await edit.session.flush()
        await record_access_change(edit, "delete", LookUpRecord.__tablename__, row_id, before, None)

    def shown(self, row: Row) -> Row:
        """Without what is sealed, and with the last answer in one piece."""
        return {key: value for key, value in row.items() if key not in _SEALED} | {
            "has_token": bool(row["sealed_token"]), "last_answer": last_answer_of(row),
        }  # fmt: skip


def last_answer_of(row: Row) -> LastAnswer | None:
    """How the last question was answered; None before the first."""
    if row["last_at"] is None:
        return None
    fault = AnswerFault(row["last_fault"]) if row["last_fault"] else None
    return LastAnswer(
        at=row["last_at"], status=row["last_status"], fault=fault, milliseconds=row["last_milliseconds"] or 0,
        detail=answer_fault_words(fault, row["last_status"]) if fault is not None else None,
    )  # fmt: skip


def _told(record: LookUpRecord) -> Row:
    """What the audit trail tells: what was set up, and no secret, not even encrypted."""
    row = as_row(record)
    return {key: value for key, value in row.items() if key not in (*_SEALED, *_PASSING)} | {
        "has_token": bool(row["sealed_token"])
    }


def _server(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


LOOK_UPS = LookUps(
    LookUpRecord, LookUpIn, "look_up", "look_ups", out=LookUpOut, read=Role.ADMIN, scope=Scope.KEYS,
    about="Other programs are asked who calls, and the card shows what they say. No call waits for them.",
    lists="All look-ups.", reads="One look-up.",
    adds="Ask a program about callers from now on. The answer is the only place where the secret is ever shown.",
    changes="Change the fields that are given. A token goes to the server that it was given for: give it again with an "
    "address at another one.",
    deletes="Ask it no more; what it has answered is forgotten.",
)  # fmt: skip


async def ask_look_up(board: Board, who: Who, item_id: ItemId, form: AskIn) -> AskedOut:
    """Ask now about a number, and see the answer or what went wrong. The program hears `"call": null`; nothing is kept."""
    return asked_out(await ask_now(board, who, item_id, form.number))


LOOK_UPS.router.add_api_route(
    "/{item_id}/ask", ask_look_up, methods=["POST"], name="ask_look_up", response_model=AskedOut,
    description=ask_look_up.__doc__,
)  # fmt: skip


def asked_out(asked: Asked) -> AskedOut:
    """The outcome of a request, for people and programs."""
    answer = asked.answer
    return AskedOut(
        fields=[field_out(one) for one in answer.fields] if answer is not None else [],
        left_out=[LeftOutOut(field=one.field, detail=cause_words(one.cause)) for one in answer.left_out]
        if answer is not None
        else [],
        status=asked.status, fault=asked.fault,
        detail=answer_fault_words(asked.fault, asked.status) if asked.fault is not None else None,
        milliseconds=asked.milliseconds,
    )  # fmt: skip

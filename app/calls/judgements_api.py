"""``/calls/{id}/block`` and ``/calls/{id}/vip``: judge the caller of a call in one request."""

from typing import Annotated

from fastapi import Body, Response
from pydantic import BaseModel, Field

from app.auth.rights import BLOCKS, JUDGES
from app.auth.roles import Scope
from app.calls.find_call import find_call
from app.calls.judge_caller import Judgement, list_caller
from app.edits.edit import Edit
from app.lists.blacklist_api import BlacklistOut
from app.lists.entries_api import shown
from app.lists.vip_api import VipOut
from app.web.posting import Poster, Posting
from app.web.resource import ItemId, resource
from app.web.schema import Input, LineReference, Moment
from filters.entries import Treatment
from models.list_name import ListName

router = resource("calls", write=BLOCKS)


class JudgementIn(Input):
    """What to note. Everything may be left out: the call tells who and from where."""

    label: str | None = Field(
        None, max_length=200, examples=["Boris"], description="Who this is; else the client's or the caller's name."
    )
    reason: str | None = Field(None, max_length=1000, examples=["Rude"], description="Why; else which call it was.")
    expires_at: Moment | None = Field(None, description="When the entry ends; null: never.")
    lines: list[LineReference] = Field([], max_length=1000, description="Only on these lines; empty: on all.")


class BlockIn(JudgementIn):
    """What to note about a caller to be blocked."""

    treatment: Treatment | None = Field(None, description="What the caller gets; null: what the company has chosen.")


@router.post("/{item_id}/block", status_code=201, response_model=BlacklistOut)
async def block_caller(post: Posting, item_id: ItemId, form: Annotated[BlockIn | None, Body()] = None) -> Response:
    """Put the caller's number on the blacklist. It counts for the very next call."""
    return await _list(post, ListName.BLACKLIST, item_id, form or BlockIn(), BlacklistOut)


@router.post("/{item_id}/vip", status_code=201, response_model=VipOut)
async def make_caller_a_vip(
    post: Posting, item_id: ItemId, form: Annotated[JudgementIn | None, Body()] = None
) -> Response:
    """Put the caller's number on the VIP list. It takes a supervisor."""
    post.who.require(JUDGES, Scope.WRITE)
    return await _list(post, ListName.VIP, item_id, form or JudgementIn(), VipOut)


async def _list(
    post: Poster, name: ListName, call_id: str, form: JudgementIn, out: type[BlacklistOut] | type[VipOut]
) -> Response:
    tenant = post.board.live_plan.tenant(post.who.tenant_id)
    judgement = Judgement(form.label, form.reason, form.model_dump(exclude={"label", "reason"}))

    async def make(edit: Edit) -> BaseModel:
        call = await find_call(edit.session, edit.tenant_id, call_id)
        return out.model_validate(shown(await list_caller(edit, name, call, tenant, judgement, post.board.clock())))

    return await post.once(make, f"/api/v1/{name.value}")

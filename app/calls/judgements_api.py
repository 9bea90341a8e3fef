"""``/calls/{id}/block`` and ``/calls/{id}/vip``: judge the caller of a call in one request."""

from typing import Annotated

from fastapi import Body, Response
from pydantic import BaseModel

from app.auth.rights import BLOCKS, JUDGES, require_block
from app.auth.roles import Scope
from app.calls.judge_caller import Judgement, list_caller
from app.calls.visible_call import visible_call
from app.edits.edit import Edit
from app.lists.entries_api import shown
from app.lists.entry import BlacklistOut, BlockIn, JudgementIn, VipOut
from app.web.posting import Poster, Posting
from app.web.resource import ItemId, resource
from models.list_name import ListName

router = resource("calls", "", write=BLOCKS)


@router.post("/{item_id}/block", status_code=201, response_model=BlacklistOut)
async def block_caller(post: Posting, item_id: ItemId, form: Annotated[BlockIn | None, Body()] = None) -> Response:
    """Put the caller's number on the blacklist. It counts for the very next call."""
    require_block(post.who)
    return await _list(post, ListName.BLACKLIST, item_id, form or BlockIn(), BlacklistOut)


@router.post("/{item_id}/vip", status_code=201, response_model=VipOut)
async def make_caller_vip(
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
        call = await visible_call(edit.session, post.who, call_id)
        return out.model_validate(shown(await list_caller(edit, name, call, tenant, judgement, post.board.clock())))

    return await post.once(make, f"/api/v1/{name.value}")

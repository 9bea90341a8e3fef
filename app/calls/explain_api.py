"""``/explain``: what would happen to a call, and why."""

from functools import partial

from fastapi import APIRouter
from pydantic import Field

from app.auth.require import Board, Who
from app.auth.rights import READS_LISTS
from app.auth.roles import Scope
from app.base import limits
from app.base.errors import NotFound
from app.base.problems.company import CompanyFault
from app.calls.explain_call import earlier_calls_of, explain_call
from app.web.resource import resource
from app.web.schema import Input
from app.words.told_decision import ToldDecision, ToldTest, tell_test
from filters.attestation import Attestation

# It is a question, although it comes as POST: who may read the lists may ask it.
router: APIRouter = resource("explain", "What would happen to a call, and why.", write=READS_LISTS, scope=Scope.READ)
_EXAMPLE = {
    "action": "connect", "reason": {"code": "vip", "text": "VIP: +33 6 39 98 00 01 “Vera”. Straight to Martin."},
    "matches": [], "revision": 12, "trace": [
        {"question": "caller_is_a_vip", "found": "vip_rings", "matched": True, "decided": True,
         "title": "Is the caller a VIP?", "text": "VIP: +33 6 39 98 00 01 “Vera”. Straight to Martin."},
    ],
}  # fmt: skip


class Question(Input):
    """A call that might come."""

    from_: str = Field(
        alias="from", max_length=limits.CALLER, examples=["+33639980001"],
        description="The caller ID as the provider sends it: a number in any form, `anonymous`, `sip:…`, or nothing.",
    )  # fmt: skip
    to: str = Field(max_length=limits.CALLER, description="The called line.", examples=["+33199001000"])
    at: str | None = Field(
        None, max_length=64, examples=["2026-12-25T10:00"],
        description="When: RFC 3339, or without a zone the line's own clock. Now, if left out.",
    )  # fmt: skip
    name: str = Field("", max_length=limits.NAME, description="The caller ID name, where the network sends one.")
    attestation: Attestation = Field(Attestation.NONE, description="How far the network vouches for the number.")


@router.post(
    "", name="explain_call", responses={404: {}, 200: {"content": {"application/json": {"example": _EXAMPLE}}}}
)
async def explain_a_call(board: Board, who: Who, question: Question) -> ToldTest | ToldDecision:
    """The decision that the webhook would take, with its trace. Nothing is recorded and nobody is rung."""
    plan = board.live_plan.plan_of(who.tenant_id)
    if plan is None:
        raise NotFound(CompanyFault.NO_PLAN)
    asked = question.from_, question.to, question.at, question.attestation.value
    held = partial(board.open_calls.held_so_far, who.tenant_id)
    locked = board.open_calls.pin_attempts.locked(who.tenant_id, board.clock())
    earlier = earlier_calls_of(board, plan)
    return tell_test(explain_call(plan, *asked, board.clock(), held, locked, question.name, earlier), plan)

"""Whatever operators do with calls, and wherever a call stands: no document ever connects a blacklisted caller."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.answering.answers import Ask, Fetch, Ring, Wait
from app.answering.continue_call import continue_call
from app.answering.report import CallReport
from app.event_log.records import FactKind, fact
from routing.move import Move, MoveTo, read_move
from routing.plan import RoutingPlan
from routing.step import Step, StepKind
from tests import cast
from tests.answering.test_managements_door import a_board, plans
from tests.routing.a_plan import FRIDAY_MORNING

CALL, LEG, OTHER = "CA" + "0" * 32, "CA" + "1" * 32, "CA" + "2" * 32
MOVES = st.builds(
    Move,
    st.sampled_from(["01kb0000000000000000", "01kb0000000000000001"]),
    st.sampled_from(MoveTo),
    st.sampled_from(["o0", "o1", "o2", "q-main", "q-gold", cast.CLARA, cast.BORIS, "+881612345678", ""]),
)
NEW_KINDS = [
    StepKind.MOVE, StepKind.MOVE_DONE, StepKind.HELD, StepKind.UNHELD, StepKind.WORD, StepKind.WORD_WAIT,
    StepKind.WORD_LEFT, StepKind.WORD_ANSWER, StepKind.WORD_TALKED, StepKind.REJOINED, StepKind.WAIT,
    StepKind.LEFT_QUEUE, StepKind.OPERATOR_DONE, StepKind.LEG_DONE, StepKind.MENU_KEY,
    StepKind.PIN_KEYS, StepKind.PIN_SILENCE, StepKind.URGENT_KEY, StepKind.URGENT_SILENCE,
]  # fmt: skip
IN_ANOTHER_CALL = {
    StepKind.WORD, StepKind.WORD_WAIT, StepKind.WORD_LEFT, StepKind.WORD_ANSWER, StepKind.WORD_TALKED, StepKind.REJOINED,
}  # fmt: skip


def with_boris_blacklisted(plan: RoutingPlan) -> RoutingPlan:
    """The plan of the tests has him on its list."""
    assert plan.lists.blacklist.naming(cast.BORIS)
    return plan


@settings(max_examples=400)
@given(
    plans(), MOVES, st.sampled_from(NEW_KINDS), st.none() | MOVES, st.none() | MOVES, st.booleans(),
    st.sampled_from(["", "o0", "o1"]), st.sampled_from(["", "leave", "bridged", "hangup", "redirected", "error"]),
    st.sampled_from(["", "completed", "no-answer", "busy"]),
)  # fmt: skip
def test_a_blacklisted_caller_is_connected_by_no_step(
    plan: RoutingPlan, move: Move, kind: StepKind, pending: Move | None, word: Move | None, talks: bool,
    back: str, queue_result: str, ring_result: str,
) -> None:  # fmt: skip
    plan = with_boris_blacklisted(plan)
    board = a_board(plan, FRIDAY_MORNING)
    began = FRIDAY_MORNING - timedelta(minutes=2)
    board.open_calls.came_in(plan.tenant_id, CALL, cast.BORIS, "queue", began)
    if talks:
        answered = {"operator_id": "o0", "leg": LEG}
        board.open_calls.apply(fact(plan.tenant_id, CALL, FactKind.ANSWERED, began, answered))
    if pending is not None:
        board.open_calls.apply(fact(plan.tenant_id, CALL, FactKind.TRANSFERRED, began, {"move": pending.text}, "1"))
    if word is not None:
        asked = {"word": word.text, "by": "o0", "leg": LEG, "other": OTHER}
        board.open_calls.apply(fact(plan.tenant_id, CALL, FactKind.SEEN, began, asked, "2"))
    elsewhere = kind in IN_ANOTHER_CALL
    report = CallReport(
        "twilio", cast.ACCOUNT_SID, OTHER if elsewhere else CALL, "", "in-progress", cast.LINE if elsewhere else cast.BORIS,
        cast.OLGA if elsewhere else cast.LINE, queue_result=queue_result, ring_result=ring_result,
    )  # fmt: skip
    step = Step(
        kind, cast.LINE, int(began.timestamp()), "q-main", move=move.text, back=back, about=CALL if elsewhere else ""
    )
    answer = asyncio.run(continue_call(board, plan.tenant_id, report, step))
    assert not isinstance(answer, Ring | Wait | Fetch | Ask), answer


@given(MOVES)
def test_a_move_is_read_as_it_was_written(move: Move) -> None:
    assert read_move(move.text) == move


@pytest.mark.parametrize("text", ["", "x", "a b c", "id operator ../..", "id nowhere <a>", "id queue q\n"])
def test_nothing_else_is_a_move(text: str) -> None:
    assert read_move(text) is None

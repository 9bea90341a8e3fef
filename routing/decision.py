"""READ THIS FIRST: how one call is decided.

To add a question: its function in :mod:`routing.questions`, its members in :mod:`routing.findings`, its place in
``QUESTIONS``, and its words in :mod:`app.words`, where mypy names each one that is missing.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from filters.caller import Caller
from routing.call import IncomingCall
from routing.findings import Finding, Question
from routing.inquiry import Answer, Decision, Inquiry
from routing.plan import RoutingPlan
from routing.questions.category import category_decides
from routing.questions.line import is_line_open, line_menu, line_queue, otherwise, whose_line
from routing.questions.lists import is_blacklisted, is_vip
from routing.questions.number import calls_too_often, is_hidden, is_our_own_number, is_protected
from routing.questions.rule import rules_say
from routing.questions.served import is_queue_served

QUESTIONS: Final[tuple[tuple[Question, Callable[[Inquiry], Answer | Finding]], ...]] = (
    (Question.WHOSE_LINE, whose_line),
    (Question.OWN_NUMBER, is_our_own_number),
    (Question.PROTECTED_NUMBER, is_protected),
    (Question.VIP, is_vip),
    (Question.CALLS_AT_ONCE, calls_too_often),
    (Question.BLACKLIST, is_blacklisted),
    (Question.CATEGORY, category_decides),
    (Question.RULES, rules_say),
    (Question.HIDDEN_NUMBER, is_hidden),
    (Question.HOURS, is_line_open),
    (Question.MENU, line_menu),
    (Question.QUEUE, line_queue),
    (Question.OTHERWISE, otherwise),
)
"""Asked in this order until one has an answer. What the others find is left in the trace, which is stored with the call.
Of an answer that is a queue one more is asked, :attr:`routing.findings.Question.SERVED`: whether anybody serves it."""


def decide(call: IncomingCall, plan: RoutingPlan, now: datetime, caller: Caller | None = None) -> Decision:
    """What happens to ``call`` at ``now`` (aware UTC) by ``plan``. Pure: the same arguments, the same decision.
    ``caller`` is what :func:`filters.caller.look_up` says, where somebody has asked it already."""
    inquiry = Inquiry.of(call, plan, now, caller)
    for question, ask in QUESTIONS:
        if question in inquiry.left_out:
            continue
        said = ask(inquiry)
        if isinstance(said, Answer):
            return inquiry.decided_by(is_queue_served(inquiry, said))
        inquiry.trace.append(said)
    raise LookupError(Question.OTHERWISE)

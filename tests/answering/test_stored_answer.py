"""An answer is stored in a few words and read again as it was."""

import orjson
import pytest
from hypothesis import given

from app.answering.answers import Answer, HangUp, Hold, Say, Sound, Speech, Wait
from app.answering.given import Given
from app.answering.stored_answer import AnswerUnreadable, read_answer, stored
from routing.step import Step, StepKind
from tests import cast
from tests.answering.any_answer import answers

QUEUE = Step(StepKind.WAIT, cast.LINE, 1785000000, "01kb0000000000000000", language="fr")


@given(answers())
def test_what_is_stored_is_read_again(answer: Answer) -> None:
    assert read_answer(orjson.loads(Given.of(answer).json)) == answer


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (HangUp(), '["hang_up"]'),
        (
            Wait("Reception", QUEUE),
            '["wait","Reception",["wait","+33199001000",1785000000,"01kb0000000000000000",0,0,"fr"],null]',
        ),
        (
            Hold(Speech("Un instant.", "fr"), again=Step(StepKind.FAKE_QUEUE, cast.LINE, 1785000000, count=1)),
            '["hold",["Un instant.","fr"],null,["fake","+33199001000",1785000000,"",1],"rounds"]',
        ),
        (Say((Speech("Fermé.", "fr", Sound("ab12", "Closed")),)), '["say",["Fermé.","fr","ab12","Closed"]]'),
        (
            Hold(Speech("Un instant.", "fr"), told=Speech("Une minute.", "fr")),
            '["hold",["Un instant.","fr"],null,null,"rounds",null,null,["Une minute.","fr"]]',
        ),
    ],
)
def test_the_stored_form_is_for_ever(answer: Answer, told: str) -> None:
    """Records that were written in it must stay readable: a change of shape needs a new code."""
    assert Given.of(answer).json.decode() == told
    assert stored(read_answer(orjson.loads(told))) == orjson.loads(told)


@pytest.mark.parametrize(
    "told",
    [[], ["dance"], ["ring"], ["hold", None], ["wait", "q", None, None], ["reject", "never", 0], [1], None, {}, "x"],
)
def test_what_is_no_answer_is_refused(told: object) -> None:
    with pytest.raises(AnswerUnreadable):
        read_answer(told)  # type: ignore[arg-type]

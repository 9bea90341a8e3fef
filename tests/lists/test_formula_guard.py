"""Cells that a spreadsheet would carry out (promise 8): guarded on the way out, as they were on the way back in."""

from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from app.lists.files.formula_guard import guarded, unguarded

HOSTILE = (Path(__file__).parent.parent / "data" / "hostile_caller_strings.txt").read_text("utf-8").split("\n")
DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")


@given(st.text() | st.text("='+-@\t\r＝＋－＠a", max_size=6))
@example("'=1+1")
@example("''=1+1")
@example("'hello")
@example("")
def test_every_text_comes_back_as_it_was(text: str) -> None:
    cell = guarded(text)
    assert not cell.startswith(DANGEROUS)
    assert unguarded(cell) == text


def test_the_hostile_strings_come_back_and_none_begins_a_formula() -> None:
    assert len(HOSTILE) > 40
    assert any(text.startswith(DANGEROUS) for text in HOSTILE)
    for text in HOSTILE:
        assert not guarded(text).startswith(DANGEROUS)
        assert unguarded(guarded(text)) == text


def test_numbers_are_written_as_the_promise_says() -> None:
    assert guarded("+33639980001") == "'+33639980001"


def test_an_apostrophe_that_guards_nothing_stays() -> None:
    assert unguarded("'t Hart") == guarded("'t Hart") == "'t Hart"

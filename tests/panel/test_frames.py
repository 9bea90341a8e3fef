"""Frames on the wire: whatever is in them, one frame is one event."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.panel.channel.frames import frame
from tests.panel.sse import parse


@given(st.dictionaries(st.text(), st.text() | st.none() | st.integers()))
def test_any_text_survives_as_exactly_one_event(data: dict[str, object]) -> None:
    blocks = frame("live", data, "abc-7").decode("ascii").split("\n\n")
    assert blocks.pop() == ""
    (block,) = blocks
    event = parse(block)
    assert (event.name, event.data, event.id) == ("live", data, "abc-7")


@pytest.mark.parametrize("name", ["a\nb", "a\rb", "a\0b"])
def test_our_own_words_cannot_break_the_line(name: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        frame(name, {})
    with pytest.raises(ValueError, match="one line"):
        frame("live", {}, name)

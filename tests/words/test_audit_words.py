"""What was done, in words that people read."""

import pytest

from app.words.audit_words import audited_act_words


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("add", "added"), ("add from call CA1", "added from a call"), ("change back to 3", "changed"),
        ("fail to renew", "could not be renewed"), ("undo import", "import undone"),
        ("set up second factor of", "second factor set up"), ("something new", "something new"),
    ],
)  # fmt: skip
def test_an_act_is_told_in_words(act: str, words: str) -> None:
    assert audited_act_words(act) == words

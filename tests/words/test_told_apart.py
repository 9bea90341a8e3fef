"""Two of one name can be told apart where somebody chooses."""

from app.words.number_words import grouped
from app.words.told_apart import told_apart
from tests import cast


def test_two_of_one_name_have_their_telephones_beside_them() -> None:
    rows = [
        {"id": "3", "name": "olga ", "address": "sip:olga@example.org"},
        {"id": "1", "name": "Olga", "address": cast.OLGA},
        {"id": "2", "name": "Martin", "address": cast.MARTIN},
    ]
    assert told_apart(rows) == [
        ("2", "Martin"), ("3", "olga  · sip:olga@example.org"), ("1", f"Olga · {grouped(cast.OLGA)}"),
    ]  # fmt: skip


def test_lines_have_their_numbers_and_what_has_neither_stays_as_it_is() -> None:
    lines = [
        {"id": "1", "label": "Sales", "number": "+442079460000"},
        {"id": "2", "label": "Sales", "number": cast.LINE},
    ]
    assert [name for _, name in told_apart(lines)] == ["Sales · +33 1 99 00 10 00", "Sales · +44 20 7946 0000"]
    assert told_apart([{"id": "1", "name": "A"}, {"id": "2", "name": "a"}]) == [("1", "A"), ("2", "a")]
    assert told_apart([{"id": "1", "label": "", "number": cast.LINE, "name": "B"}]) == [("1", "B")]

"""What a password may be."""

import pytest

from app.base.errors import Unprocessable
from app.base.problems.people import PasswordTooShort, PeopleFault
from app.people.password_rules import check_password

KNOWN = ("adam.fournier@example.org", "Maison Vera")


@pytest.mark.parametrize("password", ["", "short", "ninechars", " " * 10, "  padded   "])
def test_a_password_has_ten_characters_that_count(password: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        check_password(password, *KNOWN)
    assert isinstance(refused.value.cause, PasswordTooShort)


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaa", "abababababab", "1234567890", "0987654321", "abcdefghijkl", "1q2w3e4r5t", "qwertyuiop", "Password123",
        "PASSWORD123", "ｐａｓｓｗｏｒｄ１２３", "adamfournier", "Adam.Fournier1", "maison vera", "Maison Vera!",
        "adam.fournier@example.org",
        "          a          ", "1111111112",
    ],
)  # fmt: skip
def test_what_would_be_tried_first_is_refused(password: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        check_password(password, *KNOWN)
    assert refused.value.cause in (PeopleFault.PASSWORD_EASILY_GUESSED, PasswordTooShort(10))


@pytest.mark.parametrize(
    "password", ["adam's long password", "correct horse battery", "Zimtstern-im-Juli", "длинный пароль", "k3Vw9-rT2_x"]
)
def test_a_long_password_is_taken_whatever_it_is_made_of(password: str) -> None:
    check_password(password, *KNOWN)

"""What a password must be. Long, and none of the first that somebody would try; nothing is asked about kinds of characters
(NIST SP 800-63B)."""

from app.auth.passwords import MIN_PASSWORD_CHARACTERS, is_easily_guessed
from app.base.errors import Unprocessable
from app.base.problems.people import PasswordTooShort, PeopleFault


def check_password(password: str, *known: str, field: str = "password") -> None:
    """Raises :class:`Unprocessable` naming ``field``; ``known`` are names that a stranger knows too: the person's e-mail
    address, the company."""
    if len(password.strip()) < MIN_PASSWORD_CHARACTERS:
        raise Unprocessable(PasswordTooShort(MIN_PASSWORD_CHARACTERS), field=field)
    if is_easily_guessed(password, *known):
        raise Unprocessable(PeopleFault.PASSWORD_EASILY_GUESSED, field=field)

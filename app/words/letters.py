"""What is written to people by e-mail, in the language that is spoken meanwhile."""

from datetime import datetime
from zoneinfo import ZoneInfo

from app.base.language import day_and_time
from app.base.language import gettext as _


def invitation_letter(company: str, link: str, until: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """Subject and text of an invitation."""
    subject = _("Your invitation to %(company)s on Antichambre", company=_one_line(company))
    text = "\n\n".join((
        _("%(company)s invites you to its telephone panel.", company=_one_line(company)),
        _("Choose your name and a password here:") + f"\n{link}",
        _("The link works once, until %(moment)s.", moment=day_and_time(until, zone)),
        _("If you do not know what this is about, do nothing."),
    ))  # fmt: skip
    return subject, text + "\n"


def reset_letter(company: str, link: str, until: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """Subject and text of a link for a new password."""
    subject = _("A new password for %(company)s on Antichambre", company=_one_line(company))
    text = "\n\n".join((
        _("Choose a new password here:") + f"\n{link}",
        _("The link works once, until %(moment)s.", moment=day_and_time(until, zone)),
        _("If you did not ask for it, do nothing: your password stays as it is."),
    ))  # fmt: skip
    return subject, text + "\n"


def _one_line(name: str) -> str:
    return " ".join(name.split())

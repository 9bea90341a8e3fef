"""What is wrong with a setting, in words."""

from typing import assert_never

from app.base.language import gettext as _
from app.base.problems.settings import (
    BaseUrlHasPath,
    BaseUrlNotEncrypted,
    BaseUrlUnreadable,
    DataFolderNotWritten,
    ProxiesUnreadable,
    SettingFault,
    SettingProblem,
)


def setting_words(cause: SettingProblem) -> str:
    """One sentence."""
    match cause:
        case SettingFault.BASE_URL_MISSING:
            return _("ANTICHAMBRE_PUBLIC_BASE_URL must name the address that the provider calls.")
        case SettingFault.API_URL_UNREADABLE:
            return _(
                "ANTICHAMBRE_TWILIO_API_URL must be an address like https://api.twilio.com, without a path; http is for "
                "loopback addresses only."
            )
        case SettingFault.SMTP_URL_UNREADABLE:
            return _(
                "ANTICHAMBRE_SMTP_URL must be like smtp://user:password@mail.example.org:587 or smtps://…; after it can "
                "stand ?from=pbx@example.org."
            )
        case BaseUrlUnreadable(url):
            return _("“%(url)s” is no base URL; write it like https://pbx.example.org.", url=url)
        case BaseUrlNotEncrypted(url):
            return _("“%(url)s” is reached over plain http; use https (http is for loopback addresses only).", url=url)
        case BaseUrlHasPath(url, path):
            return _(
                "ANTICHAMBRE_PUBLIC_BASE_URL is “%(url)s”; leave out “%(path)s” and give the service a host name of its "
                "own, since it cannot be served below a path.",
                url=url,
                path=path,
            )
        case ProxiesUnreadable(reason):
            return _(
                "ANTICHAMBRE_TRUSTED_PROXIES: %(reason)s; write addresses or CIDRs like 127.0.0.1,10.0.0.0/8.",
                reason=reason,
            )
        case DataFolderNotWritten(folder, reason):
            return _(
                "The data folder %(folder)s cannot be written (%(reason)s); choose another one with ANTICHAMBRE_DATA_DIR.",
                folder=folder,
                reason=reason,
            )
        case _:
            assert_never(cause)

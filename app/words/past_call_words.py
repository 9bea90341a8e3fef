"""What something would have met, in words."""

from app.base.language import gettext as _
from app.base.language import ngettext


def past_call_words(calls: int, clients: int, vips: int, days: int) -> str:
    """How many calls of the last ``days`` days, and of how many clients and VIPs."""
    if not calls:
        return _("Would have met no call in %(days)s days.", days=days)
    met = ngettext(
        "Would have met %(num)s call in %(days)s days",
        "Would have met %(num)s calls in %(days)s days",
        calls,
        days=days,
    )
    if not clients and not vips:
        return f"{met}."
    of_clients = ngettext("%(num)s client", "%(num)s clients", clients)
    of_vips = ngettext("%(num)s VIP", "%(num)s VIPs", vips)
    return _("%(met)s, from %(clients)s and %(vips)s.", met=met, clients=of_clients, vips=of_vips)

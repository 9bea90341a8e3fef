"""Webhooks and their deliveries, in words."""

from typing import assert_never

from app.base.language import gettext as _
from models.webhook import DeliveryState, WhyOff


def off_words(why: WhyOff) -> str:
    """Why a webhook was switched off by itself."""
    match why:
        case WhyOff.FAILING:
            return _("Switched off: nothing could be delivered for three days.")
        case WhyOff.GONE:
            return _("Switched off: the receiver says that it is gone.")
        case _:
            assert_never(why)


def delivery_words(state: DeliveryState) -> str:
    """What became of an event."""
    match state:
        case DeliveryState.WAITING:
            return _("waiting")
        case DeliveryState.DELIVERED:
            return _("delivered")
        case DeliveryState.FAILED:
            return _("given up")
        case _:
            assert_never(state)

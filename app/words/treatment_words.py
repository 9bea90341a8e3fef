"""The company's choices about hidden callers and doubtful VIPs, in words."""

from typing import assert_never

from app.base.language import gettext as _
from filters.vip import VipPolicy
from routing.plan import HiddenTreatment


def hidden_words(treatment: HiddenTreatment) -> str:
    """What callers without a number get, as a choice."""
    match treatment:
        case HiddenTreatment.ORDINARY:
            return _("are received like everybody else")
        case HiddenTreatment.QUEUE:
            return _("go to the queue at once")
        case HiddenTreatment.MESSAGE:
            return _("hear that they should call with their number")
        case HiddenTreatment.VOICEMAIL:
            return _("can leave a message")
        case HiddenTreatment.REJECT:
            return _("are refused")
        case _:
            assert_never(treatment)


def vip_policy_words(policy: VipPolicy) -> str:
    """When a number counts as the VIP's own, as a choice."""
    match policy:
        case VipPolicy.NUMBER_ONLY:
            return _("always")
        case VipPolicy.UNLESS_DOUBTFUL:
            return _("unless the network doubts it")
        case VipPolicy.ATTESTED:
            return _("only if the network vouches for it")
        case _:
            assert_never(policy)

"""The company's choices about hidden callers and doubtful VIPs, in words."""

from typing import assert_never

from app.base.language import gettext as _
from filters.list_entry import Treatment
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


def treatment_explained(treatment: Treatment) -> str:
    """What a blacklisted caller who gets it hears, and what becomes of the call, in one sentence."""
    match treatment:
        case Treatment.FAKE_QUEUE:
            return _("The call is answered and held with music, and no telephone ever rings.")
        case Treatment.RING_OUT:
            return _("The caller hears ringing, and nobody picks up.")
        case Treatment.BUSY:
            return _("The caller hears the busy tone at once.")
        case Treatment.REJECT:
            return _("The call is refused before it is answered.")
        case Treatment.NOT_IN_SERVICE:
            return _("The call is answered, and the caller is told that the number is not in use.")
        case Treatment.VOICEMAIL:
            return _("The caller can leave a message, of which nobody is told.")
        case Treatment.ALLOW:
            return _("The caller is received like everybody else, although a broader entry blocks them.")
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

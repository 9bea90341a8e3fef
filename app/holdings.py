"""All that is held about people, room by room. A new table is in a holding of its room, or among those that hold nobody."""

from typing import Final

from app.callbacks.personal_data import OF_CALLBACKS
from app.calls.personal_data import OF_CALLS
from app.clients.personal_data import OF_CLIENTS
from app.edits.past_of_person import PAST
from app.edits.personal_data import Holding
from app.lists.personal_data import OF_LISTS
from app.look_ups.personal_data import OF_LOOK_UPS
from app.matters.personal_data import OF_MATTERS
from app.rehearsals.personal_data import OF_REHEARSALS
from app.sales.personal_data import OF_SALES
from app.voicemails.personal_data import OF_VOICEMAILS
from app.web.personal_data import OF_REQUESTS
from app.webhooks.personal_data import OF_WEBHOOKS

HOLDINGS: Final[tuple[Holding, ...]] = (
    *OF_REHEARSALS,
    *OF_VOICEMAILS,
    *OF_CALLBACKS,
    *OF_MATTERS,
    *OF_LOOK_UPS,
    *OF_CALLS,
    *OF_REQUESTS,
    *OF_SALES,
    *OF_CLIENTS,
    *PAST,
    *OF_WEBHOOKS,
    *OF_LISTS,
)
"""In the order in which they are erased: what is found by something else goes before it; deliveries come late, since
none is noted from then until the end, and lists last, since nobody's edits go on."""

NOBODY: Final = frozenset(
    {
        "api_key", "audio", "audio_file", "call_list_check", "category", "client_field", "company",
        "configuration_version", "dictation", "erasure", "fake_queue_rate", "fallback_export", "feed_epoch",
        "holiday", "invitation", "line", "list_hit", "look_up", "menu", "opening_hours", "operator", "panel_seat",
        "password_reset", "phrase", "plan_version", "product", "provider_account", "queue", "recovery_code",
        "refused_webhook", "rehearsal", "rule", "script", "second_factor", "segment_borders", "segment_movement",
        "segment_state", "segment_wish", "sign_in_attempt", "sign_in_session", "subscription", "subscription_part",
        "user_account", "vip_pin", "wall_link", "webhook", "worker",
    }
)  # fmt: skip
"""Tables that say nothing about people who call: how the company is set up, who works there, what the service keeps for
itself."""

"""A number of the account's: where its calls go is the number's own affair (Twilio docs: phone-numbers/api)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass
class OwnNumber:
    """As the account has it. With an application or a trunk, its URLs are ignored; an empty URL is none."""

    sid: str
    number: str
    made_at: datetime
    friendly_name: str = ""
    takes_calls: bool = True
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"
    voice_application_sid: str = ""
    trunk_sid: str = ""

    @property
    def is_led_elsewhere(self) -> bool:
        """Do its URLs count for nothing?"""
        return bool(self.voice_application_sid or self.trunk_sid)

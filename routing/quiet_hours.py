"""When somebody of the VIP chain is left to sleep."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from routing.hours import Interval


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Every day the same hours, by the clock of ``zone``; they may go past midnight. ``unless_urgent``: a VIP who says that
    it is urgent may ring in them."""

    interval: Interval
    zone: ZoneInfo
    unless_urgent: bool = False

    def cover(self, moment: datetime) -> bool:
        """Whether ``moment`` (aware) is one of them."""
        begins, ends = self.interval
        local = moment.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        return begins <= minute < ends if begins < ends else minute >= begins or minute < ends

"""The one exception of the port."""

from app.base.problems.telephone import Fault as Fault


class TelephoneFault(Exception):
    """The provider has not done it. ``retry_after`` are the seconds after which it may be tried again, where anybody says;
    ``detail`` is the provider's own word, for logs: it may hold numbers of callers."""

    def __init__(self, fault: Fault, *, retry_after: float | None = None, detail: str = "") -> None:
        super().__init__(fault.value)
        self.fault, self.retry_after, self.detail = fault, retry_after, detail

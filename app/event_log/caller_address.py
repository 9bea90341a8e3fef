"""What identifies the caller of a stored call."""

from models import CallRecord


def address_of(call: CallRecord) -> str:
    """The address, whatever its kind; empty for a caller without identity. Calls stored by earlier releases have only the
    number."""
    return call.caller_address or call.caller_number or ""

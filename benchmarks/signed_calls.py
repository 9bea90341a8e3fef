"""Twilio's first webhook of a call, as bytes on the wire and signed: what the load generator sends.

The parameters are those of a call to a European number, as Twilio documents them (twilio.com/docs/voice/twiml): 26 of
them, about a kilobyte.
"""

import base64
import hashlib
import hmac
from typing import Final
from urllib.parse import urlencode, urlsplit

ACCOUNT: Final = "AC" + "5eed" * 8
TOKEN: Final = "0123456789abcdef0123456789abcdef"  # noqa: S105  # signs nothing but the benchmarks' own calls
LINE: Final = "+33199005678"
BLACKLISTED_FROM: Final = 33_700_000_000
"""The first of the blacklisted numbers of a benchmark; the others follow at every second number."""
VIP: Final = "+33639980001"


def caller_of(number: int) -> str:
    """Who places call ``number``: of twenty callers one is the VIP, three are blacklisted and the rest unknown."""
    turn = number % 20
    if turn == 0:
        return VIP
    if turn in (5, 10, 15):
        return f"+{BLACKLISTED_FROM + 2 * (number * 7919 % 500_000)}"
    return f"+{33_600_000_000 + number * 7919 % 30_000_000}"


def parameters(number: int) -> dict[str, str]:
    """The parameters of call ``number``."""
    caller, call_id = caller_of(number), f"CA{number:032x}"
    return {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "CallSid": call_id,
        "CallStatus": "ringing",
        "CallToken": "%7B%22parentCallInfoToken%22%3A%22eyJhbGciOiJFUzI1NiJ9" + call_id + "%22%7D",
        "Called": LINE,
        "CalledCity": "",
        "CalledCountry": "FR",
        "CalledState": "",
        "CalledZip": "",
        "Caller": caller,
        "CallerCity": "PARIS",
        "CallerCountry": "FR",
        "CallerName": "Dupont & Fils",
        "CallerState": "",
        "CallerZip": "",
        "Direction": "inbound",
        "From": caller,
        "FromCity": "PARIS",
        "FromCountry": "FR",
        "FromState": "",
        "FromZip": "",
        "StirVerstat": "TN-Validation-Passed-B",
        "To": LINE,
        "ToCity": "",
        "ToCountry": "FR",
    }


def signed_calls(url: str, first: int, count: int, callbacks: int = 0) -> list[bytes]:
    """``count`` requests: first webhooks, each followed by ``callbacks`` status callbacks of the same call."""
    key = hmac.new(TOKEN.encode(), digestmod=hashlib.sha1)
    wire = []
    for number in range(first, first + count // (1 + callbacks)):
        facts = parameters(number)
        wire.append(_request(url, facts, key))
        for turn, status in enumerate(("in-progress", "completed")[:callbacks]):
            told = facts | {"CallStatus": status, "SequenceNumber": str(turn), "CallbackSource": "call-progress-events"}
            wire.append(_request(url.replace("/voice", "/status"), told, key))
    return wire


def static_requests(url: str) -> list[bytes]:
    """The same body for a server that does not look at it."""
    return [_request(url, parameters(number), hmac.new(TOKEN.encode(), digestmod=hashlib.sha1)) for number in range(64)]


def _request(url: str, facts: dict[str, str], key: hmac.HMAC) -> bytes:
    mac = key.copy()
    mac.update((url + "".join(name + facts[name] for name in sorted(facts))).encode())
    body = urlencode(facts).encode()
    address = urlsplit(url)
    head = (
        f"POST {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
        f"X-Twilio-Signature: {base64.b64encode(mac.digest()).decode()}\r\n"
        f"I-Twilio-Idempotency-Token: 4d2a1c0b-8f5e-4a3b-9c7d-2e1f0a9b8c7d\r\n"
        f"Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body

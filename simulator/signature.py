"""X-Twilio-Signature as the telephone company computes it.

Source: Twilio docs, "Security" (usage/security): base64(HMAC-SHA1(auth token, URL + sorted parameters)).
Written apart from the service's own check on purpose: one mistake must not agree with itself.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

Parameters = Iterable[tuple[str, str]]


def signed_url(url: str) -> str:
    """The URL as Twilio signs it: no fragment, no user:password; the port is dropped for https, kept for http."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme == "https" and parts.port is not None:
        host = host.rpartition(":")[0]
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))


def sign(auth_token: str, url: str, parameters: Parameters = (), algorithm: str = "sha1") -> str:
    """The header's value for a request to `url`; `parameters` are the form's pairs (none for GET).

    `algorithm` is "sha256" where Twilio signs with a key of the customer's own (Twilio docs: webhook-shared-keys).

    Names are sorted by code point; the values of a repeated name are sorted and de-duplicated, as
    Twilio's own Python and Node libraries do it.
    """
    values: dict[str, set[str]] = {}
    for name, value in parameters:
        values.setdefault(name, set()).add(value)
    message = signed_url(url) + "".join(name + value for name in sorted(values) for value in sorted(values[name]))
    digest = hmac.new(auth_token.encode(), message.encode(), algorithm).digest()
    return base64.b64encode(digest).decode()

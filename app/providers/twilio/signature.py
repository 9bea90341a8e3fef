"""Is a webhook from Twilio? X-Twilio-Signature is the HMAC-SHA1 of the URL as configured at Twilio, followed by every
POST parameter sorted by name, name and value joined without a separator (twilio.com/docs/usage/security).

The URL is rebuilt from the configured base URL and the raw path and query. Headers that a proxy, or anybody, can set
(Host, Forwarded, X-Forwarded-*) are never looked at.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit, urlunsplit

Parameters = Sequence[tuple[str, str]]
"""Names and values in the order received; a name may come twice."""

_DEFAULT_PORTS = {"https": 443, "http": 80}


def signature(url: str, parameters: Parameters, token: str) -> str:
    """The signature of a request. Values of one name are sorted and counted once, as Twilio's libraries do."""
    values: dict[str, set[str]] = {}
    for name, value in parameters:
        values.setdefault(name, set()).add(value)
    message = url + "".join(name + value for name in sorted(values) for value in sorted(values[name]))
    digest = hmac.digest(token.encode(), message.encode("utf-8", "surrogatepass"), hashlib.sha1)
    return base64.b64encode(digest).decode()


def is_signed(
    claimed: str, base_urls: Iterable[str], path_and_query: str, parameters: Parameters, tokens: Iterable[str]
) -> bool:
    """Whether ``claimed`` is right for any of our base URLs and any of the tokens, two of them during a rotation.

    Every combination is computed and compared in constant time, so that the time taken tells nothing.
    """
    right = False
    for token in tokens:
        for base_url in base_urls:
            for url in _as_twilio_may_sign(base_url + path_and_query):
                expected = signature(url, parameters, token)
                right |= hmac.compare_digest(expected.encode(), claimed.encode("utf-8", "surrogatepass"))
    return right


def _as_twilio_may_sign(url: str) -> list[str]:
    """The URL with and without the scheme's own port: Twilio drops the port over https and keeps it over http. A
    fragment (connection overrides) and user info are never signed."""
    parts = urlsplit(url.partition("#")[0])
    # Not `parts.hostname`, which is in lower case: what is signed is the URL as somebody typed it.
    host = parts.netloc.rpartition("@")[2].removesuffix(f":{parts.port}")
    default = _DEFAULT_PORTS.get(parts.scheme)
    # A bare "?" is part of the signed URL, and urlsplit forgets it.
    bare = "?" if url.partition("#")[0].endswith("?") else ""
    with_port = f"{host}:{parts.port or default}"
    as_given = f"{host}:{parts.port}" if parts.port else host
    netlocs = dict.fromkeys((as_given, host, with_port))
    return [urlunsplit((parts.scheme, netloc, parts.path, parts.query, "")) + bare for netloc in netlocs]

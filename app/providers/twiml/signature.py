"""Is a request from the provider? Its signature is the HMAC of the URL as configured there, followed by every
POST parameter sorted by name, name and value joined without a separator (twilio.com/docs/usage/security).

The URL is rebuilt from the configured base URL and the raw path and query. Headers that a proxy, or anybody, can set
(Host, Forwarded, X-Forwarded-*) are never looked at.
"""

import binascii
import hmac
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final, Literal
from urllib.parse import urlsplit, urlunsplit

Parameters = Sequence[tuple[str, str]]
"""Names and values in the order received; a name may come twice."""

Digest = Literal["sha1", "sha256"]
"""The function that the HMAC is made with."""

_DEFAULT_PORTS = {"https": 443, "http": 80}


_SHORTEST_KEY: Final = 8
_LEAST_DIFFERENT: Final = 5


def can_be_key(text: str) -> bool:
    """Whether a text can be a secret that signs. Providers' own have 32 characters and more; what somebody could guess, like
    a single character, would let anybody report calls."""
    return (
        len(text) >= _SHORTEST_KEY
        and len(set(text)) >= _LEAST_DIFFERENT
        and text.isprintable()
        and " " not in text.strip()
    )


def signature(url: str, parameters: Parameters, token: str) -> str:
    """The signature of a request. Values of one name are sorted and counted once, as Twilio's libraries do."""
    return _signed(url, run_together(parameters), token, "sha1").decode()


def is_signed(
    claimed: str,
    base_urls: Iterable[str],
    path_and_query: str,
    facts: str,
    tokens: Iterable[str],
    digest: Digest = "sha1",
) -> bool:
    """Whether ``claimed`` is right for any of our base URLs and any of the tokens, two of them during a rotation; ``facts``
    are the parameters, :func:`run_together`.

    Each comparison takes the same time whatever it finds, and a wrong signature is compared with every one that would be
    right, so that the time taken tells nothing.
    """
    given = claimed.encode("ascii", "replace")
    for token in tokens:
        for base_url in base_urls:
            for url in _as_it_may_be_signed(base_url, path_and_query):
                if hmac.compare_digest(_signed(url, facts, token, digest), given):
                    return True
    return False


def run_together(parameters: Parameters) -> str:
    """Names and values as they are signed: sorted, and nothing in between."""
    once = parameters if len(dict(parameters)) == len(parameters) else set(parameters)
    return "".join(chain.from_iterable(sorted(once)))


def _signed(url: str, facts: str, token: str, digest: Digest) -> bytes:
    mac = _begun(token, digest).copy()
    mac.update((url + facts).encode("utf-8", "surrogatepass"))
    return binascii.b2a_base64(mac.digest(), newline=False)


@lru_cache(maxsize=1024)
def _begun(token: str, digest: Digest) -> hmac.HMAC:
    """The computation after the token, which is the same for every request."""
    return hmac.new(token.encode(), digestmod=digest)


@lru_cache(maxsize=256)
def _as_it_may_be_signed(base_url: str, path_and_query: str) -> tuple[str, ...]:
    """The URL in every form in which it is signed: with and without the scheme's own port, and with the bare "?" that a
    webhook's URL may end in, which servers drop. A fragment (connection overrides) is never signed. Incoming calls have the
    same one each time."""
    path = path_and_query.partition("#")[0]
    urls = tuple(base + path for base in _as_it_may_begin(base_url))
    return urls if "?" in path else (*urls, *(f"{url}?" for url in urls))


@lru_cache(maxsize=64)
def _as_it_may_begin(base_url: str) -> tuple[str, ...]:
    """One of our base URLs with and without the scheme's own port: Twilio drops the port over https and keeps it over http.
    User info is never signed."""
    parts = urlsplit(base_url)
    # Not `parts.hostname`, which is in lower case: what is signed is the URL as somebody typed it.
    host = parts.netloc.rpartition("@")[2].removesuffix(f":{parts.port}")
    default = _DEFAULT_PORTS.get(parts.scheme)
    with_port = f"{host}:{parts.port or default}"
    as_given = f"{host}:{parts.port}" if parts.port else host
    netlocs = dict.fromkeys((as_given, host, with_port))
    return tuple(urlunsplit((parts.scheme, netloc, parts.path, "", "")) for netloc in netlocs)

"""Why a request's signature is wrong. The usual reason is an address: behind a proxy the provider has signed another one
than we take for ours.

Headers that anybody can set are looked at here and nowhere else. They suggest addresses to try; what is found is shown to an
admin and lets nobody in.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from app.base.clock import Clock
from app.base.raw_request import Request
from app.providers.provider import Provider

_HOST: Final = re.compile(r"[A-Za-z0-9._-]{1,253}(:[0-9]{1,5})?", re.ASCII)
_PREFIX: Final = re.compile(r"(/[A-Za-z0-9._~-]{1,40}){1,4}", re.ASCII)
_SCHEMES: Final = ("https", "http")


class SignatureFault(StrEnum):
    """What is wrong."""

    OTHER_ADDRESS = "other_address"
    OTHER_KEY = "other_key"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """``computed`` is the base URL that we take for ours, ``signed`` the one that makes the signature right. Without one the
    request was signed with another key, or by somebody else."""

    fault: SignatureFault
    computed: str
    signed: str = ""


def diagnose(
    provider: Provider, request: Request, secrets: Sequence[str], base_urls: Sequence[str], clock: Clock
) -> Diagnosis:
    """What is wrong with a ``request`` that no secret signs for any of our ``base_urls``."""
    envelope = provider.open(request)
    for candidate in dict.fromkeys(_candidates(request, base_urls)):
        if candidate not in base_urls and envelope.verify(secrets, [candidate], clock):
            return Diagnosis(SignatureFault.OTHER_ADDRESS, base_urls[0], candidate)
    return Diagnosis(SignatureFault.OTHER_KEY, base_urls[0])


def _candidates(request: Request, base_urls: Sequence[str]) -> Iterator[str]:
    """Base URLs that the provider may have been given."""
    told = [request.header(name).partition(",")[0].strip() for name in (b"host", b"x-forwarded-host")]
    hosts = [host for host in told if _HOST.fullmatch(host)] + [urlsplit(url).netloc for url in base_urls]
    prefix = request.header(b"x-forwarded-prefix").rstrip("/")
    prefixes = ["", prefix] if _PREFIX.fullmatch(prefix) else [""]
    for scheme in _SCHEMES:
        for host in dict.fromkeys(hosts):
            name, colon, _port = host.partition(":")
            for netloc in (name, host) if colon else (host,):
                yield from (f"{scheme}://{netloc}{one}" for one in prefixes)

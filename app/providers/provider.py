"""What a provider's folder gives to the rest: see :class:`Provider`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.answering.answers import Answer
from app.answering.report import CallReport
from app.base.clock import Clock
from app.base.raw_request import Request
from app.plan.live_plan import ProviderKeys
from app.providers.addresses import Addresses
from app.providers.billing import Billing
from app.providers.capabilities import Capabilities, Lack
from app.telephone.means import Means
from app.telephone.telephone import Telephone
from filters.list_entry import Treatment
from simulator import Provider as StandIn


class Envelope(Protocol):
    """A request that was opened and neither believed nor read yet."""

    @property
    def account(self) -> str:
        """The account that it claims to come from; empty when it names none."""

    def verify(self, secrets: Sequence[str], base_urls: Sequence[str], clock: Clock) -> bool:
        """Whether it is signed for one of our public ``base_urls`` with one of the account's ``secrets``, two of them
        during a rotation; ``clock`` tells the time."""

    def read(self) -> CallReport:
        """What it reports, whatever it holds. To be asked after :meth:`verify`."""


@dataclass(frozen=True, slots=True)
class Provider:
    """``name`` stands in URLs and in the database, ``title`` is for people.

    ``open`` takes a request, ``write`` makes the document of an answer that was degraded
    to ``capabilities``, of type ``content_type``. ``is_account`` and ``is_key`` tell whether an account's id and the key
    that its requests are signed with, or verified with, have the provider's form; ``account_example`` is such an id,
    ``key_name`` what the provider's console calls the key. ``stand_in`` makes, of the key, who speaks like the provider in
    calls from the phone booth; None where nobody but the provider can sign. ``telephone`` makes, of a company's id and its
    account, what its calls are moved with; None without a key for the API. ``billing`` says which treatments of a
    blacklisted caller it bills.
    """

    name: str
    title: str
    capabilities: Capabilities
    content_type: str
    open: Callable[[Request], Envelope]
    write: Callable[[Answer, Addresses], str]
    is_account: Callable[[str], bool]
    account_example: str
    is_key: Callable[[str], bool]
    key_name: str
    stand_in: Callable[[str], StandIn] | None
    telephone: Callable[[str, ProviderKeys, Means], Telephone | None]
    billing: Mapping[Treatment, Billing]

    def lacks(self) -> list[Lack]:
        """What it cannot do, and we therefore do in some other way or not at all."""
        return [*self.capabilities.lacks(), *([] if self.stand_in is not None else [Lack.BOOTH])]

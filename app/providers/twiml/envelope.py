"""A request whose parameters are a form and whose signature covers its URL and these parameters."""

from collections.abc import Sequence

from app.answering.report import CallReport
from app.base.clock import Clock
from app.base.raw_request import Request
from app.providers.twiml.form import read_form, remember_fields
from app.providers.twiml.known_forms import KnownForms
from app.providers.twiml.signature import Digest, Parameters, is_signed, run_together
from app.providers.twiml.signed_text import account_in


class FormEnvelope:
    """Opened by each provider's own ``open_request``."""

    __slots__ = ("_claimed", "_digest", "_facts", "_known", "_posted", "_report", "_request", "_signed", "account")

    def __init__(
        self,
        request: Request,
        known: KnownForms,
        claimed: str,
        digest: Digest,
    ) -> None:
        """``claimed`` is the signature that came with it."""
        self._request, self._known, self._claimed, self._digest = request, known, claimed, digest
        self._report: CallReport | None = None
        self._posted: Parameters = ()
        self._facts: Parameters = ()
        posts = request.method == "POST"
        if posts and not request.query and (read := known.read(request.body)) is not None:
            self._report, self._signed = read
            self.account = self._report.account
            return
        self._posted = read_form(request.body) if posts else ()
        self._facts = self._posted or read_form(request.query)
        self._signed = run_together(self._posted)
        self.account = account_in(self._text(), dict(self._facts).get("AccountSid", ""))

    def _text(self) -> str:
        """What is signed after the question mark: between the query and the parameters there is no border either."""
        return self._request.query.decode("ascii", "replace") + self._signed

    def verify(self, secrets: Sequence[str], base_urls: Sequence[str], clock: Clock) -> bool:
        """The time does not matter: the signature holds none."""
        return is_signed(self._claimed, base_urls, self._request.path_and_query, self._signed, secrets, self._digest)

    def read(self) -> CallReport:
        """As :meth:`app.providers.provider.Envelope.read`."""
        if self._report is None:
            reader, text = self._known.reader, self._text()
            if not self._posted and f"AccountSid{self.account}" not in text:  # a query is signed with its borders
                self._report = reader.read_as_split(self._facts)
            else:
                self._report = reader.read(self._facts, text)
            if self._posted and not self._request.query:
                remember_fields(self._request.body)
                self._known.remember(self._request.body, self._posted, self._report)
        return self._report

"""A request whose parameters are a form and whose signature covers its URL and these parameters."""

from collections.abc import Sequence

from app.answering.report import CallReport
from app.base.clock import Clock
from app.providers.provider import Request, RequestRefused
from app.providers.twiml.form import TooManyFields, read_form
from app.providers.twiml.known_forms import KnownForms
from app.providers.twiml.signature import Digest, Parameters, is_signed, run_together


class FormEnvelope:
    """Opened by :func:`open_form`."""

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
        if posts and (read := known.read(request.body)) is not None:
            self._report, self._signed = read
            self.account = self._report.account
            return
        try:
            self._posted = read_form(request.body) if posts else ()
            self._facts = self._posted or read_form(request.query)
        except TooManyFields as error:
            raise RequestRefused(str(error)) from error
        self._signed = run_together(self._posted)
        self.account = dict(self._facts).get("AccountSid", "")

    def verify(self, secrets: Sequence[str], base_urls: Sequence[str], clock: Clock) -> bool:
        """The time does not matter: the signature holds none."""
        return is_signed(self._claimed, base_urls, self._request.path_and_query, self._signed, secrets, self._digest)

    def read(self) -> CallReport:
        """As :meth:`app.providers.provider.Envelope.read`."""
        if self._report is None:
            self._report = self._known.reader.read(self._facts)
            if self._posted:
                self._known.remember(self._request.body, self._posted, self._report)
        return self._report

"""What can go wrong with a document or a request, with Twilio's error number where there is one.

The numbers are those of Twilio's error dictionary (twilio.com/docs/api/errors). Several of them are only
warnings at Twilio; here every one of them fails, because a document that warns is a document to mend.
"""

from __future__ import annotations


class TwimlError(Exception):
    """The service's answer can't be used. `code` is Twilio's number, or None where Twilio has none."""

    def __init__(self, code: int | None, message: str, url: str = "") -> None:
        super().__init__(f"{code or 'no Twilio number'}: {message}" + (f" ({url})" if url else ""))
        self.code = code
        self.message = message
        self.url = url


class CallIsOver(Exception):
    """Something was asked of a call that has ended."""


CONNECTION_FAILED = 11205
TOO_MANY_REDIRECTS = 11215
ERROR_RESPONSE = 11217
BODY_TOO_LARGE = 11750
PARSE_FAILURE = 12100
ROOT_NOT_RESPONSE = 12102
SCHEMA = 12200
CONTENT_TYPE = 12300
CALLBACK_FAILED = 15003

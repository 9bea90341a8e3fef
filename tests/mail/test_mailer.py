"""Letters reach a real mail server, in time or not at all."""

import ssl
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.base.settings import Settings
from app.base.smtp_url import SmtpUrlUnreadable, read_smtp_url
from app.mail.mailer import Letter, Mailer, NotSent
from tests.letters import PASSWORD, USER, mail_server
from tests.postgres_server import self_signed

pytestmark = pytest.mark.anyio
LETTER = Letter(
    "olga@example.org", "Bienvenue à l’Atelier", "Bonjour Olga,\nvoilà : https://pbx.example.org/invite/x\n"
)


def mailer(url: str, limit: float = 5) -> Mailer:
    made = Mailer.of(Settings(smtp_url=url, _env_file=None))
    made.limit = limit
    return made


@pytest.fixture
def tls(tmp_path: Path) -> ssl.SSLContext:
    made = self_signed(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.certificate, made.key)
    return context


async def test_a_letter_arrives_as_plain_text_in_any_script() -> None:
    async with mail_server() as server:
        await mailer(f"smtp://127.0.0.1:{server.port}?from=pbx@example.org").send(LETTER)
    (letter,) = server.letters
    assert (letter["From"], letter["To"], letter["Subject"]) == ("pbx@example.org", LETTER.to, LETTER.subject)
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().splitlines() == LETTER.text.splitlines()


@pytest.mark.parametrize("at_once", [False, True], ids=["STARTTLS", "smtps"])
async def test_over_tls_with_a_password(tls: ssl.SSLContext, at_once: bool) -> None:
    scheme, secret = "smtps" if at_once else "smtp", PASSWORD.replace(" ", "%20")
    async with mail_server(tls, at_once=at_once) as server:
        await mailer(f"{scheme}://{USER}:{secret}@localhost:{server.port}").send(LETTER)
        with pytest.raises(NotSent):
            await mailer(f"{scheme}://{USER}:wrong@localhost:{server.port}").send(LETTER)
    assert len(server.letters) == 1
    assert at_once or server.secured == [True]
    assert server.letters[0]["From"] == "antichambre@127.0.0.1"


async def test_what_goes_wrong_is_said_and_takes_no_longer_than_the_limit() -> None:
    async with mail_server() as server:
        server.refuses = "550 Nobody of this name"
        with pytest.raises(NotSent, match="Nobody of this name"):
            await mailer(f"smtp://127.0.0.1:{server.port}").send(LETTER)
        server.is_slow = True
        with pytest.raises(NotSent, match="no answer"):
            await mailer(f"smtp://127.0.0.1:{server.port}", limit=0.2).send(LETTER)
    with pytest.raises(NotSent):
        await mailer("smtp://127.0.0.1:1").send(LETTER)


async def test_a_subject_is_one_line_or_nothing_is_sent() -> None:
    async with mail_server() as server:
        with pytest.raises(NotSent):
            await mailer(f"smtp://127.0.0.1:{server.port}").send(Letter(LETTER.to, "Hi\r\nBcc: eve@example.org", "x"))
    assert server.letters == []


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example.org", "smtp://", "mail.example.org:25", "smtp://mail.example.org:banana",
        "smtp://mail.example.org/path", "smtp://mail.example.org?from=a@b,c@d", "smtp://mail.example.org?tls=no",
        "smtp://mail.example.org?from=a@b%0d%0aBcc:c@d",
    ],
)  # fmt: skip
def test_addresses_that_make_no_sense(url: str) -> None:
    with pytest.raises(SmtpUrlUnreadable):
        read_smtp_url(url)
    with pytest.raises(ValidationError, match="SMTP_URL_UNREADABLE"):
        mailer(url)


def test_a_mail_server_elsewhere_gets_nothing_without_tls() -> None:
    assert read_smtp_url("smtp://mail.example.org").port == 587
    assert read_smtp_url("smtps://a%40b:c%2Fd@mail.example.org").password == "c/d"
    assert read_smtp_url("smtps://a%40b.org:x@mail.example.org").sender == "a@b.org"
    assert not read_smtp_url("smtp://mail.example.org").is_here
    assert read_smtp_url("smtp://[::1]").is_here

"""What Twilio would refuse or warn about fails here, with Twilio's number, and goes to the fallback URL."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.responses import Response

from simulator import Error, Said
from simulator.following import APPLICATION_ERROR
from tests.simulator.a_service import BASE, Page, the_call, twiml, wav

SAY_4097 = "x" * 4097
ELEVEN = "<Number>+33155512345</Number>" * 11

BAD_DOCUMENTS: list[tuple[str, int | None]] = [
    # the document as a whole
    ("<Say>no end", 12100),
    ("", 12100),
    ("plain words", 12100),
    ("<!DOCTYPE Response [<!ENTITY a 'b'>]><Response><Say>&a;</Say></Response>", 12100),
    ("<Response><Say>a\x0bb</Say></Response>", 12100),
    ("<Answer/>", 12102),
    ("<response/>", 12102),
    ("<html><body>It broke</body></html>", 12102),
    (f"<Response><!--{'x' * 65536}--></Response>", 11750),
    # verbs, nesting, text
    (twiml("<Shout>Hello</Shout>"), 12200),
    (twiml("<say>Hello</say>"), 12200),
    (twiml("Hello"), 12200),
    (twiml("<Say>Hi</Say> there"), 12200),
    (twiml("<Pause>3</Pause>"), 12200),
    (twiml("<Number>+33155512345</Number>"), 12200),
    (twiml("<Connect/>"), None),
    (twiml("<Dial><Conference>room</Conference></Dial>"), None),
    (twiml("<Leave/>"), 12200),
    (twiml("<Leave now='true'/>"), 12200),
    (twiml("<Say Voice='man'>Hi</Say>"), 12200),
    # Say, Play, Pause
    (twiml("<Say></Say>"), 13520),
    (twiml("<Say>   </Say>"), 13520),
    (twiml(f"<Say>{SAY_4097}</Say>"), 13521),
    (twiml(f"<Say voice='Polly.Lea'>{SAY_4097[:3001]}</Say>"), 13521),
    (twiml("<Say loop='-1'>Hi</Say>"), 13510),
    (twiml("<Say voice='nobody'>Hi</Say>"), 13511),
    (twiml("<Say voice='Google.fr-FR-Wavenet-A' language='ru-RU'>Hi</Say>"), 13511),
    (twiml("<Say language='French'>Hi</Say>"), 12200),
    (twiml("<Say language='fr-fr'>Hi</Say>"), 12200),
    (twiml("<Play loop='many'>/m.wav</Play>"), 13410),
    (twiml("<Play/>"), 12200),
    (twiml("<Play digits='12'>/m.wav</Play>"), 12200),
    (twiml("<Play>not a url</Play>"), 11100),
    (twiml("<Play>/missing.wav</Play>"), 11217),
    (twiml("<Play>/page.html</Play>"), 13420),
    (twiml("<Gather><Play>/page.html</Play></Gather>"), 13325),
    (twiml("<Play>/broken.wav</Play>"), 13420),
    (twiml("<Play>https://elsewhere.example.com/m.wav</Play>"), None),
    (twiml("<Pause length='0'/>"), 13910),
    (twiml("<Pause length='1.5'/>"), 13910),
    # Gather
    (twiml("<Gather finishOnKey='##'/>"), 13310),
    (twiml("<Gather method='PUT'/>"), 13312),
    (twiml("<Gather method='post'/>"), 13312),
    (twiml("<Gather timeout='0'/>"), 13313),
    (twiml("<Gather numDigits='0'/>"), 13314),
    (twiml("<Gather numdigits='1'/>"), 12200),
    (twiml("<Gather><Dial>+33155512345</Dial></Gather>"), 13320),
    (twiml("<Gather><Gather/></Gather>"), 13320),
    (twiml("<Gather action=''/>"), 12200),
    (twiml("<Gather input='voice'/>"), 12200),
    # Dial
    (twiml("<Dial method='PATCH'>+33155512345</Dial>"), 13210),
    (twiml("<Dial timeout='0'>+33155512345</Dial>"), 13212),
    (twiml("<Dial timeout='601'>+33155512345</Dial>"), 13212),
    (twiml("<Dial hangupOnStar='yes'>+33155512345</Dial>"), 13213),
    (twiml("<Dial timeLimit='0'>+33155512345</Dial>"), 13216),
    (twiml("<Dial record='maybe'>+33155512345</Dial>"), 13217),
    (twiml("<Dial sequential='True'>+33155512345</Dial>"), 13218),
    (twiml("<Dial callerId=''>+33155512345</Dial>"), 13214),
    (twiml("<Dial><Say>Hi</Say></Dial>"), 13215),
    (twiml("<Dial/>"), 12200),
    (twiml("<Dial>+33155512345<Client>olga</Client></Dial>"), 12200),
    (twiml(f"<Dial>{ELEVEN}</Dial>"), 12200),
    (twiml("<Dial>01 55 51 23 45</Dial>"), 13223),
    (twiml("<Dial><Number>0155512345</Number></Dial>"), 13223),
    (twiml("<Dial><Number method='X'>+33155512345</Number></Dial>"), 13221),
    (twiml("<Dial><Number sendDigits='call'>+33155512345</Number></Dial>"), 13222),
    (twiml("<Dial><Number statusCallbackEvent='answered,completed'>+33155512345</Number></Dial>"), 12200),
    (twiml("<Dial><Client>olga the operator</Client></Dial>"), 12200),
    (twiml("<Dial><Client/></Dial>"), 12200),
    (twiml("<Dial><Client>olga<Parameter name='a'/></Client></Dial>"), 12200),
    (twiml("<Dial><Sip>olga@example.com</Sip></Dial>"), 13243),
    (twiml(f"<Dial><Sip>sip:olga@example.com?x-a={'1' * 1024}</Sip></Dial>"), 13253),
    (twiml("<Dial><Queue/></Dial>"), 14212),
    (twiml(f"<Dial><Queue>{'q' * 65}</Queue></Dial>"), 14213),
    (twiml("<Dial><Queue method='A'>q</Queue></Dial>"), 14210),
    (twiml("<Dial><Queue>a</Queue><Queue>b</Queue></Dial>"), 12200),
    # Enqueue, Redirect, Reject, Record
    (twiml("<Enqueue/>"), 14204),
    (twiml(f"<Enqueue>{'q' * 65}</Enqueue>"), 14205),
    (twiml("<Enqueue method='A'>q</Enqueue>"), 14201),
    (twiml("<Enqueue waitUrl='a b'>q</Enqueue>"), 14202),
    (twiml("<Enqueue action=''>q</Enqueue>"), 14203),
    (twiml("<Enqueue waitUrlMethod='A'>q</Enqueue>"), 14206),
    (twiml("<Redirect/>"), 11100),
    (twiml("<Redirect method='A'>/x</Redirect>"), 13710),
    (twiml("<Redirect>/twilio/voice</Redirect>"), 11215),
    (twiml("<Redirect>/nowhere</Redirect>"), 11217),
    (twiml("<Redirect>/plain</Redirect>"), 12300),
    (twiml("<Redirect>/moved</Redirect>"), 11215),
    (twiml("<Reject reason='rude'/>"), 12200),
    (twiml("<Record maxLength='0'/>"), 13612),
    (twiml("<Record timeout='none'/>"), 13611),
    (twiml("<Record finishOnKey='x'/>"), 13613),
    (twiml("<Record method='A'/>"), 13610),
    (twiml("<Record playBeep='1'/>"), 13616),
]

PAGES: dict[str, Page] = {
    "/page.html": Response("<p>Hi</p>", media_type="text/html"),
    "/broken.wav": Response(b"RIFF and then nothing", media_type="audio/wav"),
    "/plain": Response("Hello", media_type="text/plain"),
    "/moved": Response(status_code=302, headers={"location": "/moved"}),
    "/m.wav": wav(1),
}


@pytest.mark.parametrize(("document", "code"), BAD_DOCUMENTS, ids=[d[-60:] for d, _ in BAD_DOCUMENTS])
def test_a_bad_document_is_an_error_and_goes_to_the_fallback(document: str, code: int | None) -> None:
    call, service = the_call({**PAGES, "/twilio/voice": document.encode(), "/twilio/fallback": "<Say>Fallback.</Say>"})
    assert [error.code for error in call.errors] == [code], call.errors
    assert call.said().endswith("Fallback.")
    facts = service.asked_for("/twilio/fallback")[0]
    assert facts["ErrorCode"] == str(code or 12200)
    assert facts["ErrorUrl"].startswith("https://")
    assert facts["CallSid"] == call.sid


GOOD_DOCUMENTS = [
    '<Say voice="Polly.Lea-Neural" language="fr-FR">Bonjour <break time="1s"/><prosody rate="slow">vous</prosody></Say>',
    '<Say voice="woman" language="en">Hello</Say><Say language="ru-RU" voice="Polly.Tatyana">Привет</Say>',
    '<Say voice="Google.ru-RU-Wavenet-A" language="ru-RU">Привет</Say><Say language="cmn-Hans-CN">你好</Say>',
    '<Gather input="dtmf speech" numDigits="1" timeout="3" finishOnKey="" speechTimeout="auto" hints="a,b"/>',
    '<Record action="/after" timeout="3" playBeep="true" finishOnKey="*#" trim="trim-silence"/>',
    '<Dial answerOnBridge="true" timeout="5" ringTone="fr" record="record-from-answer-dual">+33155512345</Dial>',
    '<Dial timeout="5"><Number machineDetection="Enable" machineDetectionTimeout="30">+33155512345</Number></Dial>',
    "<?why not?><!-- a comment --><Pause/><!-- another -->",
]


@pytest.mark.parametrize("content", GOOD_DOCUMENTS)
def test_what_twilio_documents_is_accepted(content: str) -> None:
    call, _ = the_call({"/twilio/voice": content, "/after": "<Hangup/>"})
    assert call.errors == []


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
def test_an_error_answer_goes_to_the_fallback(status: int) -> None:
    call, service = the_call({"/twilio/voice": Response(status_code=status), "/twilio/fallback": "<Say>Sorry.</Say>"})
    assert (call.errors[0].code, call.said()) == (11217, "Sorry.")
    assert service.asked_for("/twilio/fallback")[0]["ErrorUrl"] == f"{BASE}/twilio/voice"


def test_a_slow_answer_is_a_connection_failure() -> None:
    async def slow(_: dict[str, str]) -> str:
        await asyncio.sleep(5)
        return "<Say>Too late.</Say>"

    call, _ = the_call({"/twilio/voice": slow, "/twilio/fallback": "<Say>Sorry.</Say>"}, request_timeout=0.05)
    assert (call.errors[0].code, call.said()) == (11205, "Sorry.")


def test_a_service_that_is_down_leaves_the_application_error() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        tried.append(request.url.path)
        raise httpx.ConnectError("refused")

    tried: list[str] = []
    call, _ = the_call("", transport=httpx.MockTransport(refuse))
    assert [error.code for error in call.errors] == [11205, 11205]
    assert tried[:4] == ["/twilio/voice", "/twilio/voice", "/twilio/fallback", "/twilio/fallback"]  # one retry each
    assert call.heard[-2] == Said(APPLICATION_ERROR, "en-US")
    assert (call.state, call.billed) == ("completed", True)


def test_the_fallback_is_asked_once_and_a_bad_one_ends_the_call() -> None:
    call, service = the_call({"/twilio/voice": "<Oops/>", "/twilio/fallback": "<Oops/>"})
    assert len(service.asked_for("/twilio/fallback")) == 1
    assert [event for event in call.heard if isinstance(event, Error)] == [
        Error(error.code, error.message) for error in call.errors
    ]
    assert call.said() == APPLICATION_ERROR


def test_an_error_in_a_later_document_also_goes_to_the_fallback() -> None:
    pages: dict[str, Page] = {
        "/twilio/voice": "<Say>Hello.</Say><Redirect>/next</Redirect>",
        "/next": "<Oops/>",
        "/twilio/fallback": "<Say>Sorry.</Say>",
    }
    call, service = the_call(pages)
    assert call.said() == "Hello. Sorry."
    facts = service.asked_for("/twilio/fallback")[0]
    assert (facts["ErrorUrl"], facts["CallStatus"]) == (f"{BASE}/next", "in-progress")


def test_ten_redirects_in_a_row_are_allowed() -> None:
    def voice(params: dict[str, str]) -> str:
        n = int(params.get("n", "0"))
        return f"<Redirect>/twilio/voice?n={n + 1}</Redirect>" if n < 10 else "<Say>There.</Say>"

    assert the_call({"/twilio/voice": voice})[0].said() == "There."


def test_what_was_gathered_is_lost_at_an_http_redirect() -> None:
    pages: dict[str, Page] = {
        "/twilio/voice": '<Gather numDigits="1" action="/moved"/>',
        "/moved": Response(status_code=307, headers={"location": "/target"}),
        "/target": lambda params: f"<Say>{'with' if 'Digits' in params else 'without'} digits</Say>",
    }
    call, service = the_call(pages, lambda call: call.press("1"))
    assert call.said() == "without digits"
    assert service.asked[-2][:2] == ("/target", "POST")

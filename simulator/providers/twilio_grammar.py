"""The TwiML that Twilio understands, as far as it is simulated.

Derived from Twilio's reference pages of each verb and from the error dictionary (twilio.com/docs/voice/twiml).
"""

from __future__ import annotations

from simulator.grammar import SPEECH_MARKUP, VERBS, Element, Grammar, plain
from simulator.values import (
    anything,
    digits,
    keys,
    language,
    method,
    one_of,
    sid,
    some_of,
    text,
    true_or_false,
    url,
    url_or_empty,
    voice,
    whole,
)

_CALLBACKS = {
    "statusCallback": plain(url),
    "statusCallbackEvent": plain(some_of("initiated", "ringing", "answered", "completed")),
    "statusCallbackMethod": plain(method),
}
_MACHINE_DETECTION = {
    "machineDetection": plain(one_of("Enable", "DetectMessageEnd")),
    "machineDetectionTimeout": plain(whole(3, 60)),
    "machineDetectionSpeechThreshold": plain(whole(1000, 6000)),
    "machineDetectionSpeechEndThreshold": plain(whole(500, 5000)),
    "machineDetectionSilenceTimeout": plain(whole(2000, 10000)),
    "amdStatusCallback": plain(url),
    "amdStatusCallbackMethod": plain(method),
}
_RECORDING_CALLBACKS = {
    "recordingStatusCallback": plain(url),
    "recordingStatusCallbackMethod": plain(method),
    "recordingStatusCallbackEvent": plain(some_of("in-progress", "completed", "absent")),
    "trim": plain(one_of("trim-silence", "do-not-trim")),
}

_RECORD = one_of(
    *("do-not-record", "record-from-answer", "record-from-ringing", "true", "false"),
    *("record-from-answer-dual", "record-from-ringing-dual"),
)

_ELEMENTS = {
    "Response": Element(children=VERBS),
    "Say": Element(
        {
            "voice": plain(voice, 13511),
            "language": plain(language),
            "loop": plain(whole(0, 1000), 13510),
        },
        SPEECH_MARKUP,
        text=True,
    ),
    "Play": Element({"loop": plain(whole(0, 1000), 13410), "digits": plain(digits)}, text=True),
    "Pause": Element({"length": plain(whole(1, 14400), 13910)}),
    "Gather": Element(
        {
            "input": plain(one_of("dtmf", "speech", "dtmf speech", "speech dtmf")),
            "action": plain(url),
            "method": plain(method, 13312),
            "timeout": plain(whole(1, 3600), 13313),
            "numDigits": plain(whole(1, 1000), 13314),
            "finishOnKey": plain(keys, 13310),
            "actionOnEmptyResult": plain(true_or_false),
            "speechTimeout": plain(lambda value: value == "auto" or whole(1, 600)(value)),
            "maxSpeechTime": plain(whole(1, 600)),
            "speechModel": plain(anything),
            "profanityFilter": plain(true_or_false),
            "enhanced": plain(true_or_false),
            "bargeIn": plain(true_or_false),
            "debug": plain(true_or_false),
            "hints": plain(lambda value: all(len(h) <= 100 for h in value.split(",")) and value.count(",") < 500),
            "language": plain(language),
            "partialResultCallback": plain(url),
            "partialResultCallbackMethod": plain(method),
        },
        frozenset(["Say", "Play", "Pause"]),
        nesting_code=13320,
    ),
    "Dial": Element(
        {
            "action": plain(url),
            "method": plain(method, 13210),
            "timeout": plain(whole(1, 600), 13212),
            "hangupOnStar": plain(true_or_false, 13213),
            "timeLimit": plain(whole(1, 86400), 13216),
            "callerId": plain(anything, 13214),
            "record": plain(_RECORD, 13217),
            "sequential": plain(true_or_false, 13218),
            "answerOnBridge": plain(true_or_false),
            "ringTone": plain(lambda value: len(value) == 2 and value.isalpha() and value.islower()),
            "recordingTrack": plain(one_of("both", "inbound", "outbound")),
            "referUrl": plain(url),
            "referMethod": plain(method),
            **_RECORDING_CALLBACKS,
        },
        frozenset(["Number", "Client", "Sip", "Queue"]),
        text=True,
        nesting_code=13215,
    ),
    "Number": Element(
        {
            "url": plain(url),
            "method": plain(method, 13221),
            "sendDigits": plain(digits, 13222),
            "byoc": plain(sid),
            **_CALLBACKS,
            **_MACHINE_DETECTION,
        },
        text=True,
    ),
    "Client": Element(
        {"url": plain(url), "method": plain(method), **_CALLBACKS},
        frozenset(["Identity", "Parameter"]),
        text=True,
    ),
    "Identity": Element(text=True),
    "Parameter": Element({"name": plain(text(256)), "value": plain(lambda value: len(value) <= 4096)}),
    "Sip": Element(
        {
            "url": plain(url),
            "method": plain(method, 13241),
            "username": plain(text(256), 13249),
            "password": plain(text(256), 13249),
            **_CALLBACKS,
            **_MACHINE_DETECTION,
        },
        text=True,
    ),
    "Queue": Element(
        {
            "url": plain(url, 14211),
            "method": plain(method, 14210),
            "reservationSid": plain(sid, 14215),
            "postWorkActivitySid": plain(sid, 14216),
        },
        text=True,
    ),
    "Enqueue": Element(
        {
            "action": plain(url, 14203),
            "method": plain(method, 14201),
            "maxQueueSize": plain(whole(1, 5000)),
            "waitUrl": plain(url_or_empty, 14202),
            "waitUrlMethod": plain(method, 14206),
            "workflowSid": plain(sid, 14220),
        },
        text=True,
    ),
    "Leave": Element(),
    "Redirect": Element({"method": plain(method, 13710)}, text=True),
    "Reject": Element({"reason": plain(one_of("rejected", "busy"))}, frozenset(["Parameter"])),
    "Hangup": Element(children=frozenset(["Parameter"])),
    "Record": Element(
        {
            "action": plain(url),
            "method": plain(method, 13610),
            "timeout": plain(whole(1, 3600), 13611),
            "maxLength": plain(whole(1, 14400), 13612),
            "finishOnKey": plain(lambda value: value == "" or all(k in "0123456789*#" for k in value), 13613),
            "playBeep": plain(true_or_false, 13616),
            "transcribe": plain(true_or_false, 13614),
            "transcribeCallback": plain(url),
            **_RECORDING_CALLBACKS,
        }
    ),
}

TWIML = Grammar(
    _ELEMENTS,
    not_simulated=frozenset(
        [
            *("Connect", "Start", "Stop", "Refer", "Pay", "Sms", "Echo", "Prompt", "Conference", "Application", "Sim"),
            *("WhatsApp", "Task", "Siprec", "Stream"),
        ]
    ),
)

"""Every answer that there can be, for property tests."""

from dataclasses import replace

from hypothesis import strategies as st

from app.answering.answers import (
    Answer,
    Ask,
    Callee,
    Fetch,
    GoOn,
    HangUp,
    Hold,
    HoldBy,
    Leave,
    Nothing,
    Record,
    Reject,
    Ring,
    Say,
    Sound,
    Speech,
    Wait,
)
from routing.actions import RejectReason
from routing.step import Chain, Step, StepKind
from tests import cast

MOST_SPEECHES = 3
STEPS = st.builds(
    Step,
    st.sampled_from(StepKind),
    st.sampled_from([cast.LINE, cast.SECOND_LINE]),
    st.integers(0, 2**33),
    st.sampled_from(["", "01kb0000000000000000", "q"]),
    st.integers(0, 99),
    st.sampled_from([0, 500, 1000]),
    st.sampled_from(["", "en", "es", "fr", "ru"]),
    st.integers(0, 1),
    st.sampled_from([0, -86400, 86400]),
    st.sampled_from([Chain.VIP, Chain.ONE]),
    st.sampled_from(["", "olga,martin"]),
    st.integers(0, 30),
    st.sampled_from(["", "1"]),
    st.integers(0, 900),
    st.sampled_from(["", "CA" + "1" * 32]),
    st.sampled_from(["", "01kb0000000000000000 operator olga", f"01kb0000000000000000 number {cast.CLARA}"]),
    st.sampled_from(["", "olga"]),
)
FILES = tuple(letter * 32 for letter in "ab")
SOUNDS = st.builds(Sound, st.sampled_from(FILES), st.text(max_size=20))
SPEECH = st.builds(Speech, st.text(max_size=300), st.sampled_from(["en", "es", "fr", "ru", "xx"]), st.none() | SOUNDS)
SPEECHES = st.lists(SPEECH, max_size=MOST_SPEECHES).map(tuple)
ADDRESSES = st.sampled_from([cast.OLGA, cast.MARTIN, cast.CLARA, cast.OSCAR, "client:olga", "sip:sam@pbx.example.org"])
CALLEES = st.lists(st.builds(Callee, ADDRESSES, st.none() | STEPS), min_size=1, max_size=15).map(tuple)
RINGS = st.builds(
    Ring,
    CALLEES,
    st.sampled_from([cast.UMA, cast.LINE]),
    st.integers(1, 600),
    st.none() | STEPS,
    st.booleans(),
    st.booleans(),
    SPEECHES,
    SPEECHES,
)
HOLDS = st.one_of(
    st.builds(Hold, st.none() | SPEECH, st.none() | st.integers(0, 2)),
    st.builds(Hold, st.none() | SPEECH, told=SPEECH),
    st.builds(Hold, st.none() | SPEECH, keys=STEPS, offer=st.none() | SPEECH, told=SPEECH),
    st.builds(Hold, st.none() | SPEECH, st.none(), STEPS, st.sampled_from(HoldBy)),
    st.builds(Hold, st.none() | SPEECH, st.none() | st.integers(0, 2), offer=st.none() | SPEECH, keys=STEPS),
)
REJECTS = st.builds(Reject, st.sampled_from(RejectReason), st.sampled_from([0, 30, 45]))
ENDS = st.sampled_from([HangUp(), Leave(), Nothing()])
ASKS = st.builds(
    Ask, SPEECHES, st.integers(1, 60), st.integers(1, 10), STEPS, STEPS | st.builds(Say, SPEECHES), st.booleans()
)  # fmt: skip
QUEUES = st.text("abc é&<", min_size=1, max_size=40).map(lambda text: "q" + text)
WAITING = STEPS.map(lambda step: replace(step, kind=StepKind.WAIT))
WAITS = st.builds(Wait, QUEUES, WAITING, st.none() | SPEECH)
FETCHES = st.builds(Fetch, QUEUES, st.integers(5, 60), STEPS)


RECORDS = st.builds(Record, SPEECHES, st.integers(1, 600), STEPS, SPEECHES)


def answers() -> st.SearchStrategy[Answer]:
    """Any of them."""
    return st.one_of(
        RINGS, HOLDS, WAITS, FETCHES, ASKS, RECORDS, st.builds(Say, SPEECHES), REJECTS, ENDS, st.builds(GoOn, STEPS)
    )


def that_reach_nobody() -> st.SearchStrategy[Answer]:
    """What a blacklisted caller may get: the fake queue's rounds, a refusal, a box of which nobody is told, words and the
    end."""
    rounds = st.builds(Hold, st.none() | SPEECH, st.none(), STEPS, st.sampled_from(HoldBy))
    return st.one_of(rounds, REJECTS, RECORDS, st.builds(Say, SPEECHES), st.sampled_from([HangUp(), Nothing()]))

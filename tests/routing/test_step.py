"""The URL that says where a call stands can be written by us only."""

import base64
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.step import Chain, Step, StepFault, StepForged, StepKind, decode, encode

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
STEP = Step(StepKind.WAIT, "+33199001000", 1_784_880_000, "q-main", 2, 1000, "fr")
STEPS = st.builds(
    Step,
    kind=st.sampled_from(StepKind),
    line=st.text(max_size=30),
    began=st.integers(0, 2**40),
    target=st.text(max_size=40),
    count=st.integers(-5, 10**6),
    priority=st.integers(-5, 1000),
    language=st.sampled_from(["", "en", "fr", "ru"]),
    booth=st.sampled_from([0, 1]),
    shift=st.integers(-(10**9), 10**9),
    chain=st.sampled_from([Chain.VIP, Chain.ONE]),
    not_rung=st.sampled_from(["", "olga", "martin,olga"]),
    plays=st.integers(0, 99),
    pressed=st.sampled_from(["", "1", "12"]),
)


@given(STEPS, st.binary(min_size=16, max_size=64))
def test_a_step_survives_its_journey(step: Step, key: bytes) -> None:
    token = encode(step, key)
    assert set(token) <= set(string.ascii_letters + string.digits + "-_")
    assert decode(token, key) == step


@given(STEPS, st.data())
def test_any_flipped_bit_is_a_forgery(step: Step, data: st.DataObject) -> None:
    token = bytearray(encode(step, KEY), "ascii")
    token[data.draw(st.integers(0, len(token) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(StepForged):
        decode(token.decode("latin-1"), KEY)


def test_every_single_bit_of_a_token_counts() -> None:
    token = encode(STEP, KEY).encode()
    for position in range(len(token)):
        for bit in range(8):
            changed = bytearray(token)
            changed[position] ^= 1 << bit
            with pytest.raises(StepForged):
                decode(changed.decode("latin-1"), KEY)


def test_a_truncated_or_lengthened_token_is_a_forgery() -> None:
    token = encode(STEP, KEY)
    for length in range(len(token)):
        with pytest.raises(StepForged):
            decode(token[:length], KEY)
    for more in ("=", "A", "\n", "%00", token):
        with pytest.raises(StepForged):
            decode(token + more, KEY)


@pytest.mark.parametrize(
    "token", ["", "x", "A" * 22, "A" * 2000, "é" * 30, "\ud800" * 30, "../../etc/passwd", "0" * 22 + "e30"]
)
def test_a_token_from_outside_is_a_forgery(token: str) -> None:
    with pytest.raises(StepForged) as refusal:
        decode(token, KEY)
    assert refusal.value.fault is StepFault.NOT_OURS


def test_another_installation_s_token_is_a_forgery() -> None:
    with pytest.raises(StepForged):
        decode(encode(STEP, OTHER_KEY), KEY)


def test_the_signature_of_one_step_is_none_for_another() -> None:
    fake, real = encode(Step(StepKind.FAKE_QUEUE, "+33199001000", 1), KEY), encode(STEP, KEY)
    with pytest.raises(StepForged):
        decode(fake[:22] + real[22:], KEY)


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b"null", b'{"kind":"no-such"}', b'{"kind":"wait","extra":1}', b"\xff", b'{"kind":["wait"]}']
)
def test_a_token_of_another_version_is_refused_although_its_signature_is_right(body: bytes) -> None:
    from routing.step import _mac

    text = base64.urlsafe_b64encode(body).rstrip(b"=").decode()
    with pytest.raises(StepForged) as refusal:
        decode(_mac(text, KEY) + text, KEY)
    assert refusal.value.fault is StepFault.OF_ANOTHER_VERSION


def test_a_step_that_changed_is_another_token() -> None:
    assert len({encode(Step(StepKind.WAIT, "+331", 1, "q", count), KEY) for count in range(50)}) == 50


def written_before(**fields: object) -> str:
    """The token of a step as it was written when steps did not say yet whom they ring."""
    return encode(Step(StepKind.LEG_DONE, "+33199001000", 7, "q", **fields), KEY)  # type: ignore[arg-type]


def test_a_step_from_before_an_update_goes_on_as_it_began() -> None:
    assert decode(written_before(priority=1000), KEY).chain is Chain.VIP
    for priority in (0, 10, 100):
        assert decode(written_before(priority=priority), KEY).chain is Chain.ONE
    assert decode(encode(STEP, KEY), KEY) == STEP

"""Codes of an authenticator app, by the standard's own vectors and against another implementation."""

import base64
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.auth.totp import (
    RECOVERY_CODES,
    new_recovery_codes,
    new_totp_secret,
    recovery_code_hash,
    step_of,
    totp_address,
    totp_picture,
)

RFC_6238 = base64.b32encode(b"12345678901234567890").decode()
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_vectors_of_the_standard(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert step_of(RFC_6238, code, now) == seconds // 30
    assert step_of(RFC_6238, f" {code[:3]} {code[3:]} ", now) == seconds // 30


@given(MOMENTS, st.integers(-300, 300))
def test_a_telephone_s_clock_may_be_half_a_minute_wrong_and_no_more(now: datetime, off: int) -> None:
    secret = new_totp_secret()
    there = now + timedelta(seconds=off)
    steps = abs(int(there.timestamp()) // 30 - int(now.timestamp()) // 30)
    found = step_of(secret, pyotp.TOTP(secret).at(there), now)
    if steps <= 1:
        assert found is not None
    elif found is not None:  # once in 300,000 two half minutes have one code
        assert pyotp.TOTP(secret).generate_otp(found) == pyotp.TOTP(secret).at(there)


@given(MOMENTS)
def test_a_code_is_taken_once_and_no_earlier_one_after_it(now: datetime) -> None:
    secret = new_totp_secret()
    step = step_of(secret, pyotp.TOTP(secret).at(now), now)
    assert step is not None
    before = pyotp.TOTP(secret).at(now - timedelta(seconds=30))
    for typed in (pyotp.TOTP(secret).at(now), before):
        again = step_of(secret, typed, now, later_than=step)
        assert again is None or again > step


@given(st.text(max_size=60))
def test_anything_typed_is_right_or_wrong_and_nothing_else(typed: str) -> None:
    assert step_of(RFC_6238, typed, datetime(2026, 7, 24, tzinfo=UTC)) in {None, 59494079, 59494080, 59494081}
    assert len(recovery_code_hash(b"key", "user", typed)) == 64


def test_recovery_codes_are_many_and_each_its_own_however_it_is_typed() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == RECOVERY_CODES == 10
    stored = {recovery_code_hash(b"key", "olga", code) for code in codes}
    assert len(stored) == 10
    typed = codes[0].upper().replace("-", " ").replace("0", "O").replace("1", "l")
    assert recovery_code_hash(b"key", "olga", typed) in stored
    assert recovery_code_hash(b"key", "oscar", codes[0]) not in stored
    assert recovery_code_hash(b"another key", "olga", codes[0]) not in stored


def test_the_picture_is_an_image_without_style_or_script() -> None:
    address = totp_address(RFC_6238, "olga@example.org")
    assert address.startswith("otpauth://totp/Antichambre:olga%40example.org?secret=")
    picture = totp_picture(address)
    assert picture.startswith("data:image/svg+xml")
    assert "style" not in picture
    assert "script" not in picture

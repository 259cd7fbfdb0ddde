import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import LAST, SECOND, Instant
from domain.rotating_code import DIGITS, STEP, digits, fresh, secret, split
from domain.ticket_code import TicketCode, encode

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SECRET = secret(b"e" * 32, 1234, 0)
instants = st.integers(0, LAST).map(Instant)
PLAIN = encode(TicketCode(key=3, event=12, ticket=1234, type=1), KEY.sign)
# Base45 has '/' and digits: this plain code ends as if it were a rotating one.
MISLEADING = encode(TicketCode(key=3, event=12, ticket=40_104, type=1), KEY.sign)


@pytest.mark.parametrize(
    ("second", "shown"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_digits_are_those_of_rfc_6238(second: int, shown: str) -> None:
    assert digits(b"12345678901234567890", Instant(second * SECOND)) == shown


@given(st.binary(min_size=1), instants)
def test_the_digits_stay_for_30_seconds_and_are_always_six(key: bytes, at: Instant) -> None:
    shown = digits(key, at)
    assert len(shown) == DIGITS
    assert shown.isdigit()
    assert digits(key, Instant(at - at % STEP)) == shown


@given(instants, st.integers(-STEP, STEP))
def test_digits_pass_where_the_clocks_differ_by_one_step(at: Instant, ahead: int) -> None:
    assert fresh(SECRET, digits(SECRET, at), Instant(max(0, at + ahead)))


def test_a_screenshot_of_a_minute_ago_does_not_pass() -> None:
    now = Instant(1_778_414_400_000)
    for steps in (-3, -2, 2, 3):
        assert not fresh(SECRET, digits(SECRET, Instant(now + steps * STEP)), now)


def test_each_ticket_and_each_generation_has_its_own_secret() -> None:
    secrets = {secret(b"e" * 32, number, generation) for number in (1, 11, 12) for generation in (0, 1, 11)}
    assert len(secrets) == 9


@given(st.text(), instants)
def test_any_text_for_digits_is_answered(shown: str, at: Instant) -> None:
    assert fresh(SECRET, shown, at) is (
        shown in {digits(SECRET, Instant(max(0, at + s))) for s in (-STEP, 0, STEP)}
    )


@pytest.mark.parametrize("code", [PLAIN, MISLEADING, "ABC", "2026/117", ""])
def test_a_code_and_its_digits_are_taken_apart_as_they_were_put_together(code: str) -> None:
    assert split(f"{code}/012345") == (code, "012345")


@pytest.mark.parametrize(
    "text", [PLAIN, MISLEADING, "ABC/12345", "ABC/1234567", "ABC/١٢٣٤٥٦", "ABC/12345 ", "123456"]
)
def test_a_code_without_digits_is_left_whole(text: str) -> None:
    assert split(text) == (text, None)


@given(st.text() | st.from_regex(r".*/\d{6}", fullmatch=True))
def test_any_text_is_split_so_that_it_can_be_put_together_again(text: str) -> None:
    code, shown = split(text)
    assert text == (code if shown is None else f"{code}/{shown}")

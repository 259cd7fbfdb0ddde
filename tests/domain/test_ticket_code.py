from dataclasses import replace

import pytest
from base45 import b45decode, b45encode
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import assume, example, given
from hypothesis import strategies as st
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import ALPHA_NUM, MODE_ALPHA_NUM

from domain import clock, ticket_code
from domain.clock import LAST, MINUTE, Instant
from domain.ticket_code import MAX_CODE_CHARS, SIGNATURE_BYTES, Malformed, TicketCode, encode, parse, strip

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SINCE = clock.parse("2024-01-01T00:00:00Z")
# Numbers as a busy organisation has them.
USUAL = TicketCode(
    key=3,
    event=12,
    ticket=120_000,
    type=40,
    valid_from=clock.parse("2026-05-10T16:00:00Z"),
    valid_until=clock.parse("2026-05-12T02:00:00Z"),
)
_TOP = 2**32 - 1
LARGEST = TicketCode(_TOP, _TOP, _TOP, _TOP, _TOP, Instant(LAST - MINUTE), LAST)


def verify(_key: int, message: bytes, signature: bytes) -> bool:
    try:
        KEY.public_key().verify(signature, message)
    except InvalidSignature:
        return False
    return True


def raw(text: str) -> bytes:
    return bytes(b45decode(text[1:]))


def text(raw: bytes) -> str:
    return "U" + str(b45encode(raw), "ascii")


def is_ours(text: str) -> bool:
    try:
        return bool(parse(text).verified(verify))
    except Malformed:
        return False


numbers = st.integers(0, 2**32 - 1) | st.integers(0, 300)
minutes = st.integers(SINCE // MINUTE, LAST // MINUTE).map(lambda minute: Instant(minute * MINUTE))


@st.composite
def codes(draw: st.DrawFn) -> TicketCode:
    start, end = sorted([draw(minutes), draw(minutes)])
    return TicketCode(
        key=draw(numbers),
        event=draw(numbers),
        ticket=draw(numbers),
        type=draw(numbers),
        generation=draw(numbers),
        valid_from=draw(st.sampled_from([None, start])),
        valid_until=draw(st.sampled_from([None, end])),
    )


signed = codes().map(lambda code: encode(code, KEY.sign))


def test_a_usual_code_is_115_characters() -> None:
    assert len(raw(encode(USUAL, KEY.sign))) == 76
    assert len(encode(USUAL, KEY.sign)) == 115


@given(codes())
@example(USUAL)
@example(LARGEST)
def test_a_code_says_after_its_way_through_text_what_it_said_before(code: TicketCode) -> None:
    read = parse(encode(code, KEY.sign))
    assert read.code == code
    assert read.verified(verify)


@given(st.sets(minutes, min_size=2, max_size=2), st.integers(0, MINUTE - 1), st.integers(0, MINUTE - 1))
def test_validity_is_widened_to_whole_minutes(window: set[Instant], late: int, early: int) -> None:
    start, end = sorted(window)
    inner = replace(USUAL, valid_from=Instant(start + late), valid_until=Instant(end - early))
    read = parse(encode(inner, KEY.sign)).code
    assert (read.valid_from, read.valid_until) == (start, end)


def test_times_before_2024_are_written_as_its_first_minute() -> None:
    old = replace(USUAL, valid_from=Instant(0), valid_until=Instant(MINUTE))
    assert parse(encode(old, KEY.sign)).code == replace(USUAL, valid_from=SINCE, valid_until=SINCE)


@pytest.mark.parametrize("number", [-1, 2**32])
@pytest.mark.parametrize("field", ["key", "event", "ticket", "type", "generation"])
def test_a_number_that_does_not_fit_is_not_encoded(field: str, number: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        encode(replace(USUAL, **{field: number}), KEY.sign)  # type: ignore[arg-type]


# Any input.


@given(st.text() | st.text(ALPHA_NUM.decode() + "\n", max_size=300).map("U".__add__))
@example("")
@example("U")
@example("\ud800")
@example("Ü" + encode(USUAL, KEY.sign)[1:])
@example(encode(USUAL, KEY.sign) + "\n")
@example(encode(USUAL, KEY.sign).lower())
def test_any_text_is_a_code_or_malformed(text: str) -> None:
    try:
        read = parse(text)
    except Malformed:
        return
    assert not read.verified(verify)


@given(
    st.binary(max_size=180) | st.builds(bytes.__add__, st.binary(min_size=7, max_size=35), st.just(b"s" * 64))
)
def test_any_bytes_are_a_code_or_malformed(raw: bytes) -> None:
    assert not is_ours(text(raw))


@pytest.mark.parametrize(
    ("payload", "what"),
    [
        (b"", "nothing before the signature"),
        (bytes(6), "six fields"),
        (bytes(8), "eight fields"),
        (b"\x80\x00" + bytes(6), "a number that is longer than needed"),
        (b"\xff\xff\xff\xff\x10" + bytes(6), "a number above 2³²-1"),
        (b"\x80\x80\x80\x80\x80\x00" + bytes(6), "a number of six bytes"),
        (bytes(6) + b"\x80", "a number that is cut off"),
        (bytes(5) + b"\xff\xff\xff\xff\x0f\x00", "a beginning past the year 9998"),
        (bytes(6) + b"\xff\xff\xff\xff\x0f", "an end past the year 9998"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_payload_that_breaks_the_layout_is_malformed_whoever_signed_it(payload: bytes, what: str) -> None:
    with pytest.raises(Malformed):
        parse(text(payload + KEY.sign(ticket_code.CONTEXT + payload)))


def test_another_layout_is_malformed() -> None:
    with pytest.raises(Malformed, match="not a ticket code"):
        parse("V" + encode(USUAL, KEY.sign)[1:])


def test_a_text_longer_than_a_code_is_not_even_looked_at() -> None:
    with pytest.raises(Malformed, match="not a ticket code"):
        parse("U" + "0" * MAX_CODE_CHARS)


# Forgery.


@given(signed, st.data())
def test_no_code_with_a_flipped_bit_is_ours(code: str, data: st.DataObject) -> None:
    bits = bytearray(raw(code))
    bit = data.draw(st.integers(0, len(bits) * 8 - 1))
    bits[bit // 8] ^= 1 << bit % 8
    assert not is_ours(text(bytes(bits)))


@given(signed, st.sampled_from(ALPHA_NUM.decode()) | st.characters(), st.data())
def test_no_code_with_another_character_is_ours(code: str, other: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(code) - 1))
    assume(code[place] != other)
    assert not is_ours(code[:place] + other + code[place + 1 :])


@given(signed, st.data())
def test_no_code_that_lost_or_gained_a_character_is_ours(code: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(code) - 1))
    assert not is_ours(code[:place] + code[place + 1 :])
    assert not is_ours(code[:place] + data.draw(st.sampled_from(ALPHA_NUM.decode())) + code[place:])


@given(codes(), codes())
def test_no_signature_fits_another_code(code: TicketCode, other: TicketCode) -> None:
    assume(code != other)
    ours, payload = raw(encode(code, KEY.sign)), raw(encode(other, KEY.sign))[:-SIGNATURE_BYTES]
    assert not is_ours(text(payload + ours[-SIGNATURE_BYTES:]))


def test_a_signature_over_the_fields_alone_is_not_enough() -> None:
    payload = raw(encode(USUAL, KEY.sign))[:-SIGNATURE_BYTES]
    assert not is_ours(text(payload + KEY.sign(payload)))


def test_the_key_number_is_handed_to_the_verifier() -> None:
    assert parse(encode(USUAL, KEY.sign)).verified(lambda key, *_: key == USUAL.key)


# QR.


def qr_version(code: str) -> int:
    qr = QRCode(error_correction=ERROR_CORRECT_M)
    qr.add_data(code, optimize=0)
    assert [part.mode for part in qr.data_list] == [MODE_ALPHA_NUM]
    return int(qr.best_fit())


def test_a_usual_code_fits_a_version_5_qr_with_its_rotating_digits_too() -> None:
    code = encode(USUAL, KEY.sign)
    assert qr_version(code) == qr_version(f"{code}/123456") == 5


@given(codes())
@example(LARGEST)
def test_every_code_fits_a_version_6_qr_in_alphanumeric_mode(code: TicketCode) -> None:
    assert qr_version(encode(code, KEY.sign)) <= 6


# Scanners.


@pytest.mark.parametrize(
    "scanned",
    [
        "{}\r\n",
        "  {}\t",
        "]Q3{}",
        "]d2{}\n",
        "\\000001{}",
        "\\000026{}\r",
        " ]Q1 {}",
        "\\000026]Q3{}",
        "\0{}\0",
    ],
)
@pytest.mark.parametrize(
    "code", [encode(USUAL, KEY.sign), "ABC-123", "a b  c", "x]Q3y", "\\000", "]Q", "Ünï"]
)
def test_what_scanners_add_is_stripped_and_the_code_stays(scanned: str, code: str) -> None:
    assert strip(scanned.format(code)) == code


@given(st.text() | st.text("]Q3\\01 \n\0UA", max_size=24))
def test_stripping_again_changes_nothing(scanned: str) -> None:
    assert strip(strip(scanned)) == strip(scanned)


@given(st.text() | st.text("]Q3\\01 \n\0UA", max_size=24))
def test_what_is_left_stood_in_the_scan_as_it_is(scanned: str) -> None:
    left = strip(scanned)
    assert left in scanned
    assert scanned.rstrip(" \t\r\n\0").endswith(left)


@given(signed)
def test_a_signed_code_is_never_shortened(code: str) -> None:
    assert strip(code) == code


def test_a_prefix_alone_is_a_code() -> None:
    assert [strip(code) for code in ("]Q3", "\\000001", "]Q3\n")] == ["]Q3", "\\000001", "]Q3"]


@given(st.text(), st.text())
def test_codes_that_differ_have_digests_that_differ(one: str, other: str) -> None:
    assert (ticket_code.digest(one) == ticket_code.digest(other)) is (one == other)
    assert len(ticket_code.digest(one)) == 16


@given(codes(), st.data())
def test_the_beginning_of_a_code_says_whose_it_is_as_soon_as_it_is_long_enough(
    code: TicketCode, data: st.DataObject
) -> None:
    whole = encode(code, KEY.sign)
    length = data.draw(st.integers(0, len(whole)))
    says = ticket_code.beginning(whole[:length])
    assert says in (None, (code.key, code.event, code.ticket))
    # Three numbers are at most 15 bytes, which are 23 characters, read in threes.
    assert says is not None or length < 1 + 24


@given(st.text(max_size=40) | st.text(alphabet="U0123456789ABCXYZ $%*+-./:", max_size=300))
def test_any_text_can_be_taken_for_a_beginning(text: str) -> None:
    ticket_code.beginning("U" + text)
    assert ticket_code.beginning("V" + text) is None

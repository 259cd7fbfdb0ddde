"""The vectors of `ticket_codes.json`, read by the product and by a scanner written from the page alone."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain import clock, rotating_code, ticket_code
from domain.clock import SECOND, Instant
from domain.ticket_code import Malformed, TicketCode

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("ticket_codes.json").read_text("utf-8"))
ROTATING = VECTORS["rotating"]
SEEDS = {key["number"]: bytes.fromhex(key["seed"]) for key in VECTORS["keys"]}
PUBLIC = {key["number"]: bytes.fromhex(key["public"]) for key in VECTORS["keys"]}
EVENT_SECRET = bytes.fromhex(ROTATING["eventSecret"])


def each(rows: list[dict[str, Any]], name: str = "name") -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=[str(row[name]) for row in rows])


def verify(key: int, message: bytes, signature: bytes) -> bool | None:
    if key not in PUBLIC:
        return None
    try:
        Ed25519PublicKey.from_public_bytes(PUBLIC[key]).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def instant(text: str | None) -> Instant | None:
    return None if text is None else clock.parse(text)


def code_of(fields: dict[str, Any]) -> TicketCode:
    numbers = {name: fields[name] for name in ("key", "event", "ticket", "type", "generation")}
    return TicketCode(
        **numbers, valid_from=instant(fields["validFrom"]), valid_until=instant(fields["validUntil"])
    )


def encode(code: TicketCode) -> str:
    return ticket_code.encode(code, Ed25519PrivateKey.from_private_bytes(SEEDS[code.key]).sign)


def outcome(code: str) -> str:
    try:
        verified = ticket_code.parse(code).verified(verify)
    except Malformed:
        return "malformed"
    return {True: "valid", False: "forged", None: "unknown_key"}[verified]


@each(VECTORS["keys"], "number")
def test_a_public_key_belongs_to_its_seed(row: dict[str, Any]) -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(row["seed"]))
    assert private.public_key().public_bytes_raw().hex() == row["public"]


@each(VECTORS["codes"])
def test_the_fields_make_this_code_and_this_code_says_these_fields(row: dict[str, Any]) -> None:
    read = ticket_code.parse(row["code"])
    assert encode(code_of(row["fields"])) == row["code"]
    assert read.code == code_of(row["fields"])
    assert read.message + read.signature == ticket_code.CONTEXT + bytes.fromhex(row["bytes"])
    assert outcome(row["code"]) == "valid"


@each(VECTORS["rounded"])
def test_times_are_rounded_as_the_page_says(row: dict[str, Any]) -> None:
    assert encode(code_of(row["fields"])) == row["code"]
    assert ticket_code.parse(row["code"]).code == code_of(row["reads"])


@each(VECTORS["refused"])
def test_what_is_not_a_valid_code_is_refused_for_this_reason(row: dict[str, Any]) -> None:
    assert outcome(row["code"]) == row["outcome"]


@each(VECTORS["scans"], "scanned")
def test_this_scan_means_this_code(row: dict[str, str]) -> None:
    assert ticket_code.strip(row["scanned"]) == row["code"]


@each(VECTORS["digests"], "code")
def test_a_code_is_looked_up_by_this_digest(row: dict[str, str]) -> None:
    assert ticket_code.digest(row["code"]).hex() == row["digest"]


# Rotating digits.


@each(ROTATING["tickets"], "secret")
def test_a_ticket_has_this_secret_and_shows_these_digits(row: dict[str, Any]) -> None:
    secret = rotating_code.secret(EVENT_SECRET, row["ticket"], row["generation"])
    assert secret.hex() == row["secret"]
    for shown in row["shown"]:
        assert rotating_code.digits(secret, clock.parse(shown["at"])) == shown["digits"]


@each(ROTATING["passing"], "shownSecondsFromScan")
def test_digits_shown_so_many_seconds_from_the_scan_pass_or_not(row: dict[str, Any]) -> None:
    secret = bytes.fromhex(ROTATING["tickets"][0]["secret"])
    scanned = clock.parse(ROTATING["scannedAt"])
    shown = clock.shift(scanned, row["shownSecondsFromScan"] * SECOND)
    assert rotating_code.digits(secret, shown) == row["digits"]
    assert rotating_code.fresh(secret, row["digits"], scanned) is row["passes"]


@each(ROTATING["splits"], "text")
def test_a_scan_is_taken_apart_into_code_and_digits(row: dict[str, Any]) -> None:
    assert rotating_code.split(row["text"]) == (row["code"], row["digits"])


@each(ROTATING["rfc6238"]["shown"], "second")
def test_the_digits_are_the_last_six_of_rfc_6238(row: dict[str, Any]) -> None:
    secret = bytes.fromhex(ROTATING["rfc6238"]["secret"])
    assert rotating_code.digits(secret, Instant(row["second"] * SECOND)) == row["digits"]


# Another scanner: nothing of the product, only what the page of the code says.

_BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def _base45(text: str) -> bytes | None:
    if len(text) % 3 == 1 or not set(text) <= set(_BASE45):
        return None
    groups = [text[place : place + 3] for place in range(0, len(text), 3)]
    values = [
        (sum(_BASE45.index(c) * 45**power for power, c in enumerate(group)), len(group) - 1)
        for group in groups
    ]
    return (
        None
        if any(v >> 8 * size for v, size in values)
        else b"".join(v.to_bytes(n, "big") for v, n in values)
    )


def _fields(payload: bytes) -> list[int] | None:
    fields, digits = [], []
    for byte in payload:
        digits.append(byte & 0x7F)
        if byte < 0x80:
            fields.append(sum(digit << 7 * place for place, digit in enumerate(digits)))
            if len(digits) > 5 or fields[-1] >= 2**32 or (len(digits) > 1 and byte == 0):
                return None
            digits = []
    return None if digits or len(fields) != 7 else fields


def _scan(code: str) -> tuple[str, list[int] | None]:
    raw = _base45(code[1:]) if code[:1] == "U" and len(code) <= 255 else None
    fields = _fields(raw[:-64]) if raw is not None else None
    if raw is None or fields is None:
        return "malformed", None
    start, length = fields[5:]
    if max(0, start - 1) + max(0, length - 1) > 4_194_444_960:  # minutes from 2024 to 9999
        return "malformed", None
    if fields[0] not in PUBLIC:
        return "unknown_key", fields
    try:
        Ed25519PublicKey.from_public_bytes(PUBLIC[fields[0]]).verify(raw[-64:], b"usher-ticket-1" + raw[:-64])
    except InvalidSignature:
        return "forged", fields
    return "valid", fields


@each(VECTORS["codes"])
def test_another_scanner_reads_the_same(row: dict[str, Any]) -> None:
    found, fields = _scan(row["code"])
    said = row["fields"]
    assert found == "valid"
    assert fields is not None
    assert fields[:5] == [said[name] for name in ("key", "event", "ticket", "type", "generation")]
    begins = clock.parse("2024-01-01T00:00:00Z") + max(0, fields[5] - 1) * 60_000
    assert (begins if fields[5] else None) == instant(said["validFrom"])
    assert (begins + (fields[6] - 1) * 60_000 if fields[6] else None) == instant(said["validUntil"])


@each(VECTORS["refused"])
def test_another_scanner_refuses_the_same(row: dict[str, Any]) -> None:
    assert _scan(row["code"])[0] == row["outcome"]

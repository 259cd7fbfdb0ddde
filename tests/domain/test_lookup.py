from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from domain import rotating_code, ticket_code
from domain.admission import Found
from domain.clock import Instant
from domain.ids import EventId, TicketId, TicketTypeId
from domain.lookup import look_up
from domain.ticket import Ticket
from domain.ticket_code import TicketCode

NOW = Instant(1_778_414_400_000)
KEYS = {number: Ed25519PrivateKey.from_private_bytes(bytes([number] * 32)) for number in (1, 2, 3)}
GALA = EventId("gala")
ADA = Ticket(TicketId("ada"), GALA, TicketTypeId("seat"), number=7)
BOB = Ticket(TicketId("bob"), GALA, TicketTypeId("seat"), number=8)
SOUP = Ticket(TicketId("soup"), GALA, TicketTypeId("soup"), number=9, main=ADA.id)
SECRET = b"s" * 32


@dataclass
class Box:
    """Tickets in memory: event 12 is the gala, the organisation has the keys 1 and 2."""

    tickets: Sequence[Ticket] = (ADA, BOB, SOUP)
    foreign: dict[str, list[Ticket]] = field(default_factory=dict)
    revoked: dict[str, list[Ticket]] = field(default_factory=dict)
    rotating: bool = False
    complete: bool = True

    def by_digest(self, digest: bytes) -> Sequence[Ticket]:
        return [
            t for code, found in self.foreign.items() if ticket_code.digest(code) == digest for t in found
        ]

    def by_revoked(self, digest: bytes) -> Sequence[Ticket]:
        return [
            t for code, found in self.revoked.items() if ticket_code.digest(code) == digest for t in found
        ]

    def by_number(self, event: int, number: int) -> Ticket | None:
        return next((t for t in self.tickets if event == 12 and t.number == number), None)

    def unseen(self, code: TicketCode) -> Ticket | None:
        return None if self.complete else Ticket(TicketId(""), GALA, TicketTypeId("seat"), code.ticket)

    def addons(self, ticket: Ticket) -> Sequence[Ticket]:
        return [t for t in self.tickets if t.main == ticket.id]

    def rotating_secret(self, ticket: Ticket) -> bytes | None:
        return rotating_code.secret(SECRET, ticket.number, ticket.generation) if self.rotating else None


def verify(key: int, message: bytes, signature: bytes) -> bool | None:
    if key not in (1, 2):
        return None
    try:
        KEYS[key].public_key().verify(signature, message)
    except InvalidSignature:
        return False
    return True


def signed(ticket: Ticket = ADA, key: int = 1, event: int = 12, by: int | None = None) -> str:
    code = TicketCode(key, event, ticket.number, 1, ticket.generation)
    return ticket_code.encode(code, KEYS[by or key].sign)


def scan(text: str, box: Box | None = None, *, addons: bool = False) -> Found:
    return look_up(text, box or Box(), verify, NOW, addons=addons)


def digits(ticket: Ticket = ADA, at: int = NOW) -> str:
    return rotating_code.digits(rotating_code.secret(SECRET, ticket.number, ticket.generation), Instant(at))


@pytest.mark.parametrize("around", ["{}", "]Q3{}\r\n", " \\000026{}", "{}/123456"])
def test_a_signed_code_leads_to_its_ticket(around: str) -> None:
    assert scan(around.format(signed())) == Found((ADA,))


def test_a_code_that_another_key_signed_is_forged() -> None:
    assert scan(signed(key=1, by=2)) == Found(forged=True)


def test_a_code_of_a_key_that_nobody_here_has_is_unknown_and_not_forged() -> None:
    assert scan(signed(key=3)) == Found()


def test_a_verified_ticket_that_a_kiosk_never_saw_is_what_its_code_says() -> None:
    stranger = replace(ADA, number=4711)
    assert scan(signed(stranger)) == Found()
    [found] = scan(signed(stranger), Box(complete=False)).tickets
    assert found.number == 4711


def test_the_code_from_before_a_transfer_is_superseded() -> None:
    transferred = replace(ADA, generation=1)
    box = Box([transferred])
    assert scan(signed(ADA), box) == Found((transferred,), superseded=True)
    assert scan(signed(transferred), box) == Found((transferred,))


def test_a_kiosk_that_has_not_heard_of_the_transfer_takes_the_new_code() -> None:
    assert scan(signed(replace(ADA, generation=1))) == Found((ADA,))


def test_a_code_of_another_system_is_found_as_it_is() -> None:
    assert scan("TICKET-1\n", Box(foreign={"TICKET-1": [BOB]})) == Found((BOB,))
    assert scan("ticket-1", Box(foreign={"TICKET-1": [BOB]})) == Found()


def test_a_code_of_another_system_may_end_like_a_rotating_one() -> None:
    box = Box(foreign={"2026/123456": [BOB], "2026": [ADA]})
    assert scan("2026/123456", box) == Found((BOB,))
    assert scan("2026/654321", box) == Found((ADA,))


def test_a_code_that_two_events_use_leads_to_both_tickets() -> None:
    assert scan("1", Box(foreign={"1": [ADA, BOB]})) == Found((ADA, BOB))


def test_a_revoked_code_of_another_system_is_superseded() -> None:
    assert scan("OLD", Box(revoked={"OLD": [BOB]})) == Found((BOB,), superseded=True)


def test_a_code_that_is_valid_again_is_not_superseded() -> None:
    assert scan("A", Box(foreign={"A": [ADA]}, revoked={"A": [BOB]})) == Found((ADA,))


def test_a_rotating_ticket_needs_the_digits_of_now() -> None:
    box = Box(rotating=True)
    assert scan(f"{signed()}/{digits()}", box) == Found((ADA,))
    assert scan(f"{signed()}/{digits(at=NOW - 90_000)}", box) == Found((ADA,), stale=True)
    assert scan(f"{signed()}/{digits(BOB)}", box) == Found((ADA,), stale=True)
    assert scan(signed(), box) == Found((ADA,), stale=True)


def test_a_rotating_ticket_of_another_system_needs_them_too() -> None:
    box = Box(rotating=True, foreign={"TICKET-1": [BOB]})
    assert scan(f"TICKET-1/{digits(BOB)}", box) == Found((BOB,))
    assert scan("TICKET-1", box) == Found((BOB,), stale=True)


def test_addons_are_found_where_a_list_asks_for_them() -> None:
    assert scan(signed(), addons=True) == Found((ADA,), (SOUP,))
    assert scan(signed(BOB), addons=True) == Found((BOB,))


@given(st.text() | st.text("U0123456789ABC/]\\ \n\0", max_size=40))
def test_any_text_leads_to_some_answer(text: str) -> None:
    assert scan(text, Box(foreign={"TICKET-1": [BOB]})) == Found()

"""From what a scanner read to the tickets it may mean; the same steps on the server and in a kiosk."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from domain import rotating_code, ticket_code
from domain.admission import Found
from domain.clock import Instant
from domain.ticket import Ticket
from domain.ticket_code import Malformed, SignedCode, TicketCode, Verify


class Tickets(Protocol):
    """Where tickets are looked up. Several tickets share a digest where events use the same codes."""

    def by_digest(self, digest: bytes) -> Sequence[Ticket]: ...

    def by_revoked(self, digest: bytes) -> Sequence[Ticket]:
        """The tickets whose code this was, before a newer one."""
        ...

    def by_number(self, event: int, number: int) -> Ticket | None: ...

    def unseen(self, code: TicketCode) -> Ticket | None:
        """What is known of a ticket from its verified code alone; None where every ticket is known."""
        ...

    def addons(self, ticket: Ticket) -> Sequence[Ticket]: ...

    def rotating_secret(self, ticket: Ticket) -> bytes | None:
        """The ticket's secret, None where its type asks for no rotating codes."""
        ...


def look_up(scanned: str, tickets: Tickets, verify: Verify, at: Instant, *, addons: bool) -> Found:
    """The tickets that a scan leads to. The cheapest way first: a known code needs no signature check."""
    text = ticket_code.strip(scanned)
    bare, shown = rotating_code.split(text)
    found = _known(text, tickets)
    if not found.tickets and shown is not None:
        found = _known(bare, tickets)
    if not found.tickets:
        found = _signed(text, bare, tickets, verify)
    secrets = [(ticket, tickets.rotating_secret(ticket)) for ticket in found.tickets]
    stale = any(
        secret is not None and not (shown and rotating_code.fresh(secret, shown, at)) for _, secret in secrets
    )
    others = tuple(a for ticket in found.tickets for a in tickets.addons(ticket)) if addons else ()
    return replace(found, stale=stale, addons=others) if stale or others else found


def _known(text: str, tickets: Tickets) -> Found:
    digest = ticket_code.digest(text)
    known = tuple(tickets.by_digest(digest))
    if known:
        return Found(known)
    revoked = tuple(tickets.by_revoked(digest))
    return Found(revoked, superseded=bool(revoked))


def _signed(text: str, bare: str, tickets: Tickets, verify: Verify) -> Found:
    signed = _parse(text) or (_parse(bare) if bare != text else None)
    if signed is None:
        return Found()
    verified = signed.verified(verify)
    if not verified:
        return Found(forged=verified is False)
    ticket = tickets.by_number(signed.code.event, signed.code.ticket)
    if ticket is None:
        unseen = tickets.unseen(signed.code)
        return Found((unseen,)) if unseen else Found()
    return Found((ticket,), superseded=signed.code.generation < ticket.generation)


def _parse(text: str) -> SignedCode | None:
    try:
        return ticket_code.parse(text)
    except Malformed:
        return None

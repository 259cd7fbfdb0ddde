"""Handing perks out at the door, each once: the server is asked first, and where it does not answer, this
kiosk counts what it has handed out itself."""

from typing import assert_never

from domain.errors import Problem
from domain.ids import OpId, TicketId
from domain.sync import Kind
from kiosk.desk.outcome import Handed, NotHanded
from kiosk.desk.ports import Clock, DoorLog, DoorServer, Ids, Tickets
from kiosk.store.outbox import Act
from kiosk.sync.replies import Denied, Got, Missed


class Perks:
    def __init__(self, tickets: Tickets, log: DoorLog, server: DoorServer, now: Clock, ids: Ids) -> None:
        self._tickets, self._log, self._server = tickets, log, server
        self._now, self._ids = now, ids

    def hand_out(self, ticket: TicketId, perk: str) -> Handed | NotHanded:
        """Writing may raise `StorageFull`, and looking `Unavailable`: then nothing was handed out."""
        left = self._left(ticket)
        if left is not None and perk not in left:
            return NotHanded(perk)
        op = OpId(self._ids())
        match self._server.redeem(op, ticket, perk):
            case Got():
                return Handed(perk, _without(left or (), perk))
            case Denied(problem) if problem.code == "perk_redeemed":
                return NotHanded(perk)
            case Denied(problem) if problem.status != 404:
                return NotHanded(perk, problem.detail)
            case Denied() | Missed():
                # A ticket that the server does not know was sold here, and it is yet to hear of that.
                if left is None:
                    return NotHanded(perk)
            case reply:
                assert_never(reply)
        self._log.record_perk(Act(op, Kind.PERK_REDEEMED, self._now(), {"ticketId": ticket, "perk": perk}))
        self._server.sent()
        return Handed(perk, _without(left, perk))

    def _left(self, ticket: TicketId) -> tuple[str, ...] | None:
        """None where this kiosk does not know the ticket."""
        try:
            known = self._tickets.ticket(ticket)
        except Problem:
            return None
        return None if known is None else known.perks_left


def _without(perks: tuple[str, ...], perk: str) -> tuple[str, ...]:
    left = list(perks)
    if perk in left:
        left.remove(perk)
    return tuple(left)

"""Sending acts: oldest first, in batches, each answer taken in before the next batch goes."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain import clock
from domain.errors import Invalid, Problem, TooLarge
from domain.sync import Answer, Kind, Operation, Status
from kiosk.store.notices import Notice
from kiosk.store.outbox import BATCH
from kiosk.sync import wire
from kiosk.sync.session import Session
from kiosk.sync.status import Noticed


class Uploader:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._limit = BATCH

    async def send(self) -> tuple[Answer, ...]:
        """Sends one batch; empty when nothing waits. An act that the server cannot even read is found by
        halving, kept as rejected, and holds up no other."""
        session, outbox = self._session, self._session.store.outbox
        batch = await session.work(outbox.waiting, self._limit)
        if not batch:
            return ()
        try:
            answers = await self._answers(batch)
            self._limit = min(BATCH, 2 * self._limit)
        except (Invalid, TooLarge) as problem:
            if len(batch) > 1:
                self._limit = max(1, len(batch) // 2)
                return await self.send()
            answers = (Answer(batch[0].op, Status.REJECTED, _stated(problem)),)
        await self._take(batch, answers)
        return answers

    async def _answers(self, batch: Sequence[Operation]) -> tuple[Answer, ...]:
        session, sent = self._session, self._session.now()
        body = {"sentAt": clock.rfc3339(sent), "operations": [wire.operation(act) for act in batch]}
        read = await session.client.post("/api/sync/ops", body)
        await session.measured(sent, wire.server_time(read))
        asked = {act.op for act in batch}
        answers = tuple(wire.answer(each) for each in read["answers"])
        return tuple(answer for answer in answers if answer.op in asked)

    async def _take(self, batch: Sequence[Operation], answers: Sequence[Answer]) -> None:
        notices = await self._session.work(self._store, batch, answers)
        for notice in notices:
            self._session.tell(Noticed(notice))

    def _store(self, batch: Sequence[Operation], answers: Sequence[Answer]) -> list[Notice]:
        """Answers and what staff must know of them in one transaction: neither is there without the other."""
        store, acts = self._session.store, {act.op: act for act in batch}
        with store.file.write():
            store.outbox.answer(answers)
            told = [notice for answer in answers if (notice := _notice(acts[answer.op], answer))]
            return [notice for notice in told if store.notices.add(notice)]


def _notice(act: Operation, answer: Answer) -> Notice | None:
    """None for an answer that is as everybody would have it."""
    mark = answer.detail.get("mark")
    match answer.status:
        case Status.REJECTED | Status.CONFLICT:
            kind = str(mark or answer.status)
        case _ if mark:
            kind = str(mark)
        case _ if act.kind == Kind.QUEUE_JOIN and _renumbered(act, answer):
            kind = "renumbered"
        case _:
            return None
    subject = act.payload.get("ticketId") or act.payload.get("entryId") or ""
    return Notice(act.op, kind, act.at, str(subject), answer.detail)


def _renumbered(act: Operation, answer: Answer) -> bool:
    """The server had heard of this join already, and given it another number than the one that was shown."""
    given = answer.detail.get("number")
    return given is not None and given != act.payload.get("number")


def _stated(problem: Problem) -> Mapping[str, Any]:
    return {"code": problem.code, "detail": problem.detail, "status": problem.status}

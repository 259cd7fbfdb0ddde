"""A change as staff send it, step by step: all of it in one transaction and one version."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from domain.service_request import Labour, Part, State
from server.db.database import Transaction
from server.service_requests import changes, intake, photos
from server.service_requests.schemas import ApprovalIn, LabourIn, PartIn, RequestChange
from server.service_requests.values import Decided, Device, Request

_NOTHING = {"version", "request_id"}
"""What changes nothing by itself."""


def update(transaction: Transaction, kept: Request, body: RequestChange, actor: str) -> Request:
    """The estimate sees the new lines, the state the new estimate, and the approval the new state."""
    changes.check_version(transaction.connection, kept, body.version)
    if not body.model_fields_set - _NOTHING:
        return kept
    kept = _corrected(transaction, kept, body, actor)
    for note in body.notes:
        changes.annotate(transaction, kept, note.text, note.public, actor)
    if body.photos:
        photos.tie(transaction, kept, body.photos, actor)
        changes.note_down(transaction, kept, "photographed", actor, photos=len(body.photos))
    if "assignee" in body.model_fields_set:
        kept = changes.assign(transaction, kept, body.assignee, actor)
    if body.parts is not None or body.labour is not None:
        kept = changes.price(transaction, kept, _parts(body.parts), _labour(body.labour), actor)
    if body.estimate is not None:
        said = body.estimate
        kept = changes.estimate(transaction, kept, said.low, said.high, said.valid_until, said.note, actor)
    kept = _moved(transaction, kept, body, actor)
    if "promised" in body.model_fields_set:
        kept = changes.promise(transaction, kept, body.promised, actor)
    return changes.keep(transaction, kept)


def _corrected(transaction: Transaction, kept: Request, body: RequestChange, actor: str) -> Request:
    """What was said at intake, set right."""
    said: dict[str, Any] = {
        name: getattr(body, name)
        for name in ("problem", "condition")
        if getattr(body, name) not in (None, getattr(kept, name))
    }
    if body.accessories is not None:
        said["accessories"] = tuple(body.accessories)
    if body.device is not None:
        said["device"] = Device(**body.device.model_dump())
    if body.customer is not None:
        named = body.customer.model_dump(include=body.customer.model_fields_set)
        contact = (
            kept.customer.contact if named.get("email", kept.customer.email) == kept.customer.email else None
        )
        customer = replace(kept.customer, **named, contact=contact)
        said["customer"] = intake.known(transaction, kept.org, actor, customer)
    if not said:
        return kept
    corrected = replace(kept, **said)
    changes.note_down(transaction, corrected, "corrected", actor, fields=sorted(said))
    return corrected


def _moved(transaction: Transaction, kept: Request, body: RequestChange, actor: str) -> Request:
    """An approval is given while it is waited for: before another state begins, or once that one has."""
    said, wanted = body.approval, body.state
    if said is not None and (wanted is None or kept.state is State.WAITING_APPROVAL):
        approved = _decided(transaction, kept, said, actor)
        # The approval itself has led there.
        if wanted is None or (approved.state is wanted and approved.state is not kept.state):
            return approved
        return changes.move(transaction, approved, wanted, actor)
    if wanted is not None:
        kept = changes.move(transaction, kept, wanted, actor)
    return kept if said is None else _decided(transaction, kept, said, actor)


def _decided(transaction: Transaction, kept: Request, said: ApprovalIn, actor: str) -> Request:
    by = Decided(transaction.now, actor, said.by or kept.customer.name, said.reason)
    return changes.decide(transaction, kept, said.decision, said.revision, by)


def _parts(lines: Sequence[PartIn] | None) -> list[Part] | None:
    if lines is None:
        return None
    return [Part(line.sku, line.text, line.quantity, line.price) for line in lines]


def _labour(lines: Sequence[LabourIn] | None) -> list[Labour] | None:
    if lines is None:
        return None
    return [
        Labour(line.text, line.minutes, line.minutes if line.billable is None else line.billable, line.rate)
        for line in lines
    ]

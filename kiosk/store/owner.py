"""Whose acts, numbers and copies a kiosk holds: those of one organisation at a time.

What the organisation before was not told of waits aside: it is sent to nobody else, staff see that it is
there, and it waits to be sent again once the kiosk is that organisation's again.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from sqlite3 import Connection

import orjson

from domain.ids import OrgId
from kiosk.store.outbox_file import OutboxFile
from kiosk.store.settings import KeptSettings

_OWNER = "owner"
_EMPTIED = ("lease", "seat_lease", "journal", "notice", "taking")


@dataclass(frozen=True, slots=True)
class Owner:
    """`since`, when it was made, tells an organisation from one of the same id on another server; empty where
    the server did not say."""

    org: OrgId
    since: str = ""
    name: str = ""

    def is_(self, other: "Owner") -> bool:
        return self.org == other.org and (self.since == other.since or "" in (self.since, other.since))


def known(settings: KeptSettings) -> Owner | None:
    """None where the kiosk was nobody's yet."""
    kept = settings.get(_OWNER)
    return Owner(**orjson.loads(kept)) if kept else None


def note(settings: KeptSettings, owner: Owner) -> None:
    settings.put(_OWNER, orjson.dumps(asdict(owner)).decode())


def hand_over(file: OutboxFile, settings: KeptSettings, before: Owner, after: Owner) -> None:
    """From one organisation to another, in one transaction: whoever is killed meanwhile is either's."""
    with file.write() as db:
        for table in _EMPTIED:
            db.execute(f"DELETE FROM {table}")  # noqa: S608
        # Settings that name a record of the server have a colon; those of the machine have none.
        db.execute("DELETE FROM setting WHERE instr(name, ':') > 0")
        _set_aside(db, before)
        _take_back(db, after)
        note(settings, after)


def _set_aside(db: Connection, owner: Owner) -> None:
    answer = orjson.dumps({"org": owner.org, "since": owner.since, **_words(owner)}).decode()
    db.execute("DELETE FROM outbox WHERE state = 'answered'")
    db.execute(
        "UPDATE outbox SET state = 'kept', answer = ? WHERE state IN ('waiting', 'rejected')", (answer,)
    )


def _take_back(db: Connection, owner: Owner) -> None:
    """What was rejected is looked at again too."""
    db.execute(
        "UPDATE outbox SET state = 'waiting', answer = NULL "
        "WHERE state = 'kept' AND json_extract(answer, '$.org') = ? "
        "AND json_extract(answer, '$.since') IN (?, '')",
        (owner.org, owner.since),
    )


def _words(owner: Owner) -> Mapping[str, str]:
    whose = owner.name or "another organisation"
    return {
        "code": "of_another_organization",
        "detail": f"This was done for {whose}, and is sent to nobody else: "
        "pair this kiosk with that organisation again to send it.",
    }

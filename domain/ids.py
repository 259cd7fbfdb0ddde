"""Identifiers. Ids are strings; a client may choose its own where a page says so."""

import re
from typing import NewType

OrgId = NewType("OrgId", str)
EventId = NewType("EventId", str)
TicketTypeId = NewType("TicketTypeId", str)
TicketId = NewType("TicketId", str)
ListId = NewType("ListId", str)
DeviceId = NewType("DeviceId", str)
OpId = NewType("OpId", str)
ServicePointId = NewType("ServicePointId", str)
EntryId = NewType("EntryId", str)

READABLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters and digits that people do not take for each other when they read them out."""

ID_PATTERN = r"^[A-Za-z0-9_-]{1,64}$"
_ID = re.compile(ID_PATTERN)


def is_id(text: str) -> bool:
    """Whether a client may give `text` as an id: letters, digits, `-`, `_`, 1 to 64 of them."""
    return _ID.fullmatch(text) is not None

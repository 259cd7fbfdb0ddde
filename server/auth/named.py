"""The organisation that a public route is called for, as the header `orgid` names it."""

from typing import Annotated

from fastapi import Depends, Header

from domain.errors import NotFound
from domain.ids import ID_PATTERN
from server.auth import store
from server.wire import Db


async def _named(
    db: Db, orgid: Annotated[str, Header(pattern=ID_PATTERN, description="The organisation.")]
) -> str:
    if not await db.read(lambda connection: store.has_organization(connection, orgid)):
        raise NotFound("there is no such organisation")
    return orgid


NamedOrg = Annotated[str, Depends(_named)]
"""The id of an organisation that exists; any other is `404`."""

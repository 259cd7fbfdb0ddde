"""Telling the server which devices this kiosk was before, so that what it gave out as one of them counts."""

from domain.errors import Problem
from kiosk.store import credentials
from kiosk.sync.faults import Revoked
from kiosk.sync.session import Session


async def claim(session: Session) -> None:
    """Before anything is sent that such a device did. A server that will not hear of one is told once.

    Raises what the client raises where the server is away.
    """
    folder = session.store.folder
    for token in await session.work(credentials.former, folder, session.credentials):
        try:
            await session.client.post("/api/devices/me/former", {"token": token})
        except Revoked:
            raise
        except Problem as problem:
            if problem.status >= 500:
                raise
        await session.work(credentials.forget_former, folder, token)

"""Makes the first organisation of a data folder, for whoever sets a server up at its command line."""

import asyncio
from collections.abc import Mapping

from pydantic import ValidationError

from domain.errors import Problem
from server.app import open_database, system_clock
from server.auth.passwords import Passwords, generated
from server.db.database import Clock
from server.settings import Settings
from server.setup import Begun, FirstIn, begin


class SetupError(Exception):
    """Nothing was made; the message says why and what to do."""


def set_up(
    settings: Settings, wanted: Mapping[str, object], clock: Clock = system_clock
) -> dict[str, object]:
    """Makes what `wanted` says, in the form of `POST /api/setup`; what the administrator has to know.

    Raises `SetupError`, and `SchemaError` for a database that cannot be opened.
    """
    try:
        first = FirstIn.model_validate(wanted)
    except ValidationError as fault:
        wrong = fault.errors()[0]
        raise SetupError(f"{'.'.join(map(str, wrong['loc']))}: {wrong['msg']}") from None
    password = first.administrator.password or generated()
    database = open_database(settings, clock)

    async def make() -> Begun:
        digest = await Passwords().digest(password)
        return await database.write(lambda transaction: begin(transaction, first, digest))

    try:
        begun = asyncio.run(make())
    except Problem as fault:
        raise SetupError(fault.detail) from fault
    finally:
        database.close()
    return {
        "orgId": begun.admin.org,
        "email": first.administrator.email,
        "password": password,
        "event": begun.event,
        "servicePoint": begun.service_point,
    }

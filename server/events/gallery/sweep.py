"""Files of pictures that nothing shows any more, because a server ended or an event was deleted: they go."""

import asyncio
from functools import partial
from itertools import islice

from server.db.database import Database, Transaction
from server.events.gallery import store
from server.events.gallery.pictures import Pictures

_AT_ONCE = 500


async def sweep(database: Database, pictures: Pictures) -> int:
    """How many pictures were forgotten. What came in within the last hour is let be."""
    settled, forgotten = pictures.settled(), 0
    while contents := await asyncio.to_thread(lambda: list(islice(settled, _AT_ONCE))):
        unused = await database.read(partial(store.unused, contents=contents))
        for content in unused:
            await database.write(partial(_forget, pictures=pictures, content=content))
        forgotten += len(unused)
    return forgotten


def _forget(transaction: Transaction, pictures: Pictures, content: str) -> None:
    store.forget(transaction, pictures, content)

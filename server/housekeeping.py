"""What the backend does by itself from time to time: dropping what nobody needs any more."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy import delete

from domain.clock import DAY
from domain.errors import Problem
from server.auth import access
from server.auth.tables import customer_links, refresh_tokens
from server.db.database import Database, Transaction
from server.db.tables import idempotent_answers
from server.events.gallery.pictures import Pictures
from server.events.gallery.sweep import sweep
from server.messaging import outbox
from server.service_requests import photos
from server.settings import Settings
from server.sync import feed

_EVERY = 3600.0
_log = logging.getLogger("usher.housekeeping")


def tidy(transaction: Transaction, settings: Settings) -> None:
    """Drops old rows of the change log, answers kept for a day, ended tokens and links; renews keys."""
    dropped = feed.compact(transaction, settings.change_log_days)
    day_ago = transaction.now - DAY
    transaction.connection.execute(delete(idempotent_answers).where(idempotent_answers.c.at < day_ago))
    transaction.connection.execute(delete(refresh_tokens).where(refresh_tokens.c.until < day_ago))
    transaction.connection.execute(delete(customer_links).where(customer_links.c.until < day_ago))
    outbox.forget(transaction, settings.mail_days)
    if access.renew_key(transaction, settings.key_days):
        _log.info("a new key signs the tokens from now on")
    if dropped:
        _log.info("dropped %d rows of the change log", dropped)


@asynccontextmanager
async def running(
    database: Database, settings: Settings, pictures: Pictures, of_requests: Pictures
) -> AsyncIterator[None]:
    """Tidies up every hour, as long as the context lasts."""
    task = asyncio.create_task(_every_hour(database, settings, pictures, of_requests))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _every_hour(
    database: Database, settings: Settings, pictures: Pictures, of_requests: Pictures
) -> None:
    while True:
        await asyncio.sleep(_EVERY)
        try:
            await database.write(lambda transaction: tidy(transaction, settings))
            if forgotten := await sweep(database, pictures):
                _log.info("deleted the files of %d pictures that nothing shows", forgotten)
            await photos.sweep(database, of_requests)
        except Problem as problem:
            _log.warning("not now: %s", problem.detail)
        except Exception:
            _log.exception("could not tidy up")

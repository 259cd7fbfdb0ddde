"""A picture as it comes in, in the field of a form: onto the disk piece by piece, and never for long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, BinaryIO

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect

from domain.errors import FieldError, Invalid, TooLarge, Unavailable, Unreadable, Unsupported
from server.db.sqlite import known
from server.events.gallery.sizes import BYTES

FIELD = "picture"
FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "properties": {FIELD: {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}
"""How the documentation describes it."""
_PATIENCE = 300.0


@asynccontextmanager
async def picture(
    request: Request, arriving: asyncio.Semaphore, patience: float = _PATIENCE
) -> AsyncIterator[BinaryIO]:
    """The file of a form, as long as the context lasts. Nothing is read before somebody asks for it, so that
    a stranger is told before they have sent anything.

    Raises `Unsupported` for what is no form, `Invalid` for one without a picture, `TooLarge`, `Unreadable`
    for one that does not arrive, `Unavailable` where `arriving` has no place left.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Unsupported(f"send the picture as multipart/form-data, in the field {FIELD!r}")
    if arriving.locked():
        raise Unavailable("too many pictures arrive at once: try again in a moment", retry_after=5)
    async with arriving:
        try:
            async with asyncio.timeout(patience):
                form = await request.form(max_files=1, max_fields=10)
        except TimeoutError:
            raise Unreadable("the picture did not arrive in time: try again") from None
        except ClientDisconnect:
            raise Unreadable("the picture did not arrive whole: try again") from None
        except OSError as fault:
            raise known(fault) from fault
        try:
            file = form.get(FIELD)
            if not isinstance(file, UploadFile):
                message = "choose a picture"
                raise Invalid(message, errors=[FieldError(("body", FIELD), message)])
            if (file.size or 0) > BYTES:
                raise TooLarge(f"a picture has at most {BYTES // 2**20} MB")
            yield file.file
        finally:
            await form.close()

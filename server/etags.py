"""ETags of records, so that a change that was made on an old state is refused."""

from hashlib import blake2b
from typing import Annotated

from fastapi import Header, Response

from domain.errors import Stale
from server.wire import Out

IfMatch = Annotated[
    str | None, Header(description="The ETag of the record as you saw it; a stale one is refused.")
]


def etag(record: Out) -> str:
    """The strong ETag of a record's answer."""
    return f'"{blake2b(record.model_dump_json().encode(), digest_size=12).hexdigest()}"'


def tag(response: Response, record: Out) -> None:
    """Sends the ETag along with a record."""
    response.headers["ETag"] = etag(record)


def check(if_match: str | None, record: Out) -> None:
    """Raises `Stale` where the caller saw another state of the record than this one."""
    if if_match is None or if_match.strip() == "*":
        return
    now = etag(record)
    if now not in {part.strip() for part in if_match.split(",")}:
        raise Stale("somebody changed this in the meantime: read it again, then change it")

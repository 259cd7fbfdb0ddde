"""The forms in which routes speak: base models, times, pages of a list, what every route depends on."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Generic, TypeVar

import orjson
from fastapi import Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer
from pydantic.alias_generators import to_camel

from domain import clock
from domain.clock import Instant
from domain.errors import Invalid
from domain.ids import ID_PATTERN
from server.addresses import typed
from server.db.database import Clock, Database
from server.settings import Settings

T = TypeVar("T")


class In(BaseModel):
    """A request: camelCase, unknown fields are an error."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class Patch(In):
    """A change to a record: what is absent stays, and null empties only what may be empty."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset()

    def given(self) -> dict[str, Any]:
        """The fields to change, by their names inside."""
        fields = {name: getattr(self, name) for name in self.model_fields_set}
        return {k: v for k, v in fields.items() if v is not None or k in self.may_be_empty}


class Out(BaseModel):
    """An answer: camelCase."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


def _instant(value: object) -> object:
    if isinstance(value, str):
        try:
            return clock.parse(value)
        except Invalid as fault:
            raise ValueError(fault.detail) from None
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError("write a time as 2026-05-10T14:00:00Z")


def _storable(value: str) -> str:
    """PostgreSQL stores no NUL, and nothing stores half of a surrogate pair."""
    if not is_storable(value):
        raise ValueError("contains a character that cannot be stored")
    return value


def is_storable(value: str) -> bool:
    """Whether a database can keep this text."""
    return "\x00" not in value and not any("\ud800" <= char <= "\udfff" for char in value)


def _zone(value: str) -> str:
    try:
        return clock.zone(value).key
    except Invalid as fault:
        raise ValueError(fault.detail) from None


At = Annotated[
    Instant,
    BeforeValidator(_instant, json_schema_input_type=str),
    PlainSerializer(clock.rfc3339, return_type=str, when_used="json"),
    Field(json_schema_extra={"type": "string", "format": "date-time"}),
]
"""A time: RFC 3339 outside, an instant inside."""

Text = Annotated[str, AfterValidator(_storable), Field(max_length=255)]
LongText = Annotated[str, AfterValidator(_storable), Field(max_length=10_000)]
MailAddress = Annotated[Text, Field(max_length=254), AfterValidator(typed)]
"""An e-mail address as a person types it, which becomes its one form."""
Id = Annotated[str, Field(pattern=ID_PATTERN)]
Zone = Annotated[str, Field(max_length=64), AfterValidator(_zone)]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Money = Annotated[int, Field(ge=0, le=10**12)]
Language = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,35}$")]
"""A BCP 47 tag."""
Texts = Annotated[dict[Language, Text], Field(max_length=32)]
"""A text in several languages: BCP 47 tag to text."""
LongTexts = Annotated[dict[Language, LongText], Field(max_length=32)]


def event_stream(
    frames: AsyncIterator[bytes], headers: Mapping[str, str] = MappingProxyType({})
) -> StreamingResponse:
    """Server-sent events as they come: nobody on the way keeps them or waits for more."""
    own = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(frames, media_type="text/event-stream", headers={**headers, **own})


class Page(Out, Generic[T]):
    """One page of a list; `nextCursor` is null on the last."""

    items: list[T]
    next_cursor: str | None = None


Limit = Annotated[int, Query(ge=1, le=500)]
Cursor = Annotated[str | None, Query(max_length=500)]


class Paging(BaseModel):
    """`limit` and `cursor` of a list, for a route that asks all in one: taking them apart would take it
    longer than the answer."""

    limit: Annotated[int, Field(ge=1, le=500)] = 50
    cursor: Annotated[str | None, Field(max_length=500)] = None


def cursor(*values: str | int) -> str:
    """An opaque cursor: where the next page starts."""
    return urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def next_cursor(found: Sequence[T], limit: int, place: Callable[[T], tuple[str | int, ...]]) -> str | None:
    """The cursor after a page, of which one record more than `limit` was asked for; None on the last.

    `place` gives the values by which the list is ordered.
    """
    return cursor(*place(found[limit - 1])) if len(found) > limit else None


def cursor_values(text: str, *kinds: type) -> list[str | int]:
    """What `cursor` was made of. Raises `Invalid` for a text that is no cursor of this list."""
    try:
        values = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        values = None
    if (
        not isinstance(values, list)
        or [type(value) for value in values] != list(kinds)
        or not all(map(_comparable, values))
    ):
        raise Invalid("this cursor is not one of this list; start without one", code="cursor_unknown")
    return values


def _comparable(value: str | int) -> bool:
    """Whether a database can compare a column with it."""
    if isinstance(value, str):
        return is_storable(value)
    return -(2**63) <= value < 2**63


# Coroutines, although they wait for nothing: FastAPI sends plain functions to a thread each time.
async def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


async def _clock(request: Request) -> Clock:
    return request.app.state.clock  # type: ignore[no-any-return]


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


Db = Annotated[Database, Depends(_database)]
Now = Annotated[Clock, Depends(_clock)]
Config = Annotated[Settings, Depends(_settings)]

"""What an event is asked for and answers."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from server.events.life import EventState
from server.wire import At, Id, In, Out, Patch, Text, Texts, Zone

Name = Annotated[Texts, Field(min_length=1)]


class EventIn(In):
    """A new event, a draft at first. `name` is a text per language; `zone` an IANA zone."""

    id: Id | None = None
    name: Name
    starts: At
    ends: At
    zone: Zone
    place: Text = ""

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.ends <= self.starts:
            raise ValueError("an event ends after it starts")
        return self


class EventPatch(Patch):
    name: Name | None = None
    starts: At | None = None
    ends: At | None = None
    zone: Zone | None = None
    place: Text | None = None


class EventOut(Out):
    """An event. `number` stands in ticket codes."""

    id: str
    number: int
    name: dict[str, str]
    starts: At
    ends: At
    zone: str
    place: str
    state: EventState
    created: At
    changed: At

"""What an event is asked for and answers."""

from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from server.events.life import EventState
from server.events.slugs import LONGEST
from server.wire import At, Id, In, Language, LongTexts, Out, Patch, Text, Texts, Zone

RESERVED = frozenset({"booking", "check-in", "participation", "stripe", "tickets"})
"""Words that stand in addresses where an event's id does."""


def _free(id_: str) -> str:
    if id_ in RESERVED:
        raise ValueError(f"{id_!r} stands for something else in addresses: choose another id")
    return id_


def _once(values: list[str]) -> list[str]:
    """Each of them once, however it is written."""
    return list({value.casefold(): value for value in reversed(values)}.values())[::-1]


NewId = Annotated[Id, AfterValidator(_free)]
Name = Annotated[Texts, Field(min_length=1)]
Languages = Annotated[list[Language], Field(max_length=32), AfterValidator(_once)]
Tag = Annotated[Text, StringConstraints(strip_whitespace=True), Field(max_length=40, pattern=r"^[^|]+$")]
Tags = Annotated[list[Tag], Field(max_length=30), AfterValidator(_once)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=LONGEST)]
Address = Annotated[Text, Field(description="As it stands on a letter; lines may be broken.")]


class Coordinates(In):
    """A place on the map, in degrees of WGS 84."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class EventIn(In):
    """A new event, a draft at first. `name` and `description` are texts per language; `zone` an IANA zone.

    Without `languages` they are those of the name; without `slug`, which ends the event's public address,
    one is made of the name.
    """

    id: NewId | None = None
    name: Name
    starts: At
    ends: At
    zone: Zone
    place: Text = ""
    description: LongTexts = Field(default_factory=dict)
    languages: Languages = []
    address: Address = ""
    coordinates: Coordinates | None = None
    tags: Tags = []
    slug: Slug | None = None

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.ends <= self.starts:
            raise ValueError("an event ends after it starts")
        return self


class EventPatch(Patch):
    may_be_empty: ClassVar[frozenset[str]] = frozenset({"coordinates"})

    name: Name | None = None
    starts: At | None = None
    ends: At | None = None
    zone: Zone | None = None
    place: Text | None = None
    description: LongTexts | None = None
    languages: Languages | None = None
    address: Address | None = None
    coordinates: Coordinates | None = None
    tags: Tags | None = None
    slug: Slug | None = None

    def given(self) -> dict[str, Any]:
        fields = super().given()
        if "coordinates" in fields:
            place = fields.pop("coordinates")
            fields |= {name: getattr(place, name, None) for name in ("latitude", "longitude")}
        return fields


class EventOut(Out):
    """An event. `number` stands in ticket codes; `cover` names its picture."""

    id: str
    number: int
    name: dict[str, str]
    starts: At
    ends: At
    zone: str
    place: str
    description: dict[str, str]
    languages: list[str]
    address: str
    coordinates: Coordinates | None
    tags: list[str]
    slug: str
    cover: str | None
    state: EventState
    created: At
    changed: At

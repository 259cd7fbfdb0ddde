"""What sessions are asked for and answer."""

from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from server.wire import At, Id, In, LongTexts, Out, Patch, Text, Texts

Title = Annotated[Texts, Field(min_length=1)]
Capacity = Annotated[int, Field(ge=0, le=1_000_000)]


class Speaker(In):
    """Who speaks; `about` says where they are from, or what they do."""

    name: Annotated[Text, Field(min_length=1)]
    about: Text = ""


Speakers = Annotated[list[Speaker], Field(max_length=50)]


class SessionIn(In):
    """A talk or a workshop within its event. `title` and `abstract` are texts per language; `capacity` null
    is without limit."""

    id: Id | None = None
    title: Title
    abstract: LongTexts = Field(default_factory=dict)
    room: Text = ""
    track: Text = ""
    speakers: Speakers = []
    starts: At
    ends: At
    capacity: Capacity | None = None

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.ends <= self.starts:
            raise ValueError("a session ends after it starts")
        return self


class SessionPatch(Patch):
    may_be_empty: ClassVar[frozenset[str]] = frozenset({"capacity"})

    title: Title | None = None
    abstract: LongTexts | None = None
    room: Text | None = None
    track: Text | None = None
    speakers: Speakers | None = None
    starts: At | None = None
    ends: At | None = None
    capacity: Capacity | None = None


class SessionOut(Out):
    """A session. `taken` is how many chose it; `left` is null where there is no limit."""

    id: str
    event: str
    title: dict[str, str]
    abstract: dict[str, str]
    room: str
    track: str
    speakers: list[Speaker]
    starts: At
    ends: At
    capacity: int | None
    taken: int
    left: int | None

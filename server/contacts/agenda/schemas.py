"""What the routes of CRM events take and give."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from server.wire import At, Id, In, LongText, Out, Patch, Text

EventKind = Literal["meeting", "demo", "call", "follow_up", "other"]
About = Literal["contact", "lead", "merchant"]
Title = Annotated[Text, StringConstraints(strip_whitespace=True), Field(min_length=1, max_length=200)]


class Subject(In):
    """Whom it is about."""

    type: About = "contact"
    id: Id


class CrmEventIn(In):
    """`owner` is a member of staff; without one, whoever makes it."""

    id: Id | None = None
    kind: EventKind = "meeting"
    title: Title
    notes: LongText = ""
    place: Text = ""
    subject: Subject
    owner: Id | None = None
    start: At
    end: At

    @model_validator(mode="after")
    def _lasts(self) -> "CrmEventIn":
        if self.end <= self.start:
            raise ValueError("an event ends after it starts")
        return self


class CrmEventChange(Patch):
    """What is not named stays."""

    id: Id
    kind: EventKind | None = None
    title: Title | None = None
    notes: LongText | None = None
    place: Text | None = None
    subject: Subject | None = None
    owner: Id | None = None
    start: At | None = None
    end: At | None = None


class CrmEventOut(Out):
    id: str
    kind: EventKind
    title: str
    notes: str
    place: str
    subject: Subject
    owner: str
    start: At
    end: At
    created: At
    changed: At

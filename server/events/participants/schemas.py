"""What invitations and participations are asked for and answer."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from server.events.participants.states import State, Visibility
from server.wire import At, Id, In, MailAddress, Out

SessionIds = Annotated[list[Id], Field(max_length=200)]


class InvitationsIn(In):
    """Whom to invite: addresses, contacts of the book, or both."""

    emails: Annotated[list[MailAddress], Field(max_length=500)] = []
    contacts: Annotated[list[Id], Field(max_length=500)] = []

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not self.emails and not self.contacts:
            raise ValueError("name somebody, by address or as a contact")
        return self


class InvitationOut(Out):
    """Somebody who was invited, and what they answered."""

    id: str
    contact: str
    name: str
    email: str
    state: State
    invited: At | None
    answered: At | None


class Invited(InvitationOut):
    """`sent` tells whether a mail goes out: not to those who take part or were invited already."""

    sent: bool


class InvitationsOut(Out):
    items: list[Invited]


class ResponseIn(In):
    """An answer to an invitation; whoever accepts may choose sessions at once."""

    response: Literal["accepted", "declined"]
    sessions: SessionIds | None = None

    @model_validator(mode="after")
    def _only_who_comes(self) -> Self:
        if self.response == "declined" and self.sessions:
            raise ValueError("whoever declines chooses no sessions")
        return self


class ChoiceIn(In):
    """The sessions to be in from now on, all of them; what other participants see stays unless given."""

    sessions: SessionIds
    visibility: Visibility | None = None

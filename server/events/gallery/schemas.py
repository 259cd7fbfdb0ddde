"""What galleries are asked for and answer."""

from typing import Annotated

from pydantic import Field

from server.wire import At, In, Out, Patch, Text


class ShotOut(Out):
    """A picture. `thumb` and `full` are the addresses of its files for this caller; `own` tells whether the
    caller sent it."""

    id: str
    width: int
    height: int
    created: At
    own: bool
    thumb: str
    full: str


class StaffShotOut(ShotOut):
    """`uploader` is `customer:id`, `guest:id` of a link, or `staff:id`."""

    uploader: str
    hidden: bool


class ShotPatch(Patch):
    """What is hidden is shown to nobody but staff, whoever sent it."""

    hidden: bool | None = None


class LinkIn(In):
    """A link for guests; `label` is for the organiser, such as the table that it lies on."""

    label: Text = ""


class LinkOut(Out):
    """`token` is the `guestId` of the guests' addresses; `link` is the page for people."""

    id: str
    label: str
    token: Annotated[str, Field(description="Whoever has it sees and adds pictures.")]
    link: str
    revoked: At | None
    created: At

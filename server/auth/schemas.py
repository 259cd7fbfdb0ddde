"""What sign-in, staff and devices are asked and answer."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from server.wire import At, Id, In, Out, Patch, Text

Email = Annotated[
    Text,
    Field(max_length=254, pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+$"),
    AfterValidator(str.casefold),
]
Password = Annotated[str, Field(min_length=8, max_length=1000)]
Permission = Literal["door", "desk", "support", "events", "admin"]
Mode = Literal["door", "desk", "welcome", "display"]
ScopeName = Annotated[str, Field(pattern=r"^(event|servicePoint):[A-Za-z0-9_-]{1,64}$")]
Scopes = Annotated[list[ScopeName], Field(max_length=500)]
Lists = Annotated[list[Id], Field(max_length=100)]


class LoginIn(In):
    email: Text
    password: Annotated[str, Field(max_length=1000)]


class RefreshIn(In):
    refresh_token: Annotated[str, Field(max_length=200)]


class TokensOut(Out):
    """`accessToken` goes with every request for `expiresIn` seconds, `refreshToken` gets the next pair."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105
    expires_in: int
    org_id: str


class StaffIn(In):
    """A new member of staff; without a password one is made and answered, this once."""

    id: Id | None = None
    email: Email
    name: Text = ""
    password: Password | None = None
    permissions: Annotated[list[Permission], Field(max_length=5)] = []


class StaffPatch(Patch):
    """A changed password or `active: false` ends every sign-in of that person."""

    name: Text | None = None
    password: Password | None = None
    permissions: Annotated[list[Permission], Field(max_length=5)] | None = None
    active: bool | None = None


class StaffOut(Out):
    id: str
    email: str
    name: str
    permissions: list[str]
    active: bool
    created: At


class StaffMade(StaffOut):
    password: str | None = None
    """The generated password; null where one was given."""


class MeOut(Out):
    """Who is calling: staff with permissions, a customer, or a device with a mode and scopes."""

    role: str
    id: str
    org_id: str
    organization: str
    name: str
    email: str | None = None
    permissions: list[str] = []
    mode: str | None = None
    scopes: list[str] = []


class DeviceIn(In):
    """A kiosk to be paired. `scopes` are what it may see; `lists` and `gate` are what a door starts with; one
    that `sells` may sell the tickets that are sold at the door."""

    name: Annotated[Text, Field(min_length=1)]
    mode: Mode
    scopes: Scopes
    lists: Lists = []
    gate: Text = ""
    sells: bool = False


class DevicePatch(Patch):
    name: Annotated[Text, Field(min_length=1)] | None = None
    mode: Mode | None = None
    scopes: Scopes | None = None
    lists: Lists | None = None
    gate: Text | None = None
    sells: bool | None = None


class DeviceOut(Out):
    """`seen` is when it last synced, to the minute; `clockOffset` is what to add to its clock to get the
    server's, in milliseconds, as last measured."""

    id: str
    name: str
    mode: str
    scopes: list[str]
    lists: list[str]
    gate: str
    sells: bool
    state: Literal["waiting", "paired", "revoked"]
    platform: str
    created: At
    paired: At | None
    revoked: At | None
    seen: At | None
    clock_offset: int | None


class DeviceMade(Out):
    """A device that waits for its kiosk; the code pairs once, until `expiresAt`."""

    id: str
    name: str
    mode: str
    scopes: list[str]
    lists: list[str]
    gate: str
    sells: bool
    pairing_code: str
    pairing_uri: str
    pairing_qr_svg: str
    expires_at: At


class PairIn(In):
    pairing_code: Annotated[str, Field(min_length=1, max_length=64)]
    name: Text | None = None
    platform: Text = ""


class FormerIn(In):
    token: Annotated[str, Field(min_length=1, max_length=4096)]


class DeviceSelf(Out):
    """What a device is told of itself."""

    id: str
    name: str
    mode: str
    scopes: list[str]
    lists: list[str]
    gate: str
    sells: bool
    organization: str
    server: str
    server_time: At


class Paired(Out):
    """A paired device, and its token, which is told this once. `orgSince` is when the organisation was made:
    another server may have one of the same id."""

    device_id: str
    token: str
    org_id: str
    org_since: At
    organization: str
    name: str
    mode: str
    scopes: list[str]
    lists: list[str]
    gate: str
    sells: bool
    server: str
    server_time: At

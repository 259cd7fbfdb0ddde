"""The caller of a request, and the dependency by which a route says who may call it.

async def scan(caller: Annotated[Caller, Depends(Allow(staff="door", modes={"door"}))]) -> ...
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from fastapi import Request
from fastapi.openapi.models import HTTPBearer as BearerModel
from fastapi.security.base import SecurityBase

from domain.errors import Forbidden, NotFound, Unauthenticated


class Role(StrEnum):
    STAFF = "staff"
    DEVICE = "device"
    CUSTOMER = "customer"
    USER = "user"
    COMPANY = "company"
    PLATFORM = "platform"


ANYBODY = "anybody"
"""Instead of a permission: staff, whatever they may do."""
PERMISSIONS = ("door", "desk", "support", "events", "admin")
MODES = ("door", "desk", "welcome", "display")
SCOPES_OF = {
    "door": frozenset({"event"}),
    "desk": frozenset({"servicePoint"}),
    "welcome": frozenset({"servicePoint"}),
    "display": frozenset({"event", "servicePoint"}),
}
"""Which kinds of scopes a device of each mode may have."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody known. `scopes`, `lists`, `gate` and `sells` are a device's; `permissions` are a
    person's."""

    role: Role
    org: str
    id: str
    permissions: frozenset[str] = frozenset()
    mode: str = ""
    scopes: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    gate: str = ""
    sells: bool = False

    @property
    def actor(self) -> str:
        """Who it was, for the trail: `staff:…`, `device:…`, `customer:…`."""
        return f"{self.role}:{self.id}"

    def may(self, permission: str) -> bool:
        return permission == ANYBODY or not self.permissions.isdisjoint((permission, "admin"))

    def own(self) -> list[str] | None:
        """The ids of a device's scopes; None for who is not held to some."""
        if self.role is not Role.DEVICE:
            return None
        return [scope.partition(":")[2] for scope in self.scopes]

    def covers(self, scope: str) -> bool:
        """Whether this caller may see a scope of its organisation; a device only its own ones of its mode."""
        return self.role is not Role.DEVICE or (scope in self.scopes and fits(scope, self.mode))


def fits(scope: str, mode: str) -> bool:
    """Whether a device of that mode may have a scope."""
    return scope.partition(":")[0] in SCOPES_OF.get(mode, ())


class Allow(SecurityBase):
    """Lets in staff with a permission or one of several, devices of some modes, customers.

    Raises `Unauthenticated` for nobody known, `Forbidden` for somebody who may not, and `NotFound`
    where the address or the header `orgid` names another organisation.
    """

    scheme_name = "bearer"
    model = BearerModel(description="An access token from sign-in, or a device's token from pairing.")

    def __init__(
        self,
        *,
        staff: str | Collection[str] = (),
        modes: Collection[str] = (),
        customer: bool = False,
    ) -> None:
        self.permissions = frozenset({staff} if isinstance(staff, str) else staff)
        self.modes = frozenset(modes)
        self.customer = customer

    async def __call__(self, request: Request) -> Caller:
        caller: Caller = request.app.state.access.caller(bearer(request))
        named = {request.path_params.get("orgId"), request.headers.get("orgid")} - {None, "", caller.org}
        if named and caller.role is not Role.PLATFORM:
            raise NotFound("there is no such organisation")
        self.check(caller)
        return caller

    def check(self, caller: Caller) -> None:
        """Raises `Forbidden` for somebody who may not."""
        if not self._lets(caller):
            raise Forbidden(f"this needs {self._wants()}")

    def _lets(self, caller: Caller) -> bool:
        match caller.role:
            case Role.DEVICE:
                return caller.mode in self.modes
            case Role.CUSTOMER:
                return self.customer
            case Role.STAFF:
                return any(map(caller.may, self.permissions))
            case _:
                return False

    def _wants(self) -> str:
        permissions = " or ".join(map(repr, sorted(self.permissions)))
        staff = [f"a member of staff with the permission {permissions}"] if permissions else []
        device = [f"a device paired for {' or '.join(sorted(self.modes))}"] if self.modes else []
        customer = ["a customer who has signed in"] if self.customer else []
        return " or ".join(staff + device + customer)


def bearer(request: Request) -> str:
    """The token of a request. Raises `Unauthenticated` where there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("sign in first: send the header Authorization: Bearer <token>")
    return token.strip()

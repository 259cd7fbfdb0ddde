"""The first set-up: an organisation, its administrator, what it starts with, and the first kiosk.

Only while there is no organisation yet, and only for whoever knows the secret that the program which
started this server has given it.
"""

from dataclasses import dataclass
from hmac import compare_digest
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import Field, model_validator

from domain.clock import Instant
from domain.errors import Conflict, Forbidden
from server.admission import lists
from server.admission.schemas import ListIn
from server.auth import device_routes, device_service, staff_service, store
from server.auth.caller import Caller, Role, fits
from server.auth.device_service import Kiosk
from server.auth.limits import RateLimit
from server.auth.passwords import generated
from server.auth.routes import AccessOf, PasswordsOf
from server.auth.schemas import DeviceIn, Email, Mode, Paired, Password, StaffIn
from server.db.database import Transaction
from server.db.locks import lock
from server.events import service as event_service
from server.events.life import Step
from server.events.schemas import EventIn
from server.queues import service_points
from server.queues.schemas import PointIn
from server.settings import Settings
from server.ticketing import types
from server.ticketing.schemas import TypeIn
from server.wire import Config, Db, Id, In, Text, Zone

router = APIRouter(tags=["setup"])

SETUP = RateLimit("setup", "10/minute")
_DEFAULT_TYPE = TypeIn(id="ticket", name="Ticket")
_DEFAULT_LIST = ListIn(id="main", name="Main entrance")


class OrganizationIn(In):
    id: Id | None = None
    name: Annotated[Text, Field(min_length=1)]
    zone: Zone = "UTC"


class AdministratorIn(In):
    """Without a password one is made and answered, this once."""

    email: Email
    name: Text = ""
    password: Password | None = None


class FirstEventIn(EventIn):
    """An event with one ticket type and one check-in list; it is published at once."""

    ticket_type: TypeIn = _DEFAULT_TYPE
    check_in_list: ListIn = _DEFAULT_LIST


class KioskIn(In):
    """Without a mode it stands at the door of the event, or at the desk of the service point."""

    name: Annotated[Text, Field(min_length=1)] = "This computer"
    mode: Mode | None = None
    platform: Text = ""


class FirstIn(In):
    """The organisation, and what it starts with."""

    organization: OrganizationIn
    administrator: AdministratorIn
    event: FirstEventIn | None = None
    service_point: PointIn | None = None

    @model_validator(mode="after")
    def _starts_with_something(self) -> Self:
        if self.event is None and self.service_point is None:
            raise ValueError("name a first event, a first service point, or both")
        return self


class SetupIn(FirstIn):
    device: KioskIn = KioskIn()


class SetupOut(Paired):
    """As a pairing answers, and the administrator's password where it was made here."""

    email: str
    password: str | None
    event: str | None
    service_point: str | None


@dataclass(frozen=True, slots=True)
class Begun:
    """What was made: `admin` is the administrator, as whom all else is made."""

    admin: Caller
    event: str | None
    service_point: str | None


@router.post("/api/setup", status_code=201, dependencies=[Depends(SETUP)])
async def setup(
    request: Request,
    response: Response,
    body: SetupIn,
    database: Db,
    passwords: PasswordsOf,
    access: AccessOf,
    settings: Config,
    secret: Annotated[str, Header(alias="X-Setup-Secret")] = "",
) -> SetupOut:
    """Makes the first organisation, and pairs the computer that asks. Holders of the set-up secret."""
    _require(settings, secret)
    password = body.administrator.password or generated()
    digest = await passwords.digest(password)

    def job(transaction: Transaction) -> tuple[Begun, Kiosk, Instant]:
        begun = begin(transaction, body, digest)
        since = store.organization_since(transaction.connection, begun.admin.org)
        return begun, _kiosk(transaction, begun, body.device), since

    begun, kiosk, since = await database.write(job)
    server = device_routes.server_address(request, settings)
    paired = await device_routes.paired(access, kiosk, body.organization.name, since, server)
    response.headers["Cache-Control"] = "no-store"
    return SetupOut(
        **paired.model_dump(),
        email=body.administrator.email,
        password=None if body.administrator.password else password,
        event=begun.event,
        service_point=begun.service_point,
    )


def _require(settings: Settings, secret: str) -> None:
    """Raises `Forbidden` unless the secret is the one of the settings."""
    if not settings.setup_secret or not compare_digest(secret.encode(), settings.setup_secret.encode()):
        raise Forbidden(
            "this server is set up by the program that started it, or with the header X-Setup-Secret "
            "and the secret of its setting USHER_SETUP_SECRET",
            code="setup_secret_wrong",
        )


def begin(transaction: Transaction, body: FirstIn, digest: str) -> Begun:
    """Makes the first organisation; `digest` is that of the administrator's password.

    Raises `Conflict` where there is an organisation already.
    """
    lock(transaction.connection, "setup")
    if store.any_organization(transaction.connection):
        raise Conflict(
            "this server is set up already: sign in, and pair this computer with a code from there",
            code="already_set_up",
        )
    admin = _organization(transaction, body, digest)
    event = None if body.event is None else _event(transaction, admin, body.event)
    point = None
    if body.service_point is not None:
        point = service_points.create(transaction, admin.org, admin.actor, body.service_point).id
    return Begun(admin, event, point)


def _organization(transaction: Transaction, body: FirstIn, digest: str) -> Caller:
    """The organisation with its administrator."""
    wanted = body.organization
    org = staff_service.add_organization(transaction, id_=wanted.id, name=wanted.name, zone=wanted.zone)
    new = StaffIn(email=body.administrator.email, name=body.administrator.name, permissions=["admin"])
    person = staff_service.add_person(transaction, org, "system", new, digest)
    return Caller(Role.STAFF, org, person.id, frozenset({"admin"}))


def _event(transaction: Transaction, admin: Caller, wanted: FirstEventIn) -> str:
    event = event_service.add(transaction, admin.org, admin.actor, wanted)
    event_service.step(transaction, event, admin.actor, Step.PUBLISH)
    types.add(transaction, admin.org, event.id, admin.actor, wanted.ticket_type)
    lists.add(transaction, admin, event.id, wanted.check_in_list)
    return event.id


def _kiosk(transaction: Transaction, begun: Begun, wanted: KioskIn) -> Kiosk:
    """The device of the computer that asks, paired already."""
    admin, event, point = begun.admin, begun.event, begun.service_point
    mode = wanted.mode or ("door" if event else "desk")
    made = [f"event:{event}"] if event else []
    made += [f"servicePoint:{point}"] if point else []
    scopes = [scope for scope in made if fits(scope, mode)]
    names = (
        [] if event is None else [list_.id for list_ in lists.listed(transaction.connection, admin, event)]
    )
    new = DeviceIn(name=wanted.name, mode=mode, scopes=scopes, lists=names, sells=mode == "door")
    _, code = device_service.make(transaction, admin.org, admin.actor, new)
    return device_service.pair(transaction, code, None, wanted.platform)

"""Routes of devices: `/api/devices`."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool

from domain.clock import Instant
from server import qr
from server.auth import device_service, store
from server.auth.access import Access
from server.auth.caller import MODES, Allow, Caller, Role
from server.auth.device_service import Kiosk, as_set, shown
from server.auth.limits import RateLimit
from server.auth.routes import AccessOf
from server.auth.schemas import (
    DeviceIn,
    DeviceMade,
    DeviceOut,
    DevicePatch,
    DeviceSelf,
    FormerIn,
    Paired,
    PairIn,
)
from server.auth.sightings import Seen
from server.db.database import Transaction
from server.etags import IfMatch, check, tag
from server.settings import Settings
from server.wire import Config, Cursor, Db, Id, Limit, Now, Page, cursor_values, next_cursor

router = APIRouter(prefix="/api/devices", tags=["devices"])

PAIR = RateLimit("pair", "10/minute")
Admin = Annotated[Caller, Depends(Allow(staff="admin"))]
Device = Annotated[Caller, Depends(Allow(modes=MODES))]


@router.post("", status_code=201)
async def make(
    request: Request, response: Response, new: DeviceIn, caller: Admin, database: Db, settings: Config
) -> DeviceMade:
    """Makes a device with a code that pairs one kiosk, once, within 10 minutes. Staff `admin`."""
    kiosk, code = await database.write(
        lambda transaction: device_service.make(transaction, caller.org, caller.actor, new)
    )
    tag(response, as_set(kiosk))
    return await _with_code(kiosk, code, server_address(request, settings))


@router.post("/{id}/pairing-code", status_code=201)
async def pair_again(
    id: Id, request: Request, caller: Admin, database: Db, access: AccessOf, settings: Config
) -> DeviceMade:
    """A new code for a kiosk that was set up anew; its old token is refused from now on. Staff `admin`.

    The device stays what it is, with its scopes, lists and history. `409` for a revoked one.
    """

    def job(transaction: Transaction) -> tuple[Kiosk, str]:
        kiosk = device_service.kiosk_of(transaction.connection, caller.org, id, lock=True)
        return device_service.pair_again(transaction, kiosk, caller.actor)

    kiosk, code = await database.write(job)
    await access.refresh()
    return await _with_code(kiosk, code, server_address(request, settings))


@router.post("/pair", dependencies=[Depends(PAIR)])
async def pair(
    request: Request, response: Response, body: PairIn, database: Db, access: AccessOf, settings: Config
) -> Paired:
    """Pairs a kiosk: its code for a token, which lives until the device is revoked. Public."""

    def job(transaction: Transaction) -> tuple[Kiosk, str, Instant]:
        kiosk = device_service.pair(transaction, body.pairing_code, body.name, body.platform)
        name = store.organization_name(transaction.connection, kiosk.org)
        return kiosk, name, store.organization_since(transaction.connection, kiosk.org)

    kiosk, organization, since = await database.write(job)
    response.headers["Cache-Control"] = "no-store"
    return await paired(access, kiosk, organization, since, server_address(request, settings))


@router.get("/me")
async def me(
    request: Request, caller: Device, database: Db, now: Now, sightings: Seen, settings: Config
) -> DeviceSelf:
    """What a device is set to now, and where phones reach this server. Devices."""
    await sightings.note(caller, now())
    kiosk = await database.read(lambda c: device_service.kiosk_of(c, caller.org, caller.id))
    organization = await database.read(lambda c: store.organization_name(c, caller.org))
    return DeviceSelf(
        **_face(kiosk),
        id=kiosk.id,
        organization=organization,
        server=server_address(request, settings),
        server_time=now(),
    )


@router.post("/me/former", status_code=204)
async def former(body: FormerIn, caller: Device, database: Db, access: AccessOf) -> None:
    """Tells which device this kiosk was before it was paired as this one, proved by that one's token, which
    may be revoked: the numbers and seats that it had on lease are this one's. Devices."""
    before = access.device_of(body.token)
    await database.write(lambda transaction: device_service.succeed(transaction, caller, before))


@router.get("")
async def devices(caller: Admin, database: Db, limit: Limit = 50, cursor: Cursor = None) -> Page[DeviceOut]:
    """All devices, the oldest first; revoked ones too. Staff `admin`."""
    after = str(cursor_values(cursor, str)[0]) if cursor else ""
    found = await database.read(lambda c: device_service.kiosks(c, caller.org, after, limit + 1))
    return Page[DeviceOut](
        items=[shown(kiosk) for kiosk in found[:limit]],
        next_cursor=next_cursor(found, limit, lambda kiosk: (kiosk.id,)),
    )


@router.patch("/{id}")
async def change(
    id: Id,
    patch: DevicePatch,
    caller: Admin,
    database: Db,
    access: AccessOf,
    response: Response,
    if_match: IfMatch = None,
) -> DeviceOut:
    """Changes what a device is called, does and sees; at once. Staff `admin`."""

    def job(transaction: Transaction) -> Kiosk:
        kiosk = device_service.kiosk_of(transaction.connection, caller.org, id, lock=True)
        check(if_match, as_set(kiosk))
        return device_service.change(transaction, kiosk, caller.actor, patch.given())

    changed = await database.write(job)
    await access.refresh()
    tag(response, as_set(changed))
    return shown(changed)


@router.delete("/{id}", status_code=204)
async def revoke(id: Id, caller: Admin, database: Db, access: AccessOf) -> None:
    """Revokes a device: from now on its token is refused. Staff `admin`."""

    def job(transaction: Transaction) -> None:
        kiosk = device_service.kiosk_of(transaction.connection, caller.org, id, lock=True)
        device_service.revoke(transaction, kiosk, caller.actor)

    await database.write(job)
    await access.refresh()


async def paired(access: Access, kiosk: Kiosk, organization: str, since: Instant, server: str) -> Paired:
    """What a newly paired kiosk is told; its token is good from now on."""
    await access.refresh()
    return Paired(
        **_face(kiosk),
        device_id=kiosk.id,
        token=access.token(kiosk.id, kiosk.org, Role.DEVICE, None),
        org_id=kiosk.org,
        org_since=since,
        organization=organization,
        server=server,
        server_time=access.now(),
    )


async def _with_code(kiosk: Kiosk, code: str, server: str) -> DeviceMade:
    uri = device_service.pairing_uri(server, code)
    return DeviceMade(
        **_face(kiosk),
        id=kiosk.id,
        pairing_code=code,
        pairing_uri=uri,
        pairing_qr_svg=await run_in_threadpool(qr.svg, uri),
        expires_at=kiosk.pairing_until or kiosk.created,
    )


def server_address(request: Request, settings: Settings) -> str:
    """Where a kiosk reaches this server: as the settings say, or as this caller did."""
    return settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")


def _face(kiosk: Kiosk) -> dict[str, object]:
    """What every answer about a device has in common."""
    return {
        "name": kiosk.name,
        "mode": kiosk.mode,
        "scopes": list(kiosk.scopes),
        "lists": list(kiosk.lists),
        "gate": kiosk.gate,
        "sells": kiosk.sells,
    }

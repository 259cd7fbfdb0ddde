"""Routes of what belongs to a device on paper and in pictures: its label, photos, a signature."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from server import qr
from server.auth.caller import Role
from server.auth.limits import RateLimit
from server.events.gallery import files, intake
from server.events.gallery.files import SizeName
from server.formats import short_date
from server.queues import store as queues
from server.queues.dependencies import PREFIX, AtTheDesk, PathId
from server.service_requests import answers, photos, store
from server.service_requests.dependencies import Giver, PicturesOf, check_scope, own
from server.service_requests.schemas import PhotoOut
from server.service_requests.values import Photo
from server.service_requests.values import Request as Kept
from server.texts import preferred
from server.wire import Db

router = APIRouter(prefix=f"{PREFIX}/service-request", tags=["service requests"])

# A customer of their own account; the desk takes in a day's devices.
SEND = RateLimit("service request photo", "60/minute", "30/hour")
Format = Annotated[
    Literal["svg", "png", "pdf"], Query(alias="format", description="The code alone, or the whole label.")
]
_TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
_LABEL: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            type_: {"schema": {"type": "string", **({} if name == "svg" else {"format": "binary"})}}
            for name, type_ in _TYPES.items()
        }
    }
}


@router.get("/label/{id}", response_class=Response, responses=_LABEL)
async def label(
    id_: PathId, caller: AtTheDesk, request: Request, db: Db, format_: Format = "pdf"
) -> Response:
    """The label to stick on the device, or its code alone, which scanners find the request by. Staff with
    `desk`, devices of desk those at their service points."""

    def query(connection: Connection) -> tuple[Kept, str, str]:
        found = own(connection, caller, id_)
        point = queues.past_point(connection, found.org, found.service_point)
        return found, point.name, point.zone

    found, place, zone = await db.read(query)
    language = preferred(request.headers.get("accept-language", ""))
    taken = short_date(found.created, zone, language)

    def drawn() -> bytes:
        match format_:
            case "svg":
                return qr.svg(found.code).encode()
            case "png":
                return qr.png(found.code)
            case "pdf":
                # What makes PDFs is large, and few servers are asked for one.
                from server.service_requests import label

                said = label.Label(
                    place, found.number, str(found.device), found.customer.name, taken, found.code
                )
                return label.pdf(said, language)

    headers = {"Cache-Control": "no-store", "Vary": "Accept-Language"}
    return Response(await run_in_threadpool(drawn), media_type=_TYPES[format_], headers=headers)


@router.post("/photo", status_code=201, openapi_extra=intake.FORM)
async def send_photo(caller: Giver, request: Request, db: Db, pictures: PicturesOf) -> PhotoOut:
    """Takes in a photo of a device, or of a signature, for the request that will name it within a day: JPEG,
    PNG, WebP or HEIC, up to 20 MB and 50 megapixels. Staff with `desk`, devices of desk and welcome,
    customers who have signed in.

    It is decoded, and kept without anything that stood beside its pixels. `415`, or `422`:
    `picture_broken`, `picture_mixed`, `picture_too_many_pixels`.
    """
    if caller.role is Role.CUSTOMER:
        SEND.of(request, caller.actor)
    async with intake.picture(request, pictures.arriving) as file:
        picture = await pictures.keep(file)
    return answers.photo(await db.write(lambda t: photos.add(t, pictures, caller, picture)))


@router.get("/photo/{id}/{size}", response_class=Response, responses=files.RESPONSES)
async def show_photo(
    id_: PathId, size: SizeName, caller: AtTheDesk, request: Request, db: Db, pictures: PicturesOf
) -> Response:
    """A photo of a request. Staff with `desk`, devices of desk those at their service points."""

    def query(connection: Connection) -> Photo:
        found = photos.photo(connection, caller.org, id_)
        check_scope(caller, store.request(connection, caller.org, str(found.request)).service_point)
        return found

    return files.sent(request, pictures, (await db.read(query)).content, size)

"""Files that pages need: style, scripts, fonts. They come from the package, and are read once."""

from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from mimetypes import guess_type

from fastapi import APIRouter, Depends, Request, Response

from domain.errors import NotFound
from server.auth.limits import RateLimit
from server.texts import RESOURCES

FOLDER = RESOURCES / "public" / "static"
WORKER = "ticket-worker.js"
"""It may answer for pages of tickets, although it does not stand beside them."""
_TYPES = {".woff2": "font/woff2", ".js": "text/javascript", ".mjs": "text/javascript"}
_FOREVER = "public, max-age=31536000, immutable"

# A page needs a few of them, and a whole venue may come from one address.
FILE = RateLimit("page file", "12000/minute")

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class File:
    content: bytes
    type: str
    version: str


@cache
def files() -> dict[str, File]:
    """By their names within the folder."""
    found = {}
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            type_ = _TYPES.get(path.suffix) or guess_type(path.name)[0] or "application/octet-stream"
            version = blake2b(content, digest_size=6).hexdigest()
            found[path.relative_to(FOLDER).as_posix()] = File(content, type_, version)
    return found


def address(name: str) -> str:
    """Where a page finds a file; another content has another address."""
    return f"/static/{name}?v={files()[name].version}"


@router.get("/static/{name:path}", dependencies=[Depends(FILE)])
async def file(name: str, request: Request, v: str = "") -> Response:
    """A file. Public; kept for good by whoever asks for the version that it is."""
    found = files().get(name)
    if found is None:
        raise NotFound("there is no such file")
    headers = {
        "ETag": f'"{found.version}"',
        "Cache-Control": _FOREVER if v == found.version else "no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    if name == WORKER:
        headers["Service-Worker-Allowed"] = "/t/"
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(found.content, headers=headers, media_type=found.type)

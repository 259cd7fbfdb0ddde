"""How the files of pictures are sent: as pictures and nothing else, to be kept by who got them."""

from typing import Annotated

from fastapi import Path, Request
from fastapi.responses import FileResponse, Response

from domain.errors import NotFound
from server.events.gallery.pictures import MEDIA_TYPE, Pictures, Size
from server.kept_answers import HAD

SizeName = Annotated[Size, Path(alias="size", description="`thumb` or `full`.")]
RESPONSES: dict[int | str, dict[str, object]] = {
    **HAD,
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}},
}
_YEAR = 365 * 86_400


def sent(request: Request, pictures: Pictures, content: str, size: Size, *, public: bool = False) -> Response:
    """A file, or `304` to who has it: under its address there is never another one. Raises `NotFound`."""
    tag = f'"{content}-{size}"'
    headers = {
        "ETag": tag,
        "Cache-Control": f"{'public' if public else 'private'}, max-age={_YEAR}, immutable",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-site",
    }
    if tag in {
        part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")
    }:
        return Response(status_code=304, headers=headers)
    path = pictures.path(content, size)
    if not path.is_file():
        raise NotFound("this picture is gone")
    return FileResponse(path, media_type=MEDIA_TYPE, headers=headers)

"""The code of a ticket as a picture."""

from typing import Any

from fastapi import Response
from starlette.concurrency import run_in_threadpool

from server import qr
from server.ticketing.schemas import CodeOut

RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "image/svg+xml": {"schema": {"type": "string"}},
            "image/png": {"schema": {"type": "string", "format": "binary"}},
        }
    }
}
"""What a route that answers a picture says of it."""


async def answer(code: str, shown: str, accept: str) -> Response:
    """SVG, or by `accept` PNG, or JSON with the text. `shown` is what the picture holds."""
    headers = {"Cache-Control": "no-store", "Vary": "Accept"}
    if "image/png" in accept:
        return Response(await run_in_threadpool(qr.png, shown), media_type="image/png", headers=headers)
    if "application/json" in accept:
        body = CodeOut(code=code, shown=shown).model_dump_json(by_alias=True)
        return Response(body, media_type="application/json", headers=headers)
    return Response(await run_in_threadpool(qr.svg, shown), media_type="image/svg+xml", headers=headers)

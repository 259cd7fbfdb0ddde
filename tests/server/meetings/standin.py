"""A stand-in for Daily, run as a process: private rooms and meeting tokens over its REST API.

python -m tests.server.meetings.standin
"""

import socket
import time
from secrets import token_urlsafe
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

KEY = "daily-standin-key"
_rooms: dict[str, dict[str, Any]] = {}
_tokens: dict[str, dict[str, Any]] = {}


def _refused(status: int, error: str) -> JSONResponse:
    return JSONResponse({"error": error, "info": error}, status)


def _known(request: Request) -> bool:
    return request.headers.get("authorization") == f"Bearer {KEY}"


async def make_room(request: Request) -> JSONResponse:
    if not _known(request):
        return _refused(401, "authentication-error")
    body = await request.json()
    if body["name"] in _rooms:
        return _refused(400, "invalid-request-error")
    if body["properties"]["exp"] < 0:
        return _refused(400, "invalid-request-error")
    _rooms[body["name"]] = {**body, "url": f"https://usher.daily.co/{body['name']}", "created": time.time()}
    return JSONResponse(_rooms[body["name"]])


async def room(request: Request) -> JSONResponse:
    found = _rooms.get(request.path_params["name"])
    if not _known(request) or found is None:
        return _refused(404, "not-found")
    if request.method == "POST":
        found |= await request.json()
    return JSONResponse(found)


async def make_token(request: Request) -> JSONResponse:
    if not _known(request):
        return _refused(401, "authentication-error")
    properties = (await request.json())["properties"]
    token = token_urlsafe(24)
    _tokens[token] = properties
    return JSONResponse({"token": token})


async def token(request: Request) -> JSONResponse:
    found = _tokens.get(request.path_params["token"])
    return JSONResponse(found) if found else _refused(400, "invalid-request-error")


app = Starlette(
    routes=[
        Route("/rooms", make_room, methods=["POST"]),
        Route("/rooms/{name}", room, methods=["GET", "POST"]),
        Route("/meeting-tokens", make_token, methods=["POST"]),
        Route("/meeting-tokens/{token}", token),
    ]
)


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])

"""A small real HTTP server that speaks the wire contract from memory, for tests of the kiosk.

It can be stopped and started again on its port with all it knows, slowed down, broken off in the middle of
a download, and made to forget the past.
"""

import asyncio
import hashlib
import socket
import tempfile
import threading
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import uvicorn
import zstandard
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from domain import clock
from domain.errors import Gone, Invalid, NotFound, Problem, Unauthenticated
from domain.ids import OrgId
from domain.replica import TABLES
from domain.sync import Scope, scope
from kiosk.store.credentials import Credentials
from tests.kiosk import standin_requests
from tests.kiosk.sample import DESK, write_copy
from tests.kiosk.standin_bookings import StandinBookings
from tests.kiosk.standin_door import check_in, undo_check_in
from tests.kiosk.standin_line import call_next, entry_json, lease, move
from tests.kiosk.standin_ops import apply
from tests.kiosk.standin_state import Changed, Device, ServerState, shown_to

_PIECE = 4_096
Answer = dict[str, Any]


class StandinServer:
    """`delay` seconds before it does what it is asked, `late` seconds after that until it answers;
    `cut_after` bytes a snapshot breaks off, `cuts` times. `public` is the address that it tells phones,
    `seats` what it lends to whoever sells."""

    def __init__(self, state: ServerState) -> None:
        self.state, self.bookings = state, StandinBookings(state, DESK.id)
        self.delay = self.late = 0.0
        self.cut_after, self.cuts = 0, 0
        self.public = ""
        self.seats: list[Answer] = []
        self.asked: list[str] = []
        self.formers: list[tuple[str, str]] = []
        self.fault: Problem | None = None
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = int(listener.getsockname()[1])
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port))
        config = uvicorn.Config(
            self._app(),
            log_config=None,
            log_level="critical",
            lifespan="off",
            timeout_graceful_shutdown=0,
            ws="none",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]}, daemon=True)
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.005)

    def stop(self) -> None:
        """At once, as if the cable was pulled; what it knows stays."""
        if self._server and self._thread:
            self._server.should_exit = self._server.force_exit = True
            self._thread.join()
            self._server = self._thread = None

    def credentials(self, device: Device) -> Credentials:
        return Credentials(
            server=self.address,
            token=device.token,
            device=device.id,
            org=OrgId("org"),
            organization="Sample",
            name=device.id,
            mode=device.mode,
            scopes=device.scopes,
            lists=device.lists,
            gate=device.gate,
            sells=device.sells,
            public=self.public,
        )

    def _app(self) -> Starlette:
        booked = "/api/crm/reservations"
        queue, repair = f"{booked}/queue", f"{booked}/service-request"
        return Starlette(
            routes=[
                Route("/healthz", self._plain(lambda _r, _b: {"status": "ok"})),
                Route("/api/devices/pair", self._plain(self._pair), methods=["POST"]),
                Route("/api/devices/me", self._of_device(self._me)),
                Route("/api/devices/me/former", self._of_device(self._former), methods=["POST"]),
                Route("/api/events/check-in", self._of_device(self._check_in), methods=["POST"]),
                Route("/api/events/check-in/{ticket}", self._of_device(self._check_in), methods=["POST"]),
                Route("/api/events/check-in/{op}/undo", self._of_device(self._undo), methods=["POST"]),
                Route("/api/sync/snapshot", self._snapshot),
                Route("/api/sync/changes", self._of_device(self._changes)),
                Route("/api/sync/stream", self._stream),
                Route("/api/sync/ops", self._of_device(self._ops), methods=["POST"]),
                Route("/api/sync/leases", self._of_device(self._lease), methods=["POST"]),
                Route("/api/sync/seat-leases", self._of_device(self._seats), methods=["POST"]),
                Route(booked + "/definitions", self._of_device(lambda *_: self.bookings.definitions())),
                Route(
                    booked + "/slots",
                    self._of_device(lambda _, b, __: self.bookings.slots(b)),
                    methods=["POST"],
                ),
                Route(
                    booked + "/create",
                    self._of_device(lambda _, b, __: self.bookings.create(b)),
                    methods=["POST"],
                ),
                Route(booked + "/get", self._of_device(lambda r, *_: self.bookings.listed(r.query_params))),
                Route(booked + "/check-in/{id}", self._of_device(self._arrive), methods=["POST"]),
                Route(booked + "/check-in/{id}/undo", self._of_device(self._take_back), methods=["POST"]),
                Route(booked + "/confirm/{id}", self._of_device(self._confirm), methods=["POST"]),
                Route(repair + "/get/{point}", self._of_device(self._requests)),
                Route(repair + "/by-id/{id}", self._of_device(self._request)),
                Route(repair + "/by-code/{code}", self._of_device(self._request_of)),
                Route(repair + "/update/{id}", self._of_device(self._change_request), methods=["PUT"]),
                Route(repair + "/photo", self._of_device(self._photo), methods=["POST"]),
                Route(queue + "/call-next/{point}", self._of_device(self._call_next), methods=["POST"]),
                Route(queue + "/counter/{point}", self._of_device(self._counter), methods=["POST"]),
                Route(queue + "/{verb}/{entry}", self._of_device(self._move), methods=["POST"]),
            ]
        )

    def _plain(self, answer: Callable[[Request, Answer], Answer]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            self.asked.append(request.url.path)
            body = await _body(request)
            await asyncio.sleep(self.delay)
            try:
                if self.fault is not None and request.url.path != "/healthz":
                    raise self.fault
                with self.state.lock:
                    made = answer(request, body)
            except Problem as problem:
                return _problem(problem)
            await asyncio.sleep(self.late)
            return Response(orjson.dumps(made), media_type="application/json")

        return endpoint

    def _of_device(self, answer: Callable[[Request, Answer, Device], Answer]) -> Callable[[Request], Any]:
        return self._plain(lambda request, body: answer(request, body, self._device(request)))

    def _device(self, request: Request) -> Device:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        device = self.state.devices.get(token)
        if device is None:
            raise Unauthenticated("nobody known is calling")
        if device.revoked:
            raise Unauthenticated("this device was revoked", code="device_revoked")
        return device

    def _pair(self, _request: Request, body: Answer) -> Answer:
        device = self.state.pairing.pop(body["pairingCode"], None)
        if device is None:
            raise NotFound("this code is not known", code="pairing_code_unknown")
        self.state.devices[device.token] = device
        return {"deviceId": device.id, "token": device.token, "orgId": "org", **self._about(device)}

    def _me(self, _request: Request, _body: Answer, device: Device) -> Answer:
        return {"id": device.id, **self._about(device)}

    def _former(self, _request: Request, body: Answer, device: Device) -> Answer:
        self.formers.append((device.id, body["token"]))
        return {}

    def _about(self, device: Device) -> Answer:
        return {
            "organization": "Sample",
            "name": device.id,
            "mode": device.mode,
            "scopes": [str(each) for each in device.scopes],
            "lists": list(device.lists),
            "gate": device.gate,
            "sells": device.sells,
            "server": self.public,
            "serverTime": clock.rfc3339(self.state.now()),
        }

    def _check_in(self, request: Request, body: Answer, device: Device) -> Answer:
        return check_in(self.state, device, body, request.path_params.get("ticket"))

    def _undo(self, request: Request, body: Answer, device: Device) -> Answer:
        return undo_check_in(self.state, device, request.path_params["op"], body["opId"], self.state.now())

    def _ops(self, _request: Request, body: Answer, device: Device) -> Answer:
        answers = [apply(self.state, device, act) for act in body["operations"]]
        return {"serverTime": clock.rfc3339(self.state.now()), "answers": answers}

    def _lease(self, _request: Request, body: Answer, device: Device) -> Answer:
        return lease(self.state, device, body)

    def _seats(self, _request: Request, _body: Answer, device: Device) -> Answer:
        return {"items": self.seats if device.sells else []}

    def _call_next(self, _request: Request, body: Answer, _device: Device) -> Answer:
        return entry_json(call_next(self.state, body["counter"]))

    def _arrive(self, request: Request, _body: Answer, _device: Device) -> Answer:
        return self.bookings.check_in(request.path_params["id"])

    def _take_back(self, request: Request, _body: Answer, _device: Device) -> Answer:
        return self.bookings.take_back(request.path_params["id"])

    def _confirm(self, request: Request, _body: Answer, _device: Device) -> Answer:
        return self.bookings.confirm(request.path_params["id"])

    def _requests(self, request: Request, _body: Answer, _device: Device) -> Answer:
        states = request.query_params.getlist("state")
        return standin_requests.listed(self.state, request.path_params["point"], states)

    def _request(self, request: Request, _body: Answer, _device: Device) -> Answer:
        return standin_requests.by_id(self.state, request.path_params["id"])

    def _request_of(self, request: Request, _body: Answer, _device: Device) -> Answer:
        return standin_requests.by_code(self.state, request.path_params["code"])

    def _change_request(self, request: Request, body: Answer, _device: Device) -> Answer:
        return standin_requests.change(self.state, request.path_params["id"], body)

    def _photo(self, _request: Request, body: Answer, _device: Device) -> Answer:
        return standin_requests.photo(self.state, body["form"])

    def _move(self, request: Request, body: Answer, _device: Device) -> Answer:
        event = request.path_params["verb"].replace("-", "_")
        return entry_json(move(self.state, request.path_params["entry"], event, self.state.now(), body))

    def _counter(self, _request: Request, body: Answer, _device: Device) -> Answer:
        self.state.put("counter", id=body["counter"], state=body["state"])
        return {"id": body["counter"], "state": body["state"]}

    def _changes(self, request: Request, _body: Answer, device: Device) -> Answer:
        wanted = self._scope(request, device)
        found = self._since(wanted, request.query_params["cursor"])
        page = found[: int(request.query_params.get("limit", "1000"))]
        return {
            "changes": [self._change(each, device) for each in page],
            "nextCursor": str(page[-1].seq if page else request.query_params["cursor"]),
            "more": len(page) < len(found),
            "serverTime": clock.rfc3339(self.state.now()),
        }

    def _scope(self, request: Request, device: Device) -> Scope:
        wanted = scope(request.query_params["scope"])
        if wanted is None or wanted not in device.scopes:
            raise NotFound("there is no such scope")
        return wanted

    def _since(self, wanted: Scope, cursor: str) -> list[Changed]:
        if not cursor.isdigit() or int(cursor) > self.state.head:
            raise Invalid("this cursor never was", code="cursor_unknown")
        if int(cursor) < self.state.floor:
            raise Gone("this cursor is too old", code="cursor_gone")
        return [each for each in self.state.log if each.scope == wanted and each.seq > int(cursor)]

    def _change(self, changed: Changed, device: Device) -> Answer:
        blobs = {name for name, kind in TABLES[changed.table].columns if kind == "BLOB"}
        row = self.state.tables[changed.table].get(changed.key)
        key = changed.key.hex() if isinstance(changed.key, bytes) else changed.key
        written = None
        if row is not None:
            shown = shown_to(device, changed.table, row)
            written = {name: _base64(value) if name in blobs else value for name, value in shown.items()}
        return {"seq": changed.seq, "table": changed.table, "key": key, "row": written}

    async def _snapshot(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        await asyncio.sleep(self.delay)
        try:
            device = self._device(request)
            wanted = self._scope(request, device)
        except Problem as problem:
            return _problem(problem)
        with self.state.lock:
            packed = _packed(wanted, self.state, device)
        etag = f'"{hashlib.sha256(packed).hexdigest()[:16]}"'
        start = self._start(request, etag, len(packed))
        headers = {
            "ETag": etag,
            "Accept-Ranges": "bytes",
            "Repr-Digest": f"sha-256=:{b64encode(hashlib.sha256(packed).digest()).decode()}:",
            "Content-Length": str(len(packed) - start),
        }
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(packed) - 1}/{len(packed)}"
        return StreamingResponse(self._pieces(packed[start:]), 206 if start else 200, headers)

    def _start(self, request: Request, etag: str, size: int) -> int:
        asked = request.headers.get("Range", "")
        if not asked or request.headers.get("If-Range") != etag:
            return 0
        start = int(asked.removeprefix("bytes=").removesuffix("-"))
        return start if start < size else 0

    async def _pieces(self, packed: bytes) -> AsyncIterator[bytes]:
        sent = 0
        for start in range(0, len(packed), _PIECE):
            if self.cuts and sent >= self.cut_after:
                self.cuts -= 1
                raise ConnectionResetError("cut")
            yield packed[start : start + _PIECE]
            sent += _PIECE
            await asyncio.sleep(0)

    async def _stream(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        try:
            wanted = self._scope(request, self._device(request))
            cursor = int(request.query_params["cursor"])
            self._since(wanted, str(cursor))
        except Problem as problem:
            return _problem(problem)
        return StreamingResponse(self._events(request, wanted, cursor), media_type="text/event-stream")

    async def _events(self, request: Request, wanted: Scope, cursor: int) -> AsyncIterator[bytes]:
        yield b"retry: 2000\n\n"
        while True:
            with self.state.lock:
                found = self._since(wanted, str(cursor))
            for each in found:
                cursor = each.seq
                data = orjson.dumps(self._change(each, self._device(request)))
                yield b"id: %d\nevent: change\ndata: %s\n\n" % (each.seq, data)
            if self._device(request).revoked:
                return
            await asyncio.sleep(0.01)


@contextmanager
def serving(state: ServerState) -> Iterator[StandinServer]:
    server = StandinServer(state)
    server.start()
    try:
        yield server
    finally:
        server.stop()


async def _body(request: Request) -> Answer:
    """What is asked with, as JSON; of a form its bytes."""
    content = await request.body()
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return {"form": content}
    return dict(orjson.loads(content or b"{}"))


def _packed(wanted: Scope, state: ServerState, device: Device) -> bytes:
    shown = {
        table: {key: shown_to(device, table, row) for key, row in rows.items()}
        for table, rows in state.tables.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        plain = write_copy(Path(folder) / "copy.db", wanted, shown, state.head)
        return zstandard.ZstdCompressor(level=1).compress(plain.read_bytes())


def _base64(value: object) -> object:
    return b64encode(value).decode() if isinstance(value, bytes) else value


def _problem(problem: Problem) -> Response:
    body = {"status": problem.status, "code": problem.code, "detail": problem.detail, **problem.more}
    return Response(orjson.dumps(body), problem.status, media_type="application/problem+json")

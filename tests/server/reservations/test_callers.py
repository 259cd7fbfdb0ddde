"""Who may call which route of reservations, reminders and meetings: each caller on each of them."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from tests.server.queues.test_callers import CLERK, DESK, DISPLAY, WELCOME, callers
from tests.server.reservations.salon import BASE, DAY, Salon

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
CUSTOMER = "customer"
OTHER_STAFF = "other staff"

SERVICE = {"name": {"en": "Wash"}, "servicePoint": "desk", "durationMinutes": 30}
MAY = {
    ("GET", f"{BASE}/definitions"): {DESK, WELCOME, DISPLAY, CLERK, OTHER_STAFF, CUSTOMER},
    ("POST", f"{BASE}/definitions"): {CLERK},
    ("PUT", f"{BASE}/definitions/{{id}}"): {CLERK},
    ("DELETE", f"{BASE}/definitions/{{id}}"): {CLERK},
    ("GET", f"{BASE}/get"): {DESK, WELCOME, CLERK},
    ("GET", f"{BASE}/get/{{id}}"): {DESK, WELCOME, CLERK},
    ("PUT", f"{BASE}/update"): {CLERK},
    ("POST", f"{BASE}/confirm/{{id}}"): {DESK, CLERK},
    ("DELETE", f"{BASE}/delete/{{id}}"): {CLERK},
    ("POST", f"{BASE}/check-in/{{id}}"): {DESK, WELCOME, CLERK},
    ("POST", f"{BASE}/check-in/{{id}}/undo"): {DESK, CLERK},
    ("POST", f"{BASE}/send-reminder/{{reservationId}}"): {DESK, CLERK},
    ("POST", f"{BASE}/meeting/create"): {CLERK, CUSTOMER},
    ("POST", f"{BASE}/meeting/token"): {CLERK, CUSTOMER},
    ("POST", f"{BASE}/meeting/validate"): {CLERK, CUSTOMER},
}
BODIES: dict[str, dict[str, object]] = {
    f"{BASE}/definitions": SERVICE,
    f"{BASE}/definitions/{{id}}": SERVICE,
    f"{BASE}/update": {"id": "nothing", "notes": "x"},
    f"{BASE}/meeting/create": {"reservationId": "nothing"},
    f"{BASE}/meeting/token": {"meetingId": "nothing"},
    f"{BASE}/meeting/validate": {"token": "nothing"},
}
ANYBODY = ("/slots", "/hold", "/create", "/by-email/", "/cancel/")
ELSEWHERE = ("/queue", "/service-point", "/service-request")


async def test_each_route_answers_those_whom_it_is_for_and_nobody_else(
    salon: Salon, client: AsyncClient
) -> None:
    everybody = await callers(salon.lobby)
    for (method, path), allowed in MAY.items():
        address = path.format(id="nothing", reservationId="nothing")
        for name, headers in everybody.items():
            answer = await client.request(method, address, json=BODIES.get(path), headers=headers)
            kept_out = answer.status_code == (401 if name == "nobody" else 403)
            assert kept_out == (name not in allowed), (method, path, name, answer.text)


async def test_anybody_sees_free_times_and_books_and_whoever_is_known_books_as_what_they_are(
    salon: Salon, client: AsyncClient
) -> None:
    await salon.service("yoga", capacity=20)
    whole, own = {DESK, WELCOME, CLERK}, {"nobody", CUSTOMER}
    frame = {"definitionId": "yoga", "from": f"{DAY}T07:00:00Z", "to": f"{DAY}T08:00:00Z"}
    booked = {
        "definitionId": "yoga",
        "slot": {"start": f"{DAY}T07:00:00Z"},
        "customer": {"email": "ada@example.com", "name": "Ada"},
    }
    for name, headers in (await callers(salon.lobby)).items():
        sent = {**headers, "orgid": salon.lobby.org}
        assert (await client.post(f"{BASE}/slots", json=frame, headers=sent)).status_code == 200, name
        answer = await client.post(f"{BASE}/create", json=booked, headers=sent)
        assert answer.status_code == (201 if name in whole | own else 403), (name, answer.text)
        assert ("customer" in answer.json()) == (name in whole), name


async def test_every_route_of_reservations_is_asked_here_or_is_for_anybody(
    salon: Salon, app: FastAPI
) -> None:
    told = {
        (method.upper(), path)
        for path, operations in app.openapi()["paths"].items()
        for method in operations
        if path.startswith(f"{BASE}/") and not path.removeprefix(BASE).startswith(ELSEWHERE)
    }
    closed = {(method, path) for method, path in told if not path.removeprefix(BASE).startswith(ANYBODY)}
    assert closed == MAY.keys()

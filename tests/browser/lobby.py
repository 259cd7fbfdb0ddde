"""A line on the stage: its service point, people who join at the desk, calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from tests.browser.stage import Stage

_ROUTES = "/api/crm/reservations"


@dataclass
class Lobby:
    """The service point `point` of the stage's organisation."""

    stage: Stage
    point: str

    @classmethod
    def open(cls, stage: Stage, point: str, **settings: object) -> "Lobby":
        lobby = cls(stage, point)
        lobby.post("service-point/create", {"id": point, "name": "Citizens’ desk", **settings})
        return lobby

    @property
    def join_page(self) -> str:
        return f"/q/{self.point}"

    def join(self, **said: object) -> dict[str, Any]:
        return self.post("queue/join", {"servicePoint": self.point, **said})

    def call_next(self, counter: str = "Counter 1") -> dict[str, Any]:
        return self.post(f"queue/call-next/{self.point}", {"counter": counter})

    def act(self, act: str, id_: str, **body: object) -> dict[str, Any]:
        return self.post(f"queue/{act}/{id_}", body)

    def post(self, route: str, body: Mapping[str, object]) -> dict[str, Any]:
        staff = self.stage.world.staff("desk")
        answer = httpx.post(f"{self.stage.address}{_ROUTES}/{route}", json=dict(body), headers=staff)
        assert answer.is_success, answer.text
        return dict(answer.json())

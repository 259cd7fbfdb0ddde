"""What an administrator does from the command line, over HTTP as anybody else would."""

from dataclasses import dataclass
from typing import Any

import httpx

_SECONDS = 30.0
_NOTHING_FOR = {"door": "event", "desk": "servicePoint", "welcome": "servicePoint", "display": "servicePoint"}


class OfficeError(Exception):
    """The server did not do it; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Office:
    """An administrator who has signed in."""

    client: httpx.Client
    org: str

    @classmethod
    def sign_in(cls, server: str, email: str, password: str) -> "Office":
        """Raises `OfficeError` where the server is away, or does not know this person."""
        client = httpx.Client(base_url=server, timeout=_SECONDS)
        told = ask(client, "POST", "/api/auth/staff/login", {"email": email, "password": password})
        client.headers["Authorization"] = f"Bearer {told['accessToken']}"
        return cls(client, str(told["orgId"]))

    def events(self) -> list[dict[str, Any]]:
        """Published events that are not over, by their start."""
        page = ask(self.client, "GET", f"/api/organizations/{self.org}/events?state=published&limit=500")
        return list(page["items"])

    def points(self) -> list[dict[str, Any]]:
        """The organisation's service points."""
        page = ask(self.client, "GET", "/api/crm/reservations/service-point/get")
        return list(page["items"])

    def lists(self, event: str) -> list[str]:
        page = ask(self.client, "GET", f"/api/events/{event}/check-in/lists")
        return [str(each["id"]) for each in page["items"]]

    def invite(
        self,
        name: str,
        mode: str,
        scopes: list[str],
        lists: list[str] | None = None,
        gate: str = "",
        *,
        sells: bool = False,
    ) -> dict[str, Any]:
        """A new device with its pairing code."""
        body = {
            "name": name,
            "mode": mode,
            "scopes": scopes,
            "lists": lists or [],
            "gate": gate,
            "sells": sells,
        }
        return dict(ask(self.client, "POST", "/api/devices", body))

    def scopes(self, mode: str, events: list[str], points: list[str]) -> list[str]:
        """What a device of that mode is to see: what is named, else the only one that there is.

        Raises `OfficeError` with the choices where there are several, or none.
        """
        if events or points:
            return [*(f"event:{id_}" for id_ in events), *(f"servicePoint:{id_}" for id_ in points)]
        kind = _NOTHING_FOR[mode]
        found = self.events() if kind == "event" else self.points()
        option = "--event" if kind == "event" else "--service-point"
        if len(found) == 1:
            return [f"{kind}:{found[0]['id']}"]
        choices = "".join(f"\n  {option} {each['id']}" for each in found)
        why = f"say which one:{choices}" if found else "there is none yet: make one first"
        raise OfficeError(f"a {mode} needs {option}; {why}")


def ask(client: httpx.Client, method: str, address: str, body: object = None) -> Any:
    """An answer of the API. Raises `OfficeError` with the server's own words for anything but success."""
    try:
        answer = client.request(method, address, json=body)
    except httpx.HTTPError as fault:
        raise OfficeError(f"{client.base_url} does not answer ({fault}): is the server running?") from fault
    if answer.is_success:
        return answer.json() if answer.content else None
    try:
        detail = answer.json()["detail"]
    except (ValueError, KeyError, TypeError):
        detail = f"{client.base_url} answered {answer.status_code}: is this an Usher server?"
    raise OfficeError(detail)

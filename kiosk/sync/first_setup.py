"""This computer alone: sets its own new server up, and becomes its first device."""

from dataclasses import dataclass

import httpx
import orjson

from domain.clock import DAY, HOUR, Instant, rfc3339
from kiosk.store import credentials
from kiosk.store.credentials import Credentials
from kiosk.sync.faults import problem, unreachable

_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Begun:
    """What staff sign in with from elsewhere: the server made the password, and tells it this once."""

    credentials: Credentials
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """`event` or `service_point` is a name; the other is empty. `zone` is an IANA name."""

    organization: str
    zone: str
    event: str = ""
    service_point: str = ""
    email: str = "admin@usher.example"


def set_up(server: str, secret: str, wanted: Wanted, now: Instant) -> Begun:
    """Raises `Conflict` where the server is set up already, `Unavailable` where it does not answer."""
    try:
        response = httpx.post(
            f"{server}/api/setup",
            content=orjson.dumps(_body(wanted, now)),
            headers={"Content-Type": "application/json", "X-Setup-Secret": secret},
            timeout=_SECONDS,
            trust_env=False,
        )
    except httpx.HTTPError as error:
        raise unreachable(server, error) from error
    if not response.is_success:
        raise problem(response, response.content)
    read = orjson.loads(response.content)
    known = credentials.from_json(read, server=server, token=str(read["token"]))
    return Begun(known, str(read["email"]), str(read["password"] or ""))


def _body(wanted: Wanted, now: Instant) -> dict[str, object]:
    """An event begins now and lasts a day, until somebody says otherwise."""
    body: dict[str, object] = {
        "organization": {"name": wanted.organization, "zone": wanted.zone},
        "administrator": {"email": wanted.email},
    }
    if wanted.event:
        starts, ends = Instant(now - now % HOUR), Instant(now - now % HOUR + DAY)
        body["event"] = {
            "name": {"en": wanted.event},
            "starts": rfc3339(starts),
            "ends": rfc3339(ends),
            "zone": wanted.zone,
        }
    if wanted.service_point:
        body["servicePoint"] = {"name": wanted.service_point, "zone": wanted.zone}
    return body

"""What the Welcome page shows and hands back: frozen values, without a person but the one who stands there.

Waits are milliseconds, moments are local to the service point.
"""

from dataclasses import dataclass
from datetime import datetime

from domain.service_point import Refusal
from kiosk.ui.desk_views import Wait
from kiosk.ui.views import Health


@dataclass(frozen=True, slots=True)
class ServiceView:
    """Something to come for; `place` names its service point where there are several. `asks` are `name`,
    `phone` and `email`, as far as the line wants to know them. `refusal` says why nobody can join now."""

    point: str
    category: str
    name: str
    place: str = ""
    ahead: int = 0
    wait: Wait | None = None
    asks: frozenset[str] = frozenset()
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class WelcomeView:
    """All in the language that was chosen. `online`: bookings can be checked in."""

    organization: str = ""
    services: tuple[ServiceView, ...] = ()
    online: bool = True


@dataclass(frozen=True, slots=True)
class Wish:
    """A visitor who joins by themselves; what was not said is empty."""

    point: str
    category: str
    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class NumberView:
    """A number that was given out. `ahead` None: not known yet, or no longer waiting.

    `link` opens it on a phone; empty while the server has yet to hear of it. `booked` is the booked time.
    `counter` is where its visitor is called to, None before that.
    """

    number: str
    service: str = ""
    ahead: int | None = None
    wait: Wait | None = None
    link: str = ""
    booked: datetime | None = None
    counter: str | None = None


@dataclass(frozen=True, slots=True)
class Seeing:
    """The camera as visitors see it; without words nothing is the matter."""

    health: Health = Health.UNUSED
    words: str = ""

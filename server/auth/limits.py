"""Rate limits for routes that anybody may call: per address and per subject, in a moving window.

PAIR = RateLimit("pair", "10/minute")

@router.post("/pair", dependencies=[Depends(PAIR)])
"""

from collections import OrderedDict, deque
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from fastapi import Request

from domain.clock import DAY, HOUR, MINUTE, SECOND, Instant
from domain.errors import TooMany
from server.db.database import Clock
from server.settings import Settings

_UNITS = {"second": SECOND, "minute": MINUTE, "hour": HOUR, "day": DAY}
_KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls within so many milliseconds; written as `10/minute`."""

    amount: int
    window: int

    @classmethod
    def of(cls, text: str) -> "Rate":
        amount, _, unit = text.partition("/")
        return cls(int(amount), _UNITS[unit])


class MovingWindow:
    """The calls of late by key, in memory, the longest unseen keys forgotten first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls: OrderedDict[str, deque[Instant]] = OrderedDict()

    def hit(self, key: str, rate: Rate) -> int | None:
        """Counts a call; where there is no room, counts nothing and tells the milliseconds until there is."""
        now = self._clock()
        calls = self._calls.setdefault(key, deque())
        self._calls.move_to_end(key)
        # A call of the future is one from before the clock was set back.
        while calls and not now - rate.window < calls[0] <= now:
            calls.popleft()
        if len(calls) >= rate.amount:
            return calls[0] + rate.window - now
        calls.append(now)
        if len(self._calls) > _KEPT:
            self._calls.popitem(last=False)
        return None


class RateLimit:
    """A dependency that limits the calls of an address; `of` limits those about a subject.

    Raises `TooMany` with the seconds to wait.
    """

    def __init__(self, name: str, address: str, subject: str | None = None) -> None:
        self._name = name
        self._address = Rate.of(address)
        self._subject = Rate.of(subject or address)

    async def __call__(self, request: Request) -> None:
        self._hit(request, f"{self._name} address {_network(address_of(request))}", self._address)

    def of(self, request: Request, subject: str) -> None:
        """Counts a call about `subject`, such as an e-mail address, from wherever it comes."""
        self._hit(request, f"{self._name} subject {subject}", self._subject)

    def _hit(self, request: Request, key: str, rate: Rate) -> None:
        settings: Settings = request.app.state.settings
        window: MovingWindow = request.app.state.calls
        wait = window.hit(key, rate) if settings.rate_limits else None
        if wait is not None:
            seconds = -(-wait // SECOND)
            raise TooMany(f"too many tries: wait {seconds} s, then try again", retry_after=seconds)


def address_of(request: Request) -> str:
    """Where a call comes from: the last address that no trusted proxy vouches for."""
    settings: Settings = request.app.state.settings
    address = request.client.host if request.client else ""
    proxies = _proxies(settings.trusted_proxies)
    forwarded = [part.strip() for part in ",".join(request.headers.getlist("x-forwarded-for")).split(",")]
    while proxies and forwarded and _within(address, proxies):
        nearer = forwarded.pop()
        if not _is_address(nearer):
            break
        address = nearer
    return address


@lru_cache(maxsize=8)
def _proxies(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def _within(address: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _network(address: str) -> str:
    """A household has one IPv4 address, but 2⁶⁴ of IPv6."""
    if _is_address(address) and isinstance(whole := ip_address(address), IPv6Address):
        return str(ip_network((whole, 64), strict=False))
    return address

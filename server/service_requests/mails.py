"""What the mails about service requests say."""

from functools import partial

from sqlalchemy import Connection

from domain.service_request import CHAIN, State
from server import formats
from server.messaging.letters import Composer, Letter, Owed
from server.queues import store as queues
from server.service_requests import store
from server.service_requests.answers import link
from server.texts import spoken

_STILL = {
    "received": frozenset(CHAIN[:3]),
    "estimate": frozenset({State.WAITING_APPROVAL}),
    "ready": frozenset({State.READY}),
}
"""In which states there is still something to say."""


def compose(connection: Connection, owed: Owed, what: str) -> Letter | None:
    """Where a request stands, with the link to its page; the estimate that waits for an answer."""
    of = store.known(connection, str(owed.about["request"]), owed.org)
    if of is None or of.state not in _STILL[what]:
        return None
    language, cost, until = spoken(owed.language), "", ""
    point = queues.past_point(connection, of.org, of.service_point)
    if what == "estimate":
        offer = store.offer(connection, of)
        if offer is None or offer.decision is not None or offer.terms.expired(owed.now):
            return None
        terms = offer.terms
        ends = [formats.money(amount, of.currency, language) for amount in sorted({terms.low, terms.high})]
        cost = " – ".join(ends)
        if terms.valid_until is not None:
            until = formats.moment(terms.valid_until, point.zone, language)
    params = {
        "what": what,
        "device": str(of.device),
        "number": of.number,
        "where": point.name,
        "cost": cost,
        "until": until,
        "link": link(of, owed.base_url),
    }
    return Letter("service_request", params)


MAILS: dict[str, Composer] = {f"service_request.{what}": partial(compose, what=what) for what in _STILL}

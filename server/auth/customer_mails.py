"""What the mails about customers' accounts say."""

from sqlalchemy import Connection

from server.auth import customer_store
from server.auth.customer_service import LINK, UNKNOWN
from server.auth.tokens import digest
from server.messaging.letters import Composer, Letter, Owed

PAGE = "sign-in"
"""The page that a mailed link opens: `/sign-in/{token}`. It asks before it uses the token, since mail
programs open links by themselves to look at them."""

_PURPOSES = {
    (False, False): "entry",
    (False, True): "register",
    (True, False): "sign_in",
    (True, True): "password",
}
"""By whether there is an account already, and whether the link sets a password."""


def compose_link(connection: Connection, owed: Owed) -> Letter | None:
    """The link, as long as it serves."""
    token = str(owed.about["token"])
    link = customer_store.link(connection, digest(token))
    if link is None or not link.open(owed.now):
        return None
    known = customer_store.by_email(connection, owed.org, link.email) is not None
    params = {
        "purpose": _PURPOSES[known, link.password is not None],
        "link": f"{owed.base_url}/{PAGE}/{token}",
    }
    return Letter("customer.link", params, secret=True)


def compose_unknown(_connection: Connection, _owed: Owed) -> Letter:
    return Letter("customer.unknown")


MAILS: dict[str, Composer] = {LINK: compose_link, UNKNOWN: compose_unknown}

"""What the mail of an invitation says."""

from sqlalchemy import Connection

from server.events.participants import store
from server.events.participants.invitations import KIND
from server.events.participants.states import State
from server.events.service import event_of
from server.formats import span
from server.messaging.letters import Composer, Letter, Owed
from server.texts import written

PAGE = "i"
"""The page that answers an invitation: `/i/{token}`."""


def compose(connection: Connection, owed: Owed) -> Letter | None:
    """The link, as long as there is an answer to wait for."""
    found = store.by_id(connection, owed.org, str(owed.about["participant"]))
    if found is None or found.token is None or found.state is not State.INVITED:
        return None
    event = event_of(connection, owed.org, found.event)
    if event.ends <= owed.now:
        return None
    params = {
        "event": written(event.name, owed.language),
        "when": span(event.starts, event.ends, event.zone, owed.language),
        "place": event.whereabouts,
        "link": f"{owed.base_url}/{PAGE}/{found.token}",
    }
    return Letter("participation.invited", params)


MAILS: dict[str, Composer] = {KIND: compose}

"""What a ticket says on paper, in the language of its reader."""

from collections.abc import Sequence
from functools import partial

from server import formats
from server.customer.pages.passes import Pass
from server.events.store import Event
from server.texts import public_text, written


def pdf(organization: str, event: Event, held: Sequence[Pass], language: str) -> bytes:
    """A page for each ticket of an event; a code that rotates is not on it."""
    # What makes PDFs is large, and few servers are asked for one.
    from server.customer.paper import sheets

    name = written(event.name, language)
    when = formats.span(event.starts, event.ends, event.zone, language)
    pages = [
        sheets.Sheet(
            organization=organization,
            event=name,
            when=when,
            where=event.whereabouts,
            facts=_facts(each, language),
            note=_text("rotating" if each.owned.type.rotating else "fold", language),
            code=None if each.owned.type.rotating else each.code,
            colour=each.owned.type.colour,
        )
        for each in held
    ]
    return sheets.pdf(name, pages, right_to_left=formats.is_right_to_left(language))


def file_name(language: str) -> str:
    return f"{_text('file', language)}.pdf"


def _facts(held: Pass, language: str) -> list[tuple[str, str]]:
    ticket, say = held.ticket, partial(_text, language=language)
    kind = held.owned.type.name
    facts = [(kind, ticket.name) if ticket.name else (say("type"), kind)]
    if ticket.seat:
        facts.append((say("seat"), ticket.seat))
    return [*facts, (say("type"), say("number", number=ticket.number))]


def _text(key: str, language: str, **params: object) -> str:
    return public_text(f"mail.ticket.{key}", params, language)

"""Server-sent events out of bytes, as they come in pieces of any size."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """One event; `id` is empty where it had none."""

    name: str
    data: str
    id: str = ""


class Parser:
    """Feed it what arrives; it gives back every event that is complete."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> list[Event]:
        whole = self._rest + piece
        # A lone carriage return at the end may be half of a line end.
        held = b"\r" if whole.endswith(b"\r") else b""
        text = whole[: len(whole) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        *blocks, rest = text.split(b"\n\n")
        self._rest = rest + held
        events = (_event(block) for block in blocks)
        return [event for event in events if event is not None]


def _event(block: bytes) -> Event | None:
    """None for a block without data: a comment, or a wish for the time to reconnect."""
    fields: dict[str, list[str]] = {}
    for line in block.decode("utf-8", "replace").split("\n"):
        name, _, value = line.partition(":")
        fields.setdefault(name, []).append(value.removeprefix(" "))
    if "data" not in fields:
        return None
    name, id_ = fields.get("event", ["message"])[-1], fields.get("id", [""])[-1]
    return Event(name, "\n".join(fields["data"]), id_)

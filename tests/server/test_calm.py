"""Who waits for an answer, counted around the application."""

import pytest
from starlette.types import Message, Receive, Scope, Send

from server.calm import Calm, Counted

_HTTP: Scope = {"type": "http"}


async def receive() -> Message:
    return {"type": "http.request"}


async def sent(_: Message) -> None:
    return


async def test_a_stream_that_has_begun_counts_no_more() -> None:
    calm, seen = Calm(), list[bool]()

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        seen.append(calm.now)
        for message in ({"type": "http.response.start"}, {"type": "http.response.body"}):
            await send(message)
            seen.append(calm.now)

    await Counted(app, calm)(_HTTP, receive, sent)
    assert seen == [False, True, True]
    assert calm.now


async def test_a_request_that_fails_is_over_too() -> None:
    calm = Calm()

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await Counted(app, calm)(_HTTP, receive, sent)
    assert calm.now

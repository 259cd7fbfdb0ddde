"""What may wait gives way: paper is made when nobody waits for an answer."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Calm:
    """How many requests have no answer yet. A stream that has begun counts no more."""

    def __init__(self) -> None:
        self._waiting = 0
        self._calm = asyncio.Event()
        self._calm.set()

    @property
    def now(self) -> bool:
        return not self._waiting

    async def come(self, patience: float) -> None:
        """Returns once nobody waits, at the latest after so many seconds."""
        try:
            async with asyncio.timeout(patience):
                while self._waiting:
                    await self._calm.wait()
        except TimeoutError:
            return

    def enter(self) -> None:
        self._waiting += 1
        self._calm.clear()

    def leave(self) -> None:
        self._waiting -= 1
        if not self._waiting:
            self._calm.set()


class Counted:
    """An ASGI middleware that counts for a `Calm`."""

    def __init__(self, app: ASGIApp, calm: Calm) -> None:
        self._app, self._calm = app, calm

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answered = False

        async def counted(message: Message) -> None:
            nonlocal answered
            if not answered and message["type"] == "http.response.start":
                answered = True
                self._calm.leave()
            await send(message)

        self._calm.enter()
        try:
            await self._app(scope, receive, counted)
        finally:
            if not answered:
                self._calm.leave()

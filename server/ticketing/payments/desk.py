"""Money that staff take, by cash or with a card reader of their own: no account anywhere is needed."""

from server.ticketing.payments.provider import Begun, Due, Seen, Standing, at_the_desk

DESK = "desk"


class Desk:
    """Nothing is begun and nothing can be looked up: that it was paid, staff say."""

    name = DESK
    online = False

    async def begin(self, due: Due) -> Begun:
        return Begun(due.payment)

    async def checkout(self, due: Due, success: str, cancel: str) -> Begun:
        raise at_the_desk()

    async def look_up(self, reference: str) -> Seen:
        return Seen(Standing.OPEN)

    async def give_up(self, reference: str) -> Seen:
        return Seen(Standing.DEAD)

    async def refund(self, payment: str, charge: str) -> None:
        """Staff hand it back."""

    def heard(self, payload: bytes, signature: str) -> str | None:
        return None

    async def close(self) -> None: ...

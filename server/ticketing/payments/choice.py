"""Which payment providers there are, and which one takes what customers pay."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.errors import Conflict
from server.settings import Settings
from server.ticketing.payments.desk import Desk
from server.ticketing.payments.provider import Provider


@dataclass(frozen=True, slots=True)
class Payments:
    """The providers by name; `chosen` takes new payments, the others are asked about old ones."""

    chosen: Provider
    known: Mapping[str, Provider]

    def of(self, name: str) -> Provider:
        """Raises `Conflict` for one that is not set up any more."""
        found = self.known.get(name)
        if found is None:
            raise Conflict(
                f"the payment provider {name!r} is not set up here any more: set it up again, or settle this "
                "payment at the provider itself",
                code="provider_gone",
            )
        return found

    async def close(self) -> None:
        for provider in self.known.values():
            await provider.close()


def choose(settings: Settings) -> Payments:
    """As the settings say. A provider that took money before may still have to be asked about it."""
    known: dict[str, Provider] = {"desk": Desk()}
    if settings.stripe_secret_key:
        from server.ticketing.payments.stripe import Stripe

        known["stripe"] = Stripe(
            settings.stripe_secret_key, settings.stripe_webhook_secret, settings.stripe_api.rstrip("/")
        )
    return Payments(known[settings.payment_provider], known)

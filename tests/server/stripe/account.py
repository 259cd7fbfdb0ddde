"""The stand-in Stripe as a process of its own, and what tests tell it and read of it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from server.settings import Settings
from tests.server.stripe.standin import SECRET_KEY, WEBHOOK_SECRET


@dataclass(frozen=True, slots=True)
class Account:
    """An account at the stand-in: `tell` what customers and the world do."""

    url: str
    http: httpx.Client

    def tell(self, **what: Any) -> httpx.Response:
        return self.http.post("/_test", json=what)

    def pay(self, id_: str) -> None:
        """The customer of an intent or a session pays."""
        assert self.tell(pay=id_).status_code == 200

    def objects(self, kind: str) -> list[dict[str, Any]]:
        """All objects of a kind, the oldest first."""
        found = self.http.get("/_test").json()["objects"].values()
        return [each for each in found if each["object"] == kind]

    def last(self, kind: str) -> dict[str, Any]:
        return self.objects(kind)[-1]

    def events(self) -> list[dict[str, str]]:
        """Body and signature of each event, signed anew."""
        return list(self.http.get("/_test").json()["events"])

    def settings(self, settings: Settings) -> Settings:
        """The settings of a server that takes payments through this account."""
        return settings.model_copy(
            update={
                "payment_provider": "stripe",
                "stripe_secret_key": SECRET_KEY,
                "stripe_publishable_key": "pk_test_standin",
                "stripe_webhook_secret": WEBHOOK_SECRET,
                "stripe_api": self.url,
            }
        )


@contextmanager
def running() -> Iterator[Account]:
    command = (sys.executable, "-m", "tests.server.stripe.standin")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            url = process.stdout.readline().strip()
            with httpx.Client(base_url=url) as http:
                yield Account(url, http)
        finally:
            process.terminate()

"""Signing in, staying signed in, signing out."""

from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe

from domain.clock import DAY, MINUTE, Instant
from domain.errors import Unauthenticated
from server.activity.record import record
from server.auth import store
from server.auth.access import Access
from server.auth.caller import Role
from server.auth.passwords import Passwords
from server.auth.store import Person, Refresh
from server.db.database import Database, Transaction
from server.ids import new_id
from server.settings import Settings


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person with an access token and the refresh token for the next one; `seconds` it lives."""

    person: Person
    access_token: str
    refresh_token: str
    seconds: int


class SignIn:
    def __init__(self, database: Database, access: Access, passwords: Passwords, settings: Settings) -> None:
        self._database = database
        self._access = access
        self._passwords = passwords
        self._settings = settings

    async def login(self, email: str, password: str) -> SignedIn:
        """Raises `Unauthenticated`, the same for an unknown address and a wrong password."""
        person = await self._database.read(lambda c: store.person_by_email(c, email.casefold()))
        fits = await self._passwords.fits(person.password if person else None, password)
        if person is None or not fits or not person.active:
            raise Unauthenticated("this e-mail address and password do not fit", code="login_failed")
        token = await self._database.write(lambda transaction: self._first_token(transaction, person))
        return await self._signed_in(person, token)

    async def refresh(self, token: str) -> SignedIn:
        """The next pair of tokens. A token that was used before ends every sign-in that came of it."""
        outcome = await self._database.write(lambda transaction: self._next_token(transaction, token))
        if isinstance(outcome, Unauthenticated):
            raise outcome
        return await self._signed_in(*outcome)

    async def logout(self, token: str) -> None:
        """Ends the sign-in of a refresh token; an unknown one has ended already."""

        def end(transaction: Transaction) -> None:
            found = store.refresh_token(transaction.connection, _digest(token))
            if found is not None:
                store.revoke_family(transaction.connection, found.family)

        await self._database.write(end)

    async def _signed_in(self, person: Person, token: str) -> SignedIn:
        minutes = self._settings.access_minutes
        until = Instant(self._access.now() + minutes * MINUTE)
        access = self._access.token(
            person.id, person.org, Role.STAFF, until, permissions=list(person.permissions)
        )
        return SignedIn(person, access, token, minutes * 60)

    def _first_token(self, transaction: Transaction, person: Person) -> str:
        subject = f"staff:{person.id}"
        store.forget_ended(transaction.connection, subject, transaction.now)
        record(transaction, org=person.org, kind="staff.signed_in", subject=subject, actor=subject)
        return self._add(transaction, new_id(transaction.now), subject)

    def _next_token(self, transaction: Transaction, token: str) -> tuple[Person, str] | Unauthenticated:
        """A refusal is an answer here, not a fault: what it revokes must stay revoked."""
        connection = transaction.connection
        found = store.refresh_token(connection, _digest(token))
        if found is None or found.revoked or found.until <= transaction.now:
            return Unauthenticated("this sign-in has ended; sign in again", code="refresh_ended")
        if found.used:
            store.revoke_family(connection, found.family)
            return Unauthenticated(
                "this refresh token was used before, by somebody else perhaps: sign in again",
                code="refresh_reused",
            )
        person = store.person(connection, found.subject.removeprefix("staff:"))
        if person is None or not person.active:
            return Unauthenticated("this sign-in has ended; sign in again", code="refresh_ended")
        store.use_refresh_token(connection, found.digest)
        return person, self._add(transaction, found.family, found.subject)

    def _add(self, transaction: Transaction, family: str, subject: str) -> str:
        token = token_urlsafe(32)
        until = Instant(transaction.now + self._settings.refresh_days * DAY)
        store.add_refresh_token(
            transaction.connection, Refresh(_digest(token), family, subject, until, False, False)
        )
        return token


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()

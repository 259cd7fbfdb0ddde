"""Signing in, staying signed in, signing out; of staff and of customers alike."""

from dataclasses import dataclass

from domain.clock import DAY, MINUTE, Instant
from domain.errors import Unauthenticated
from server.activity.record import record
from server.auth import accounts, store
from server.auth.access import Access
from server.auth.accounts import Account, Login
from server.auth.passwords import Passwords
from server.auth.store import Refresh
from server.auth.tokens import digest, new_token
from server.db.database import Database, Job, Query, Transaction
from server.ids import new_id
from server.settings import Settings


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody with an access token and the refresh token for the next one; `seconds` it lives."""

    account: Account
    access_token: str
    refresh_token: str
    seconds: int


class SignIn:
    def __init__(self, database: Database, access: Access, passwords: Passwords, settings: Settings) -> None:
        self._database = database
        self._access = access
        self._passwords = passwords
        self._settings = settings

    async def login(self, find: Query[Login | None], password: str) -> SignedIn:
        """Raises `Unauthenticated`, in the same time for an unknown address and for a wrong password."""
        login = await self._database.read(find)
        fits = await self._passwords.fits(login.password if login else None, password)
        if login is None or not fits:
            raise Unauthenticated("this e-mail address and password do not fit", code="login_failed")
        return await self.begin(lambda _transaction: login.account)

    async def begin(self, who: Job[Account]) -> SignedIn:
        """Signs in whoever the job finds. Raises what it raises."""

        def job(transaction: Transaction) -> tuple[Account, str]:
            account = who(transaction)
            return account, self._first_token(transaction, account)

        return self._signed_in(*await self._database.write(job))

    async def refresh(self, token: str) -> SignedIn:
        """The next pair of tokens. A token that was used before ends every sign-in that came of it."""
        outcome = await self._database.write(lambda transaction: self._next_token(transaction, token))
        if isinstance(outcome, Unauthenticated):
            raise outcome
        return self._signed_in(*outcome)

    async def logout(self, token: str) -> None:
        """Ends the sign-in of a refresh token; an unknown one has ended already."""

        def end(transaction: Transaction) -> None:
            found = store.refresh_token(transaction.connection, digest(token))
            if found is not None:
                store.revoke_family(transaction.connection, found.family)

        await self._database.write(end)

    def _signed_in(self, account: Account, token: str) -> SignedIn:
        minutes = self._settings.access_minutes
        until = Instant(self._access.now() + minutes * MINUTE)
        claims = {"permissions": list(account.permissions)} if account.permissions else {}
        access = self._access.token(account.id, account.org, account.role, until, **claims)
        return SignedIn(account, access, token, minutes * 60)

    def _first_token(self, transaction: Transaction, account: Account) -> str:
        subject = account.subject
        store.forget_ended(transaction.connection, subject, transaction.now)
        record(
            transaction,
            org=account.org,
            kind=f"{account.role}.signed_in",
            subject=subject,
            actor=subject,
            contact=account.contact,
        )
        return self._add(transaction, new_id(transaction.now), subject)

    def _next_token(self, transaction: Transaction, token: str) -> tuple[Account, str] | Unauthenticated:
        """A refusal is an answer here, not a fault: what it revokes must stay revoked."""
        connection = transaction.connection
        found = store.refresh_token(connection, digest(token))
        if found is None or found.revoked or found.until <= transaction.now:
            return Unauthenticated("this sign-in has ended; sign in again", code="refresh_ended")
        if found.used:
            store.revoke_family(connection, found.family)
            return Unauthenticated(
                "this refresh token was used before, by somebody else perhaps: sign in again",
                code="refresh_reused",
            )
        account = accounts.by_subject(connection, found.subject)
        if account is None:
            return Unauthenticated("this sign-in has ended; sign in again", code="refresh_ended")
        store.use_refresh_token(connection, found.digest)
        return account, self._add(transaction, found.family, found.subject)

    def _add(self, transaction: Transaction, family: str, subject: str) -> str:
        token = new_token()
        until = Instant(transaction.now + self._settings.refresh_days * DAY)
        store.add_refresh_token(
            transaction.connection, Refresh(digest(token), family, subject, until, False, False)
        )
        return token

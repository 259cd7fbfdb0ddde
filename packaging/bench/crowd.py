"""Customers of the sample organisation, who sign in as people do: by links that are mailed to them."""

import asyncio
import re
import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import httpx

_LINK = re.compile(r"/sign-in/([A-Za-z0-9_-]+)")
_AT_ONCE = 16
_PATIENCE = 120.0


async def tokens(url: str, org: str, mails: Path, count: int) -> list[str]:
    """Access tokens of so many new customers of a server that writes its mails into a folder."""
    headers = {"Origin": url}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=_PATIENCE) as client:
        turn = asyncio.Semaphore(_AT_ONCE)

        async def ask(number: int) -> None:
            form = {"org": org, "email": f"buyer{number}@example.com"}
            async with turn:
                answer = await client.post("/my/sign-in", data=form)
            assert answer.status_code == 303, answer.text

        async def sign_in(link: str) -> str:
            async with turn:
                answer = await client.post("/api/auth/customer/session", json={"token": link})
            answer.raise_for_status()
            return str(answer.json()["accessToken"])

        await asyncio.gather(*map(ask, range(count)))
        return await asyncio.gather(*map(sign_in, await asyncio.to_thread(_links, mails, count)))


def _links(mails: Path, count: int) -> list[str]:
    """The links of all mails, once they have been sent."""
    until = time.monotonic() + _PATIENCE
    while len(files := list(mails.glob("*.eml"))) < count:
        if time.monotonic() > until:
            raise TimeoutError(f"only {len(files)} of {count} mails were sent")
        time.sleep(0.1)
    return [_link(file.read_bytes()) for file in files]


def _link(content: bytes) -> str:
    body = message_from_bytes(content, policy=default).get_body(("plain",))
    found = _LINK.search(body.get_content()) if body else None
    assert found is not None
    return found[1]

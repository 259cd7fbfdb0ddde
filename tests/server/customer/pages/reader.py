"""Somebody with a browser that runs no scripts: reads pages, sends forms, keeps cookies."""

import html
import re
from dataclasses import dataclass
from typing import Any

from httpx import AsyncClient, Response

_TAGS = re.compile(r"<[^>]+>")


@dataclass
class Reader:
    client: AsyncClient
    accepts: str = "text/html,application/xhtml+xml,*/*;q=0.8"

    async def get(self, path: str, status: int = 200, **headers: str) -> Response:
        answer = await self.client.get(path, headers={"Accept": self.accepts, **_hyphened(headers)})
        assert answer.status_code == status, answer.text
        return answer

    async def send(
        self, path: str, fields: dict[str, Any] | None = None, status: int = 303, **headers: str
    ) -> Response:
        """A form of one of our pages; the answer before it is followed."""
        own = {"Accept": self.accepts, "Origin": str(self.client.base_url).rstrip("/")}
        answer = await self.client.post(path, data=fields or {}, headers={**own, **_hyphened(headers)})
        assert answer.status_code == status, answer.text
        return answer

    async def follow(self, answer: Response) -> Response:
        return await self.get(answer.headers["location"])


def words(answer: Response) -> str:
    """What a page says, without its tags."""
    main = answer.text.split("<main", 1)[1].split("</main>", 1)[0]
    return " ".join(html.unescape(_TAGS.sub(" ", main)).split())


def links(answer: Response, begin: str) -> list[str]:
    """Where a page leads to, of the addresses that begin so."""
    found = (html.unescape(each) for each in re.findall(r'href="([^"]+)"', answer.text))
    return [each for each in found if each.startswith(begin)]


def _hyphened(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}

"""Random tokens: told to their holder once, and kept as digests only."""

from hashlib import sha256
from secrets import token_urlsafe


def new_token() -> str:
    """256 random bits, as 43 characters that stand in an address as they are."""
    return token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a token, or is looked up for one that somebody sends."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()

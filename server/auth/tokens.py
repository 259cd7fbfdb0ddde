"""Random tokens: told to their holder once, and kept as digests only."""

import re
from hashlib import sha256
from secrets import token_urlsafe

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,100}")


def new_token() -> str:
    """256 random bits, as 43 characters that stand in an address as they are."""
    return token_urlsafe(32)


def is_token(text: str) -> bool:
    """Whether this may be one of our tokens; a database need not be asked for anything else."""
    return _TOKEN.fullmatch(text) is not None


def digest(token: str) -> str:
    """What is kept of a token, or is looked up for one that somebody sends."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()

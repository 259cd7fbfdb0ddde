"""Codes that people read and type: Crockford's letters, none of which is mistaken for another."""

from secrets import choice

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def readable(groups: int, letters: int) -> str:
    """A random code such as `7KQ2-M0XZ`, with 5 bits a letter."""
    return "-".join("".join(choice(ALPHABET) for _ in range(letters)) for _ in range(groups))


def plain(typed: str) -> str:
    """A typed code as it was meant: in capitals, without separators, look-alikes set right."""
    return typed.upper().translate(_MISREAD)

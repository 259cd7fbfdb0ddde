"""E-mail addresses: as people type them, and as mails travel to them."""

import re
from email.utils import parseaddr

import idna
from email_validator import EmailNotValidError, validate_email

_LOCAL = re.compile(r"[^\s\x00-\x20\x7f()<>\[\]:;@\\,\"]{1,64}")


class Unaddressable(ValueError):
    """No mail can go to this address."""


def typed(text: str) -> str:
    """What a person typed, in one form: lower case, composed, the domain in its own letters.

    Raises `Unaddressable` for what no mail on the internet can reach.
    """
    try:
        address = validate_email(text.strip(), check_deliverability=False, strict=True).normalized.lower()
        travelling(address)
    except (EmailNotValidError, Unaddressable) as fault:
        raise Unaddressable(f"this is no e-mail address that a mail can reach: {fault}") from None
    return address


def travelling(text: str) -> str:
    """An address as SMTP wants it, its domain in ASCII; also one of a local network.

    Raises `Unaddressable`.
    """
    local, _, domain = text.rpartition("@")
    try:
        host = idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        host = ""
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    if not host or dots or not _LOCAL.fullmatch(local):
        raise Unaddressable(f"{text[:100]!r} is no e-mail address that a mail can reach")
    return f"{local}@{host}"


def named(text: str) -> tuple[str, str]:
    """The name and the address of `Riverside <tickets@example.com>`; the name may be missing.

    Raises `Unaddressable`.
    """
    name, address = parseaddr(text)
    return name, travelling(address)

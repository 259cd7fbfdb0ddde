"""What customers' sign-in is asked and answers."""

from typing import Annotated

from pydantic import Field

from server.auth.schemas import Password
from server.wire import In, MailAddress, Text

Language = Annotated[str, Field(max_length=35, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$")]
"""A BCP 47 tag, such as `de` or `pt-BR`."""


class RegisterIn(In):
    """Without a language the one of `Accept-Language`."""

    email: MailAddress
    password: Password
    name: Text = ""
    language: Language | None = None


class LinkIn(In):
    email: MailAddress
    language: Language | None = None


class SessionIn(In):
    """`token` is the end of the address that was mailed."""

    token: Annotated[str, Field(min_length=1, max_length=200)]


class CustomerLoginIn(In):
    email: MailAddress
    password: Annotated[str, Field(max_length=1000)]

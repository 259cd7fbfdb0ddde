"""Answers kept so that a repeated request with the same `Idempotency-Key` gets the first one again."""

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from server.db.base import Moment, table_of


class IdempotentAnswer(SQLModel, table=True):
    """`request` is the digest of method, address and body."""

    __tablename__ = "idempotent_answer"

    caller: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    request: bytes = Field(sa_type=LargeBinary)
    status: int
    headers: str
    body: bytes = Field(sa_type=LargeBinary)
    at: int = Field(sa_type=Moment, index=True)


idempotent_answers = table_of(IdempotentAnswer)

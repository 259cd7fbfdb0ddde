"""Operations that kiosks sent, each with its first answer."""

from sqlalchemy import PrimaryKeyConstraint
from sqlmodel import Field, SQLModel

from server.db.base import Moment, table_of


class SyncOperation(SQLModel, table=True):
    __tablename__ = "sync_operation"

    org: str
    op: str
    device: str
    sequence: int = Field(sa_type=Moment)
    kind: str
    at: int = Field(sa_type=Moment)
    received: int = Field(sa_type=Moment)
    status: str
    detail: str

    __table_args__ = (PrimaryKeyConstraint("org", "op"),)


sync_operations = table_of(SyncOperation)

"""The life of an event: which step leads from which state to which."""

from enum import StrEnum


class EventState(StrEnum):
    """Where an event stands. That it is running or over follows from its times."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"


OFF = (EventState.CANCELLED, EventState.ARCHIVED)
"""Nothing begins any more: no ticket is issued for it, and none goes to somebody else."""


class Step(StrEnum):
    PUBLISH = "publish"
    CANCEL = "cancel"
    ARCHIVE = "archive"


TRANSITIONS: dict[EventState, dict[Step, EventState]] = {
    EventState.DRAFT: {
        Step.PUBLISH: EventState.PUBLISHED,
        Step.CANCEL: EventState.CANCELLED,
        Step.ARCHIVE: EventState.ARCHIVED,
    },
    EventState.PUBLISHED: {Step.CANCEL: EventState.CANCELLED, Step.ARCHIVE: EventState.ARCHIVED},
    EventState.CANCELLED: {Step.ARCHIVE: EventState.ARCHIVED},
    EventState.ARCHIVED: {},
}

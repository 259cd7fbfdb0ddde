"""How things stand as the status line and the notices show it."""

from datetime import datetime

from kiosk.store.notices import Notice
from kiosk.sync.status import Status
from kiosk.ui.text import text
from kiosk.ui.views import Connection, Health, NoticeView, StatusView, Tone


def status_view(
    status: Status, event: str, device: str, camera: Health, now: datetime | None, trouble: str = ""
) -> StatusView:
    return StatusView(
        event=event,
        device=device,
        connection=Connection(status.connection.value),
        backlog=status.backlog,
        rejected=status.rejected,
        fetched=status.fetched,
        camera=camera,
        clock_off=status.clock_off // 1000 if status.clock_is_wrong else 0,
        now=now,
        trouble=trouble or status.trouble,
    )


def notice_view(notice: Notice, name: str) -> NoticeView:
    """A notice in words. A ticket that two doors admitted stays until staff have seen it."""
    first = notice.detail.get("first")
    told = first if isinstance(first, dict) else {}
    where = str(told.get("gate") or told.get("deviceName") or "")
    return NoticeView(
        title=text(f"notice.{notice.kind}.title", name=name),
        body=text(f"notice.{notice.kind}.body", name=name, where=where),
        tone=Tone.BAD if notice.kind in ("double", "rejected") else Tone.WARN,
        lasting=notice.kind in ("double", "rejected"),
    )

"""The history: every scan, granted or refused, who, where, by which device."""

import csv
import io

from domain.clock import MINUTE, Instant, rfc3339
from tests.server.admission.venue import CHECK_IN, EVENT, Venue, alone


async def test_every_scan_is_there_with_who_where_and_how(venue: Venue) -> None:
    code = await venue.world.ticket(name="Ana")
    start = venue.clock()
    await venue.scan(code, opId="in", gate="North")
    body = {"code": code, "lists": ["main"], "opId": "again"}
    await venue.client.post(CHECK_IN, json=body, headers=venue.world.staff("door"))
    await venue.scan("hello", opId="unknown")
    venue.clock.forward(5 * MINUTE)
    await venue.upload(alone("out", Instant(start + MINUTE), code=code, direction="exit", forced=True))
    common = {
        "at": rfc3339(start), "received": rfc3339(start), "list": "main", "ticket": "org-1-t1", "name": "Ana",
        "direction": "entry", "granted": True, "reason": "", "gate": "", "actor": "device:door-1",
        "deviceName": "Kiosk door-1", "offline": False, "forced": False, "undoes": None, "mark": "",
        "why": "", "other": "", "note": "", "code": "", "answers": {},
    }  # fmt: skip
    assert await venue.history() == [
        {**common, "opId": "out", "at": rfc3339(Instant(start + MINUTE)), "received": rfc3339(venue.clock()),
         "direction": "exit", "offline": True, "forced": True},
        {**common, "opId": "unknown", "granted": False, "reason": "unknown", "ticket": "", "name": "",
         "code": "hello"},
        {**common, "opId": "in", "gate": "North"},
        {**common, "opId": "again", "granted": False, "reason": "already_in", "actor": "staff:staff-1",
         "deviceName": ""},
    ]  # fmt: skip


async def test_pages_hold_every_scan_once_the_newest_first(venue: Venue) -> None:
    for n in range(7):
        venue.clock.forward(n % 2)
        await venue.scan("hello", opId=f"op-{n}")
    pages = await venue.pages("history", venue.world.staff("events"), limit=3)
    assert [[scan["opId"] for scan in page] for page in pages] == [
        ["op-6", "op-5", "op-4"],
        ["op-3", "op-2", "op-1"],
        ["op-0"],
    ]


async def test_the_csv_holds_all_and_no_cell_of_it_is_a_formula(venue: Venue) -> None:
    names = ['=HYPERLINK("http://x")', "+49", "-1+1", "@SUM(A1)", "＝1", 'Ana, "the" Señora\nSánchez']
    for name in names:
        await venue.scan(await venue.world.ticket(name=name), gate="\t=1", answers={"meal": "=1"})
    await venue.undo("op-1", reason="=cmd|' /C calc'!A0")
    await venue.scan("=1+1")
    headers = {**venue.world.staff("door"), "Accept": "text/csv"}
    answer = await venue.client.get(f"{EVENT}/history", headers=headers)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="check-in-evt-1.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    page = await venue.history()
    assert list(rows[0]) == list(page[0])
    assert sorted(row["opId"] for row in rows) == sorted(scan["opId"] for scan in page)
    kept = {row["name"] for row in rows}
    assert kept == {*(f"'{name}" for name in names[:5]), names[5], ""}
    assert {row["gate"] for row in rows} == {"'\t=1", ""}
    for row in rows:
        assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "＝"))]
    [undo] = [row for row in rows if row["undoes"]]
    assert undo["note"] == "'=cmd|' /C calc'!A0"
    assert {row["code"] for row in rows} == {"", "'=1+1"}
    assert {row["answers"] for row in rows} == {"", '{"meal":"=1"}'}

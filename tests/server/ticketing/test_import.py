"""Importing tickets from a file: all or none, and every wrong line told."""

import asyncio

import pytest
from httpx import Response
from sqlalchemy import Table, func, select

from domain import ticket_code
from server.activity.tables import activities, changes
from server.ticketing import sheet
from server.ticketing.tables import tickets as ticket_table
from tests.server.office import Office, problem

IMPORT = "events/fair/tickets/import"
TICKETS = "events/fair/tickets"


async def send(office: Office, body: bytes | str, query: str = "", kind: str = "text/csv") -> Response:
    content = body.encode() if isinstance(body, str) else body
    return await office.call("POST", f"{IMPORT}{query}", content=content, also={"Content-Type": kind})


async def listed(office: Office) -> list[dict[str, object]]:
    items: list[dict[str, object]] = (await office.ok("GET", f"{TICKETS}?limit=500"))["items"]
    return items


async def count(office: Office, table: Table, **values: str) -> int:
    where = [table.c[name] == value for name, value in values.items()]
    asked = select(func.count()).select_from(table).where(*where)
    return int(await office.database.read(lambda c: c.execute(asked).scalar_one()))


def told(answer: Response) -> list[tuple[int, str]]:
    assert problem(answer) == (422, "import_broken")
    return [(error["line"], error["column"]) for error in answer.json()["report"]]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
async def test_a_file_is_read_however_it_was_saved(
    office: Office, mark: bytes, between: str, end: str
) -> None:
    lines = [
        "Type,Name,E-mail".replace("E-mail", "email"),
        'vip,"Sánchez, Ana",ana@a.example',
        "general,Bob,",
    ]
    text = end.join(line.replace(",", between).replace(f"Sánchez{between}", "Sánchez,") for line in lines)
    answer = await send(office, mark + text.encode())
    assert answer.json() == {"lines": 2, "imported": 2, "dryRun": False, "errors": 0, "report": []}
    assert [(t["type"], t["name"], t["email"]) for t in await listed(office)] == [
        ("vip", "Sánchez, Ana", "ana@a.example"), ("general", "Bob", ""),
    ]  # fmt: skip


async def test_every_column_arrives_where_it_belongs(office: Office) -> None:
    text = (
        "code,name,email,order,type,seat,session,state,note\n"
        'F-1,Ana,ana@a.example,R1,VIP,A 4,s1,pending,"two\nlines"\n'
        ",Bob,,,General Admission,,,,\n"
    )
    assert (await send(office, text)).json()["imported"] == 2
    ana, bob = await listed(office)
    assert (ana["order"], ana["seat"], ana["session"], ana["note"]) == ("R1", "A 4", "s1", "two\nlines")
    assert (ana["state"], ana["due"], ana["type"], ana["foreign"]) == ("pending", 14900, "vip", True)
    assert (bob["state"], bob["type"], bob["foreign"]) == ("valid", "general", False)
    codes = [(await office.ok("GET", f"{TICKETS}/{t['id']}"))["code"] for t in (ana, bob)]
    assert codes[0] == "F-1"
    assert ticket_code.parse(codes[1]).code.ticket == 2


async def test_a_dry_run_says_what_would_be_and_does_nothing(office: Office) -> None:
    good = await send(office, "type\nvip\nvip\n", "?dryRun=true")
    assert good.json() == {"lines": 2, "imported": 0, "dryRun": True, "errors": 0, "report": []}
    wrong = await send(office, "type\nvip\nnothing\n", "?dryRun=true")
    assert (wrong.status_code, wrong.json()["errors"]) == (200, 1)
    assert wrong.json()["report"][0] == {
        "line": 3, "column": "type", "msg": "write the id or the name of a ticket type: general, vip",
    }  # fmt: skip
    assert problem(await send(office, "type\n" + "vip\n" * 11, "?dryRun=true")) == (409, "sold_out")
    assert await listed(office) == []


async def test_wrong_lines_are_told_by_line_and_column_and_nothing_is_imported(office: Office) -> None:
    await send(office, "type,code\nvip,OLD\n")
    text = (
        "type,name,code,state\n"
        "vip,Good,,\n"
        "nothing,Bad type,,\n"
        "vip,Bad state,,lost\n"
        f"vip,{'x' * 256},,\n"
        "vip,Too few\n"
        "vip,Too many,,,\n"
        "vip,First,SAME,\n"
        "vip,Second,SAME,\n"
        "\n"
        ",,,\n"
        "vip,Known,OLD,\n"
        "vip,Two words wrong,\x00,lost\n"
    )
    answer = await send(office, text)
    places = [(3, "type"), (4, "state"), (5, "name"), (6, ""), (7, ""), (9, "code"), (12, "code")]
    assert told(answer) == [*places, (13, "code"), (13, "state")]
    assert answer.json()["errorsInAll"] == 9
    assert answer.json()["errors"][0]["loc"] == ["line", 3, "type"]
    assert "line 3, type" in answer.json()["detail"]
    assert len(await listed(office)) == 1


async def test_a_code_that_was_replaced_is_not_taken_again(office: Office) -> None:
    await send(office, "type,code\nvip,OLD\n")
    await office.ok("POST", f"{TICKETS}/{(await listed(office))[0]['id']}/reissue")
    assert told(await send(office, "type,code\nvip,OLD\n")) == [(2, "code")]


async def test_lines_after_quotation_marks_that_do_not_fit_are_not_guessed(office: Office) -> None:
    for text, line in (('type,name\nvip,"Ana\nvip,Bob\n', 2), ('type,name\nvip,A\nvip,"B"c\nvip,D\n', 3)):
        assert told(await send(office, text)) == [(line, "")]


@pytest.mark.parametrize(
    ("body", "code", "says"),
    [
        (b"", "import_empty", "is empty"),
        (b"\n\n", "import_empty", "is empty"),
        ("type,name\nvip,Ana\nvip,Müller\n".encode("latin-1"), "import_encoding", "line 3 is not in UTF-8"),
        ("type\nvip\n".encode("utf-16"), "import_encoding", "UTF-16"),
        (b"type,nickname\nvip,x\n", "import_columns", "'nickname'"),
        (b"type,name,Name\nvip,x,y\n", "import_columns", "'name' twice"),
        (b"PK\x03\x04\x14\x00\x08", "import_columns", "names the columns"),
        (b"\x89PNG\r\n\x1a\n", "import_encoding", "UTF-8"),
    ],
)
async def test_a_file_that_is_none_is_told_clearly(office: Office, body: bytes, code: str, says: str) -> None:
    answer = await send(office, body)
    assert problem(answer) == (422, code)
    assert says in answer.json()["detail"]


async def test_lines_without_a_type_take_the_one_that_was_named(office: Office) -> None:
    assert told(await send(office, "name\nAna\n")) == [(2, "type")]
    assert (await send(office, "name,type\nAna,\nBob,vip\n", "?type=general")).json()["imported"] == 2
    assert [ticket["type"] for ticket in await listed(office)] == ["general", "vip"]
    assert problem(await send(office, "name\nAna\n", "?type=nothing")) == (404, "not_found")
    await office.ok("PATCH", "events/fair/ticket-types/vip", {"name": "GENERAL ADMISSION"})
    assert told(await send(office, "type\ngeneral admission\n")) == [(2, "type")]


async def test_a_header_alone_imports_nothing(office: Office) -> None:
    assert (await send(office, "type,name")).json()["imported"] == 0


async def test_an_import_holds_the_quota_and_is_all_or_none(office: Office) -> None:
    assert problem(await send(office, "type\n" + "vip\n" * 11)) == (409, "sold_out")
    assert await listed(office) == []
    answers = await asyncio.gather(*(send(office, "type\n" + "vip\n" * 4) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 409, 409]
    assert len(await listed(office)) == 8


async def test_many_lines_are_one_line_of_the_trail_and_one_change_each(office: Office) -> None:
    text = "type,name,code\n" + "".join(f"general,Person {n},F-{n}\n" for n in range(3000))
    assert (await send(office, text)).json()["imported"] == 3000
    assert await count(office, activities, kind="ticket.imported") == 1
    assert await count(office, changes, name="ticket") == 3000
    assert await count(office, ticket_table, event="fair") == 3000
    found = (await office.ok("GET", f"{TICKETS}?text=person+2999"))["items"]
    assert [ticket["number"] for ticket in found] == [3000]
    await office.ok("POST", TICKETS, {"tickets": [{"type": "general", "name": "Later"}]})
    assert [t["number"] for t in (await office.ok("GET", f"{TICKETS}?text=later"))["items"]] == [3001]


async def test_the_report_holds_the_first_thousand_errors_and_counts_all(office: Office) -> None:
    answer = await send(office, "type\n" + "nothing\n" * 1500)
    assert (len(told(answer)), answer.json()["errorsInAll"]) == (1000, 1500)


async def test_a_file_that_is_too_large_is_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_LINES", 3)
    assert problem(await send(office, "type\nvip\nvip\nvip\n")) == (413, "too_large")


async def test_a_form_is_told_to_send_the_file_itself(office: Office) -> None:
    answer = await send(office, "--x\r\n", kind="multipart/form-data; boundary=x")
    assert problem(answer) == (400, "unreadable")


async def test_the_same_file_sent_again_with_its_key_is_imported_once(office: Office) -> None:
    for _ in range(2):
        answer = await office.call(
            "POST",
            IMPORT,
            content=b"type\ngeneral\n",
            also={"Content-Type": "text/csv", "Idempotency-Key": "k"},
        )
        assert answer.json()["imported"] == 1
    assert len(await listed(office)) == 1

"""Managing staff, and reading the trail of activity."""

import asyncio

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import select

from server.auth.tables import staff
from tests.server.office import PASSWORD, Office, add_login, problem

ADA = {"email": "Ada@a.example", "name": "Ada", "permissions": ["door"]}


async def test_somebody_added_signs_in_with_the_password_that_was_made(
    office: Office, client: AsyncClient
) -> None:
    made = await office.ok("POST", "staff", ADA)
    assert (made["email"], made["permissions"], made["active"]) == ("ada@a.example", ["door"], True)
    body = {"email": made["email"], "password": made["password"]}
    assert (await client.post("/api/auth/staff/login", json=body)).status_code == 200


async def test_a_password_that_was_given_is_not_told_again(office: Office) -> None:
    assert (await office.ok("POST", "staff", ADA | {"password": PASSWORD}))["password"] is None


async def test_passwords_are_kept_as_argon2id_only(office: Office) -> None:
    for password in (PASSWORD, None):
        await office.ok("POST", "staff", {"email": f"{bool(password)}@a.example", "password": password})
    kept = await office.database.read(lambda c: c.execute(select(staff.c.password)).scalars().all())
    digests = [digest for digest in kept if digest]
    assert len(digests) == 2
    assert all(digest.startswith("$argon2id$v=19$m=32768,t=3,p=1$") for digest in digests)


async def test_an_address_belongs_to_one_person_only(office: Office, other: Office) -> None:
    await office.ok("POST", "staff", ADA)
    assert problem(await office.call("POST", "staff", ADA)) == (409, "staff_taken")
    assert problem(await other.call("POST", "staff", ADA)) == (409, "staff_taken")
    answers = await asyncio.gather(
        *(office.call("POST", "staff", ADA | {"email": "b@a.example"}) for _ in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]


async def test_the_staff_is_listed_page_by_page(office: Office, other: Office) -> None:
    for n in range(4):
        await office.ok("POST", "staff", {"id": f"z{n}", "email": f"p{n}@a.example"})
    first = await office.ok("GET", "staff?limit=3")
    rest = await office.ok("GET", f"staff?limit=3&cursor={first['nextCursor']}")
    assert [len(first["items"]), len(rest["items"]), rest["nextCursor"]] == [3, 2, None]
    assert [person["id"] for person in rest["items"]] == ["z2", "z3"]
    assert len((await other.ok("GET", "staff"))["items"]) == 1


async def test_whose_account_is_closed_is_out_at_once(
    app: FastAPI, office: Office, client: AsyncClient
) -> None:
    ada = await add_login(app, office, "ada@a.example", "events")
    body = {"email": "ada@a.example", "password": PASSWORD}
    tokens = (await client.post("/api/auth/staff/login", json=body)).json()
    await office.ok("PATCH", f"staff/{ada}", {"active": False})
    headers = {"Authorization": f"Bearer {tokens['accessToken']}"}
    assert problem(await client.get("/api/auth/me", headers=headers)) == (401, "account_closed")
    again = await client.post("/api/auth/refresh", json={"refreshToken": tokens["refreshToken"]})
    assert problem(again) == (401, "refresh_ended")
    assert problem(await client.post("/api/auth/staff/login", json=body)) == (401, "login_failed")


async def test_a_changed_permission_counts_for_tokens_that_are_out_already(office: Office) -> None:
    headers = await office.staff("door", name="ada")
    ada = (await office.ok("GET", "/api/auth/me", headers=headers))["id"]
    assert problem(await office.call("GET", "staff", headers=headers)) == (403, "forbidden")
    await office.ok("PATCH", f"staff/{ada}", {"permissions": ["admin"]})
    assert (await office.call("GET", "staff", headers=headers)).status_code == 200


async def test_a_new_password_ends_the_sign_ins_of_the_old_one(
    app: FastAPI, office: Office, client: AsyncClient
) -> None:
    ada = await add_login(app, office, "ada@a.example")
    old = {"email": "ada@a.example", "password": PASSWORD}
    tokens = (await client.post("/api/auth/staff/login", json=old)).json()
    await office.ok("PATCH", f"staff/{ada}", {"password": "another fine one"})
    again = await client.post("/api/auth/refresh", json={"refreshToken": tokens["refreshToken"]})
    assert problem(again) == (401, "refresh_ended")
    assert problem(await client.post("/api/auth/staff/login", json=old)) == (401, "login_failed")
    new = old | {"password": "another fine one"}
    assert (await client.post("/api/auth/staff/login", json=new)).status_code == 200


@pytest.mark.parametrize("change", [{"active": False}, {"permissions": ["door"]}])
async def test_the_last_administrator_stays_one(office: Office, change: object) -> None:
    me = (await office.ok("GET", "/api/auth/me"))["id"]
    assert problem(await office.call("PATCH", f"staff/{me}", change)) == (409, "last_admin")


async def test_two_administrators_who_dismiss_each_other_leave_one(office: Office) -> None:
    bob = await office.staff("admin", name="bob")
    ids = [(await office.ok("GET", "/api/auth/me", headers=h))["id"] for h in (office.headers, bob)]
    answers = await asyncio.gather(
        office.call("PATCH", f"staff/{ids[1]}", {"active": False}),
        office.call("PATCH", f"staff/{ids[0]}", {"active": False}, headers=bob),
    )
    assert sorted(answer.status_code for answer in answers) in ([200, 409], [200, 401])


async def test_a_change_on_an_old_state_is_refused(office: Office) -> None:
    made = await office.call("POST", "staff", ADA)
    address, seen = f"staff/{made.json()['id']}", made.headers["etag"]
    changed = await office.call("PATCH", address, {"name": "Ada L."}, also={"If-Match": seen})
    assert changed.json()["name"] == "Ada L."
    assert problem(await office.call("PATCH", address, {"name": "X"}, also={"If-Match": seen})) == (
        412,
        "stale",
    )
    current = {"If-Match": changed.headers["etag"]}
    assert (await office.call("PATCH", address, {"name": "Y"}, also=current)).status_code == 200


async def test_who_is_no_administrator_manages_nobody(office: Office) -> None:
    headers = await office.staff("door", "desk", "support", "events", name="ada")
    for method, path in (("GET", "staff"), ("POST", "staff"), ("PATCH", "staff/x"), ("GET", "audit")):
        assert problem(await office.call(method, path, ADA, headers=headers)) == (403, "forbidden")
        assert problem(await office.call(method, path, ADA, headers={}))[0] == 401


async def test_another_organisation_is_as_if_it_were_not(office: Office, other: Office) -> None:
    ada = (await office.ok("POST", "staff", ADA))["id"]
    assert problem(await other.call("PATCH", f"staff/{ada}", {"name": "x"})) == (404, "not_found")
    assert problem(await other.call("PATCH", "staff/nobody", {"name": "x"})) == (404, "not_found")
    for path in ("staff", "audit"):
        assert problem(await other.call("GET", f"/api/organizations/org-a/{path}")) == (404, "not_found")
        elsewhere = await office.call("GET", path, also={"orgid": "org-b"})
        assert problem(elsewhere) == (404, "not_found")
        assert (await office.call("GET", path, also={"orgid": "org-a"})).status_code == 200


@pytest.mark.parametrize(
    "body",
    [{}, {"email": "nobody"}, {"email": "a@b", "permissions": ["fly"]}, {"email": "a@b", "password": "short"},
     {"email": "a@b", "id": "no/slash"}, {"email": "a@\x00b"}, {"email": "a@b", "surprise": 1}],
)  # fmt: skip
async def test_somebody_who_cannot_be_is_not_added(office: Office, body: object) -> None:
    assert problem(await office.call("POST", "staff", body)) == (422, "invalid")


async def test_the_trail_tells_who_did_what_without_secrets(office: Office, other: Office) -> None:
    ada = await office.ok("POST", "staff", ADA | {"password": PASSWORD})
    await office.ok("PATCH", f"staff/{ada['id']}", {"password": "another fine one"})
    me = (await office.ok("GET", "/api/auth/me"))["id"]
    trail = await office.ok("GET", "audit?limit=2")
    assert [activity["kind"] for activity in trail["items"]] == ["staff.changed", "staff.added"]
    assert {activity["actor"] for activity in trail["items"]} == {f"staff:{me}"}
    rest = await office.ok("GET", f"audit?cursor={trail['nextCursor']}")
    assert [activity["kind"] for activity in rest["items"]] == ["staff.added", "organization.made"]
    assert "another fine one" not in str(trail)
    assert PASSWORD not in str(trail) + str(rest)
    of_ada = await office.ok("GET", f"audit?subject=staff:{ada['id']}")
    assert len(of_ada["items"]) == 2
    assert not (await other.ok("GET", f"audit?subject=staff:{ada['id']}"))["items"]


@pytest.mark.parametrize("query", ["cursor=nonsense", "cursor=W10", "limit=0", "limit=501", "limit=x"])
async def test_a_page_that_cannot_be_is_invalid(office: Office, query: str) -> None:
    for path in ("audit", "staff"):
        assert problem(await office.call("GET", f"{path}?{query}"))[0] == 422

"""The contact book: one record a person, however many times and at once they are met."""

import asyncio

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import Row, select, update

from server.auth.tables import customers
from server.contacts.book import contact_for
from server.contacts.tables import contacts
from server.db.database import Database
from tests.builders import ManualClock
from tests.server.world import World, make_world


@pytest.fixture
async def world(app: FastAPI, client: AsyncClient) -> World:
    return await make_world(app)


async def met(world: World, email: str = "ada@example.com", **known: str) -> str:
    return await world.database.write(lambda t: contact_for(t, world.org, "system", email=email, **known))


async def written(database: Database) -> list[Row[tuple[object, ...]]]:
    return await database.read(lambda c: list(c.execute(select(contacts))))


async def test_fifty_who_meet_somebody_at_once_write_them_down_once(world: World) -> None:
    assert len(set(await asyncio.gather(*(met(world) for _ in range(50))))) == 1
    assert len(await written(world.database)) == 1


async def test_an_address_is_the_same_in_any_case(world: World) -> None:
    assert await met(world, "Ada@Example.COM") == await met(world)
    assert await met(world, "straße@example.com") != await met(world, "strasse@example.com")


async def test_what_a_contact_lacks_is_filled_in_and_what_is_known_stays(
    world: World, clock: ManualClock
) -> None:
    await met(world)
    clock.forward(1)
    await met(world, name="Ada", language="de")
    await met(world, name="Eve", language="fr")
    [row] = await written(world.database)
    assert (row.name, row.language, row.changed) == ("Ada", "de", clock())


async def test_each_organisation_has_its_own_book(world: World, app: FastAPI) -> None:
    other = await make_world(app, "org-2", key_number=8)
    assert await met(world) != await met(other)


async def test_a_customer_stays_with_a_contact_whose_address_changes(world: World) -> None:
    await world.customer("ada@example.com")
    [contact] = await written(world.database)
    await world.database.write(
        lambda t: t.connection.execute(update(contacts).values(email="ada@new.example")) and None
    )
    await world.customer("ada@example.com")
    [customer] = await world.database.read(lambda c: list(c.execute(select(customers))))
    assert customer.contact == contact.id
    assert len(await written(world.database)) == 1

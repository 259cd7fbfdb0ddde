"""What becomes of the events of before they had texts and addresses."""

import pytest
from sqlalchemy import Connection, Engine, MetaData, Table, insert, select

from tests.migrations.test_migrations import begun, to

_NAMES = {"Fair_2026": '{"de": "Markt", "en": "Fair"}', "fair-2026": '{"en": "Fair"}', "___": "{}"}


def table(connection: Connection, name: str) -> Table:
    return Table(name, MetaData(), autoload_with=connection)


@pytest.mark.parametrize("again", [False, True])
def test_events_speak_the_languages_of_their_names_and_have_addresses_of_their_own(
    engine: Engine, again: bool
) -> None:
    to(engine, "0006")
    with engine.connect() as connection:
        begun(engine, connection)
        org = {"id": "o", "name": "O", "zone": "UTC", "created": 1}
        connection.execute(insert(table(connection, "organization")).values(**org))
        event = {"org": "o", "starts": 1, "ends": 2, "zone": "UTC", "place": "", "state": "draft",
                 "created": 1, "changed": 1, "rotating_secret": b"s"}  # fmt: skip
        for number, (id_, name) in enumerate(_NAMES.items()):
            values = {**event, "id": id_, "number": number, "name": name}
            connection.execute(insert(table(connection, "event")).values(**values))
        connection.commit()
    to(engine, "head")
    if again:
        to(engine, "0006", down=True)
        to(engine, "head")
    with engine.connect() as connection:
        found = connection.execute(select(table(connection, "event"))).mappings().all()
    said = {row["id"]: (row["slug"], row["languages"], row["labels"]) for row in found}
    assert said["___"] == ("event", "[]", "")
    assert {said[id_][0] for id_ in ("Fair_2026", "fair-2026")} == {"fair-2026", "fair-2026-2"}
    assert said["Fair_2026"][1:] == ('["de", "en"]', "|@de||@en|")

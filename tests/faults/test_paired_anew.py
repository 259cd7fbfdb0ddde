"""A kiosk that gave numbers out alone, and is paired as another device before it could tell its server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.stage import API, Stage, build
from domain.ids import ServicePointId
from kiosk.desk.line import Joiner
from kiosk.desk.line_answers import Done
from kiosk.desk.machine import system_clock
from kiosk.store import credentials
from kiosk.store.credentials import Credentials
from kiosk.sync import pairing
from kiosk.sync.status import Connection
from tests.kiosk.sync.kiosks import Kiosk

CATEGORY = "general"


def test_the_numbers_that_it_told_visitors_stand_and_the_rest_of_its_block_too(
    stage: Stage, tmp_path: Path
) -> None:
    folder, point = tmp_path / "desk", ServicePointId(stage.seeded["servicePoints"][0]["id"])
    first = paired(stage, point)
    with desk(folder, first) as kiosk:
        await_numbers(kiosk, point)
        stage.backend.stop()
        told = [join(kiosk, point, name) for name in ("Ada", "Grace")]
    stage.backend.start()
    stage.ask("DELETE", f"/api/devices/{first.device}")
    with desk(folder) as kiosk:
        kiosk.wait(lambda: kiosk.station.status.connection is Connection.REVOKED)
        assert kiosk.station.store.outbox.counts() == (2, 0)
        kiosk.station.pair(paired(stage, point))
        kiosk.wait_synced()
        assert kiosk.station.store.outbox.counts() == (0, 0)
        assert {"Ada": told[0], "Grace": told[1]}.items() <= line(stage, point).items()

        stage.backend.stop()
        told.append(join(kiosk, point, "Edsger"))
        stage.backend.start()
        kiosk.station.sync_now()
        kiosk.wait_synced()
        assert kiosk.station.store.outbox.counts() == (0, 0)
        assert line(stage, point)["Edsger"] == told[2]
        assert len(set(told)) == 3


def test_another_organisation_gets_nothing_of_it_and_its_own_gets_all_later(
    stage: Stage, tmp_path: Path
) -> None:
    folder, point = tmp_path / "desk", ServicePointId(stage.seeded["servicePoints"][0]["id"])
    clinic = build(tmp_path / "clinic", tickets=20)
    try:
        assert clinic.seeded["servicePoints"][0]["id"] == point
        with desk(folder, paired(stage, point)) as kiosk:
            await_numbers(kiosk, point)
            stage.backend.stop()
            number = join(kiosk, point, "Ada")
            kiosk.station.pair(paired(clinic, point))
            kiosk.wait_synced()
            await_numbers(kiosk, point)
            [kept] = kiosk.station.store.outbox.rejected()
            assert kept.operation.payload["name"] == "Ada"
            assert "Ada" not in line(clinic, point)
            shown = kiosk.station.store.lines.line(point)
            assert shown is not None
            assert "Ada" not in {party.name for party in shown.parties}

            stage.backend.start()
            kiosk.station.pair(paired(stage, point))
            kiosk.wait_synced()
            assert kiosk.station.store.outbox.counts() == (0, 0)
            assert line(stage, point)["Ada"] == number
            assert "Ada" not in line(clinic, point)
    finally:
        clinic.close()


@contextmanager
def desk(folder: Path, known: Credentials | None = None) -> Iterator[Kiosk]:
    """A kiosk at its desk; paired as `known` first, if so."""
    folder.mkdir(exist_ok=True)
    if known is not None:
        credentials.write(folder, known)
    kiosk = Kiosk(folder)
    try:
        yield kiosk
    finally:
        kiosk.close()


def await_numbers(kiosk: Kiosk, point: ServicePointId) -> None:
    """Until it has some in hand."""
    kiosk.wait_synced()
    day = kiosk.station.display.points()[0].day(system_clock())
    kiosk.wait(lambda: kiosk.station.store.leases.left(point, CATEGORY, day) >= 10)


def paired(stage: Stage, point: str) -> Credentials:
    made = stage.device("Desk", "desk", f"servicePoint:{point}")
    return pairing.pair(pairing.invitation(str(made["pairingUri"])))


def join(kiosk: Kiosk, point: ServicePointId, name: str) -> str:
    done = kiosk.line.join(point, CATEGORY, Joiner(name=name))
    assert isinstance(done, Done)
    return done.party.entry.number


def line(stage: Stage, point: str) -> dict[str, str]:
    """Numbers by name, as the server has them."""
    return {item["name"]: item["number"] for item in stage.ask("GET", f"{API}/queue/list/{point}")["items"]}

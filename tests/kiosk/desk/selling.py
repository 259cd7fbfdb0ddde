"""A door that sells, and takes every third sale back, until it is killed; it prints what is done."""

import sys
from dataclasses import replace
from pathlib import Path

from domain.ids import EventId
from kiosk.desk.walk_in import Sold
from tests.kiosk.desk.doors import SampleDoor
from tests.kiosk.desk.test_walk_in import LEASE, STANDARD
from tests.kiosk.sample import EVENT, sample_event

SEATS = 100_000


def main(folder: Path) -> None:
    door = SampleDoor(folder, sample_event(3))
    door.store.seats.keep(EventId(EVENT.id), [replace(LEASE, seats=SEATS)])
    for number in range(SEATS):
        sold = door.walk_in.sell(STANDARD, "cash")
        assert isinstance(sold, Sold)
        print("sold", sold.outcome.op, flush=True)
        if number % 3 == 0:
            assert door.walk_in.take_back(sold.outcome.op)
            print("back", sold.outcome.op, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

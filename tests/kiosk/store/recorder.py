"""A process that records scans as fast as it can and prints each one that is done, until it is killed."""

import sys
from itertools import count
from pathlib import Path

from kiosk.store.store import Store
from tests.kiosk.store.scans import check_in


def main(folder: str, start: str) -> None:
    store = Store(Path(folder))
    for number in count(int(start)):
        op = f"op{number:06}"
        store.door.record(*check_in(op, f"t{number % 50}", at=number))
        print(op, flush=True)


main(*sys.argv[1:])

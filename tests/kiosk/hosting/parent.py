"""A process that hosts a server and then does nothing, for tests that kill it."""

import sys
from pathlib import Path
from threading import Event

from kiosk.hosting import HostedServer, Hosting


def main(port: str, folder: str) -> None:
    command = [sys.executable, str(Path(__file__).with_name("child.py")), port, folder]
    hosted = HostedServer(Hosting(command, Path(folder), int(port)))
    hosted.start()
    print(hosted.pid, flush=True)
    Event().wait()


main(*sys.argv[1:])

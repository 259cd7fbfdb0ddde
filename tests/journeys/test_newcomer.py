"""A newcomer follows the README, word for word: the sample, a ticket from a browser, a scan at a door."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from demo.programs import until
from tests.browser.chromium import chromium
from tests.browser.stage import PHONE

pytestmark = [pytest.mark.alone, pytest.mark.xdist_group("alone")]

README = (Path(__file__).parents[2] / "README.md").read_text()
CHAPTER = README.partition("## Buy a ticket and scan it")[2].partition("\n## ")[0]
_SECONDS = 120.0
_HELD = 5.0
"""So long somebody holds a ticket before the camera until they try again."""


@dataclass
class Terminal:
    """Runs the commands of the chapter in a folder of its own; only the port is another one."""

    folder: Path
    port: int
    ends: ExitStack = field(default_factory=ExitStack)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self, word: str) -> str:
        """The line of the chapter that runs `usher WORD`, for this port."""
        [line] = re.findall(rf"^\.venv/bin/usher {word} .*$", CHAPTER, re.MULTILINE)
        return str(line).replace("8750", str(self.port))

    def run(self, command: str, typed: str = "") -> str:
        """What a command says until it ends; without a terminal, passwords are read from what is typed."""
        done = subprocess.run(
            ("bash", "-c", command), cwd=self.folder, env=self._environment(), input=typed,
            capture_output=True, text=True, timeout=_SECONDS, start_new_session=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def begin(self, command: str) -> None:
        """Lets a command run until the journey is over."""
        log = self.ends.enter_context((self.folder / f"{command.split()[1]}.log").open("ab"))
        process = subprocess.Popen(
            ("bash", "-c", f"exec {command}"), cwd=self.folder, env=self._environment(),
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        self.ends.callback(process.wait, 30)
        self.ends.callback(process.terminate)

    def _environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("USHER_")}
        return {**own, "USHER_PORT": str(self.port), "QT_QPA_PLATFORM": "offscreen"}


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    (tmp_path / ".venv").symlink_to(sys.prefix)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    terminal = Terminal(tmp_path, port)
    with terminal.ends:
        yield terminal


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium() as browser:
        yield _phone(browser)


def _phone(browser: Browser) -> Page:
    page = browser.new_context(viewport=PHONE, locale="en").new_page()  # type: ignore[arg-type]
    page.set_default_timeout(30_000)
    return page


def test_a_newcomer_buys_a_ticket_and_scans_it_by_the_readme_alone(terminal: Terminal, page: Page) -> None:
    told = terminal.run(terminal.command("seed"))
    assert len(told) <= 121, "somebody has to find the password in it"
    [password] = re.findall(r'"password": "([^"]+)"', told)
    terminal.begin(terminal.command("serve"))
    until(lambda: _answers(terminal.address), lambda: (terminal.folder / "serve.log").read_text())

    page.goto(terminal.address)
    buy(page)
    picture = page.screenshot()
    expect(page.locator("text=Checked in")).to_have_count(0)
    listed, opened = re.findall(r"`(\.venv/bin/usher mail [^`]+)`", CHAPTER)
    until(lambda: " sent " in terminal.run(listed), lambda: "the mail with the ticket does not go out")
    mail = terminal.run(opened)
    assert "nadia@example.com" in mail
    assert "Riverside Summit" in mail

    invited = terminal.run(f"{terminal.command('invite')} --server {terminal.address}", typed=f"{password}\n")
    [code] = re.findall(r"or type (\S+) there", invited)
    shown = terminal.folder / "shown"
    shown.mkdir()
    terminal.begin(f"{terminal.command('kiosk').replace('CODE', code)} --pictures shown")
    hold(page, picture, shown)


def buy(page: Page) -> None:
    """What the chapter says in words."""
    for word in ("Riverside Summit", "Neighbour", "Show the ticket", "Checked in"):
        assert f"**{word}**" in CHAPTER
    page.click("text=Riverside Summit")
    page.get_by_label("Neighbour").select_option("1")
    page.click("text=Continue")
    page.fill("#name", "Nadia Newcomer")
    page.fill("#email", "nadia@example.com")
    page.click("text=Get the tickets")
    page.click("text=Show the ticket")
    expect(page.locator("#code svg")).to_be_visible()


def hold(page: Page, picture: bytes, folder: Path) -> None:
    """Holds the ticket before the camera until its page says that it is checked in."""
    late = time.monotonic() + _SECONDS
    while time.monotonic() < late:
        (folder / "part").write_bytes(picture)
        (folder / "part").replace(folder / "ticket.png")
        again = time.monotonic() + _HELD
        while time.monotonic() < again:
            page.reload()
            if page.locator("text=Checked in").count():
                return
            time.sleep(0.2)
        (folder / "ticket.png").unlink()
        time.sleep(2)
    raise AssertionError((folder.parent / "kiosk.log").read_text() or "the door did not admit the ticket")


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz").is_success
    except httpx.TransportError:
        return False

"""Staff at two doors and at a desk, and people in the lobby: the demonstration, as `make demo` plays it."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from demo.run import run

pytestmark = [pytest.mark.alone, pytest.mark.xdist_group("alone")]

REFUSED = {"already_in": 2, "signature": 1, "wrong_event": 1, "canceled": 1, "unknown": 1, "blocked": 1}


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("demo")
    ok = run(folder, headless=True, tickets=200)
    told: dict[str, Any] = json.loads((folder / "summary.json").read_text())
    assert told["ok"] is ok
    return told


def test_every_step_does_what_it_should(summary: dict[str, Any]) -> None:
    assert [step for step in summary["steps"] if not step["ok"]] == []
    assert len(summary["steps"]) == 17
    assert summary["ok"]


def test_every_scan_has_its_verdict_and_is_kept_once(summary: dict[str, Any]) -> None:
    assert (summary["admitted"], summary["refused"]) == (14 + 19 + 2, REFUSED)
    assert summary["asked"] == 1
    assert (summary["double_admissions"], summary["lost"], summary["repeated"]) == (1, 0, 0)


def test_every_picture_shows_something_in_both_themes(summary: dict[str, Any]) -> None:
    pictures = [Path(name) for name in summary["screenshots"]]
    scenes, dark = of_theme(pictures, "light"), of_theme(pictures, "dark")
    assert scenes == dark
    assert {"first-start", "door-ready", "verdict-admitted", "desk-serving", "display-serving"} <= scenes
    assert {f"verdict-{word}" for word in ("ask", *REFUSED)} <= scenes
    assert {"welcome", "welcome-services", "welcome-number", "welcome-booking", "desk-bookings"} <= scenes
    assert {"desk-repair-costs", "desk-repair"} <= scenes
    for path in pictures:
        with Image.open(path) as picture:
            picture.load()
            assert picture.format == "PNG"
            assert min(picture.size) >= 700
            assert len(picture.convert("P").getcolors() or ()) > 5, path


def of_theme(pictures: list[Path], theme: str) -> set[str]:
    return {path.stem.removesuffix(f"-{theme}") for path in pictures if path.stem.endswith(f"-{theme}")}

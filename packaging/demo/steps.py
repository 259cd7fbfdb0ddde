"""Steps of the demonstration, and the record of what each one did."""

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console

from demo.programs import Kiosk


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    ok: bool
    detail: str


@dataclass
class Record:
    """What happened. `shown` are the verdicts that a kiosk showed, by operation."""

    folder: Path
    console: Console
    steps: list[Step] = field(default_factory=list)
    screenshots: list[str] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)
    asked: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    double_admissions: int = 0
    lost: int = 0
    repeated: int = 0

    @property
    def ok(self) -> bool:
        return bool(self.steps) and all(step.ok for step in self.steps) and not (self.lost or self.repeated)

    def step(self, name: str, act: Callable[[], str]) -> None:
        """Does a step; what it raises makes it one that failed, and the rest goes on."""
        started = time.monotonic()
        try:
            detail, ok = act(), True
        except Exception as fault:
            detail, ok = f"{type(fault).__name__}: {fault}", False
        self.steps.append(Step(name, ok, detail))
        mark = "[green]✓[/]" if ok else "[red]✕[/]"
        self.console.print(
            f" {mark} {name}  [dim]{detail} · {time.monotonic() - started:.1f} s[/]", highlight=False
        )

    def verdict(self, told: dict[str, object]) -> str:
        """Keeps a verdict that was shown; the word of it. What is asked first is no verdict yet."""
        word = str(told["reason"] or told["verdict"])
        if word == "ask":
            self.asked += 1
            return word
        self.shown[str(told["op"])] = word
        if told["verdict"] == "refused":
            self.refused[word] += 1
        return word

    def picture(self, kiosk: Kiosk, name: str) -> None:
        """What a kiosk shows, in both themes; of two pictures of one name the later one stays."""
        for theme in ("light", "dark"):
            kiosk.do("theme", theme=theme)
            saved = kiosk.picture(self.folder / f"{name}-{theme}.png")
            if saved not in self.screenshots:
                self.screenshots.append(saved)

    def write(self) -> Path:
        """Writes `summary.json`."""
        summary = {
            "ok": self.ok,
            "steps": [asdict(step) for step in self.steps],
            "admitted": sum(word in ("admitted", "exit") for word in self.shown.values()),
            "asked": self.asked,
            "refused": dict(self.refused),
            "double_admissions": self.double_admissions,
            "lost": self.lost,
            "repeated": self.repeated,
            "screenshots": self.screenshots,
        }
        path = self.folder / "summary.json"
        path.write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n")
        return path

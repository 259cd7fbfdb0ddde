"""What each decoder reads, and how long it takes: engines alone, and the pipeline of the kiosk."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from bench import damage
from bench.result import Result, Row
from bench.scene import Image
from kiosk.devices import engines
from kiosk.devices.decoder import Decoder

_SIZE = (1280, 720)
_EACH = 40
_EMPTY = 120
_ENDINGS = {".png", ".jpg", ".jpeg", ".bmp", ".webp"}


@dataclass
class Seen:
    """What one reader made of all pictures."""

    right: int = 0
    false: int = 0
    times: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    by_kind: dict[str, int] = field(default_factory=dict)


Reader = Callable[[Image], list[str]]
Picture = tuple[str, Image, str]
"""Kind, picture, the text of its code; an empty text for a picture without one."""


def run(folder: Path | None = None, seed: int = 20_261_121) -> Result:
    """Reads every picture of `folder`, or made ones, with each reader. Times in milliseconds at 1280×720."""
    pictures = list(_folder(folder) if folder else _made(seed))
    decoder = Decoder()
    readers: dict[str, Reader] = {
        "zxing-cpp": lambda image: [text for text, _ in engines.zxing(image)],
        "pyzbar": lambda image: [text for text, _ in engines.zbar(image)],
        "OpenCV": _opencv(),
        "pipeline": lambda image: [reading.text for reading in decoder.decode(image)],
    }
    seen = {name: _read(reader, pictures) for name, reader in readers.items()}
    with_code = sum(bool(text) for _, _, text in pictures)
    best = max(seen[name].right for name in readers if name != "pipeline")
    rows = [_row(name, found, with_code) for name, found in seen.items()]
    rows.append(Row("pipeline ÷ best single engine", {"recall": seen["pipeline"].right / max(1, best)}))
    rows += _kinds(seen, pictures)
    return Result("decode", tuple(rows), _notes(folder, pictures))


def _row(name: str, seen: Seen, with_code: int) -> Row:
    times = sorted(seen.times)
    return Row(
        name,
        {
            "recall": seen.right / max(1, with_code),
            "false": seen.false,
            "median ms": times[len(times) // 2] * 1e3,
            "p99 ms": times[int(len(times) * 0.99)] * 1e3,
            "median ms where read at first": sorted(seen.first)[len(seen.first) // 2] * 1e3
            if seen.first
            else "",
        },
    )


def _kinds(seen: dict[str, Seen], pictures: Sequence[Picture]) -> Iterator[Row]:
    for kind in dict.fromkeys(kind for kind, _, text in pictures if text):
        count = sum(k == kind for k, _, _ in pictures)
        mark = " (seen while tuning)" if kind in damage.TUNING else ""
        values = {name: found.by_kind.get(kind, 0) / count for name, found in seen.items()}
        yield Row(f"  {kind}{mark}", values)


def _read(reader: Reader, pictures: Sequence[Picture]) -> Seen:
    seen = Seen()
    for kind, image, text in pictures:
        began = time.perf_counter()
        found = reader(image)
        taken = time.perf_counter() - began
        seen.times.append(taken)
        seen.false += sum(read != text for read in found)
        if text and text in found:
            seen.right += 1
            seen.by_kind[kind] = seen.by_kind.get(kind, 0) + 1
            if engines.zxing(image):
                seen.first.append(taken)
    return seen


def _opencv() -> Reader:
    detector = cv2.QRCodeDetector()

    def read(image: Image) -> list[str]:
        try:
            good, texts, _, _ = detector.detectAndDecodeMulti(image)
        except cv2.error:
            return []
        return [text for text in texts if text] if good else []

    return read


def _made(seed: int) -> Iterator[Picture]:
    for number, kind in enumerate(damage.KINDS):
        rng = np.random.default_rng((seed, number))
        for _ in range(_EACH):
            image, text = damage.picture(kind, rng)
            yield kind, image, text
    rng = np.random.default_rng((seed, 999))
    for _ in range(_EMPTY):
        yield "empty", damage.empty(rng), ""


def _folder(folder: Path) -> Iterator[Picture]:
    """Pictures with `labels.json` (name to text), or with `NAME.txt` beside each."""
    labels: dict[str, str] = {}
    if (folder / "labels.json").is_file():
        labels = json.loads((folder / "labels.json").read_text("utf-8"))
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in _ENDINGS:
            continue
        beside = path.with_suffix(".txt")
        text = labels.get(path.name) or (beside.read_text("utf-8").rstrip("\r\n") if beside.is_file() else "")
        image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        if image is not None:
            yield path.parent.name, _fitted(np.asarray(image, np.uint8)), text


def _fitted(image: Image) -> Image:
    """At most 1280×720, as a camera of the kiosk gives it."""
    scale = min(1.0, _SIZE[0] / image.shape[1], _SIZE[1] / image.shape[0])
    if scale == 1.0:
        return image
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _notes(folder: Path | None, pictures: Sequence[Picture]) -> tuple[str, ...]:
    if folder:
        return (f"{len(pictures)} pictures of {folder}",)
    return (
        f"{len(pictures)} made pictures, {_EMPTY} of them without a code; no photographs are among them.",
        f"While the attempts were chosen, other pictures (other seeds) of {', '.join(damage.TUNING)} "
        "were seen; all other kinds were not.",
    )

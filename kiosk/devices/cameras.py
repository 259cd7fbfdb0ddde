"""Which cameras are plugged in, by name."""

import platform
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import cv2

_V4L = Path("/sys/class/video4linux")
_TRIED = 4
_SYSTEM = platform.system()
_BACKEND = {"Darwin": cv2.CAP_AVFOUNDATION, "Windows": cv2.CAP_DSHOW}.get(_SYSTEM, cv2.CAP_ANY)


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """`name` is for people, unique among the cameras that were listed together; `source` and `backend` are
    what OpenCV opens."""

    name: str
    source: int | str
    backend: int = cv2.CAP_ANY


def cameras(folder: Path = _V4L) -> tuple[CameraInfo, ...]:
    """The cameras of this computer. On Linux they are read from `folder` and not touched; elsewhere OpenCV
    knows no names, and a camera is tried by opening it, which takes up to a second each."""
    if _SYSTEM == "Linux":
        return tuple(_distinct(_video_nodes(folder)))
    return tuple(
        CameraInfo(f"Camera {number}", number, _BACKEND) for number in range(_TRIED) if _opens(number)
    )


def chosen(wanted: str, listed: Sequence[CameraInfo]) -> CameraInfo | None:
    """The camera with that name, else with that number in the list; the first if `wanted` is empty."""
    if not wanted:
        return next(iter(listed), None)
    by_name = next((info for info in listed if info.name.casefold() == wanted.casefold()), None)
    if by_name is None and wanted.isdecimal() and int(wanted) < len(listed):
        return listed[int(wanted)]
    return by_name


def _video_nodes(folder: Path) -> Iterator[tuple[str, str]]:
    """Name and device of each camera. A camera has several nodes, and only its first gives pictures."""
    with suppress(OSError):
        for node in sorted(folder.iterdir(), key=lambda path: (len(path.name), path.name)):
            with suppress(OSError):
                if (node / "index").read_text().strip() == "0":
                    yield (node / "name").read_text().strip(), f"/dev/{node.name}"


def _distinct(nodes: Iterator[tuple[str, str]]) -> Iterator[CameraInfo]:
    times: dict[str, int] = {}
    for name, device in nodes:
        times[name] = times.get(name, 0) + 1
        shown = name if times[name] == 1 else f"{name} ({times[name]})"
        yield CameraInfo(shown, device, cv2.CAP_V4L2)


def _opens(number: int) -> bool:
    capture = cv2.VideoCapture(number, _BACKEND)
    try:
        return capture.isOpened()
    finally:
        capture.release()

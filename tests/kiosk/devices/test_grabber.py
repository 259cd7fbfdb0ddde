"""The grabber: the newest frame only, and a camera that goes and comes back."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Lock
from time import monotonic, sleep

import numpy as np
import pytest

from kiosk.devices.camera import CameraAbsent, CameraLost
from kiosk.devices.frame import Frame, Image
from kiosk.devices.grabber import CameraState, Grabber
from kiosk.devices.picture_camera import PictureCamera

PATIENCE = 20.0


def until(true: Callable[[], bool]) -> None:
    end = monotonic() + PATIENCE
    while not true():
        assert monotonic() < end, "it did not come about"
        sleep(0.005)


class Told:
    def __init__(self) -> None:
        self._lock, self._all = Lock(), list[tuple[CameraState, str]]()

    def __call__(self, state: CameraState, fault: Exception | None) -> None:
        with self._lock:
            self._all.append((state, "" if fault is None else str(fault)))

    @property
    def states(self) -> list[CameraState]:
        with self._lock:
            return [state for state, _words in self._all]

    @property
    def words(self) -> list[str]:
        with self._lock:
            return [words for _state, words in self._all]


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def started(told: Told) -> Iterator[Callable[[PictureCamera], Grabber]]:
    running: list[Grabber] = []

    def start(camera: PictureCamera) -> Grabber:
        grabber = Grabber(camera, told, pauses=(0.01, 0.02))
        running.append(grabber)
        grabber.start()
        return grabber

    yield start
    for grabber in running:
        grabber.stop()


def test_frames_come_one_after_the_other(tmp_path: Path, started: Callable[[PictureCamera], Grabber]) -> None:
    grabber = started(PictureCamera(tmp_path, 200))
    frames: list[Frame] = []
    while len(frames) < 5:
        frame = grabber.latest(frames[-1].sequence if frames else -1, wait=PATIENCE)
        assert frame is not None
        frames.append(frame)
    assert [frame.sequence for frame in frames] == sorted({frame.sequence for frame in frames})
    assert [frame.taken for frame in frames] == sorted(frame.taken for frame in frames)


def test_a_frame_that_was_seen_is_not_given_again(tmp_path: Path) -> None:
    grabber = Grabber(PictureCamera(tmp_path))
    assert grabber.latest() is None
    grabber.start()
    frame = grabber.latest(wait=PATIENCE)
    grabber.stop()
    assert frame is not None
    last = grabber.latest(frame.sequence)
    assert last is None or last.sequence > frame.sequence


def test_a_slow_reader_gets_the_newest_frame(
    tmp_path: Path, started: Callable[[PictureCamera], Grabber]
) -> None:
    grabber = started(PictureCamera(tmp_path, 500))
    first = grabber.latest(wait=PATIENCE)
    assert first is not None
    until(lambda: (grabber.latest() or first).sequence > first.sequence + 3)


def test_a_camera_that_is_not_there_yet_is_absent_and_then_runs(
    tmp_path: Path, told: Told, started: Callable[[PictureCamera], Grabber]
) -> None:
    folder = tmp_path / "pictures"
    grabber = started(PictureCamera(folder))
    until(lambda: told.states == [CameraState.ABSENT])
    assert grabber.state is CameraState.ABSENT
    assert grabber.latest() is None
    folder.mkdir()
    assert grabber.latest(wait=PATIENCE) is not None
    until(lambda: told.states == [CameraState.ABSENT, CameraState.RUNNING])


def test_a_camera_that_vanishes_is_lost_and_runs_again_when_it_returns(
    tmp_path: Path, told: Told, started: Callable[[PictureCamera], Grabber]
) -> None:
    folder, away = tmp_path / "pictures", tmp_path / "away"
    folder.mkdir()
    grabber = started(PictureCamera(folder))
    before = grabber.latest(wait=PATIENCE)
    assert before is not None
    folder.rename(away)
    until(lambda: grabber.state is CameraState.LOST)
    assert grabber.latest() is None
    away.rename(folder)
    after = grabber.latest(before.sequence, wait=PATIENCE)
    assert after is not None
    assert after.sequence > before.sequence
    until(lambda: told.states[-1] is CameraState.RUNNING)
    assert told.states[0] is CameraState.RUNNING
    assert CameraState.ABSENT not in told.states
    assert all("pictures" in words for state, words in zip(told.states, told.words, strict=True) if words)


class BrokenDriver:
    """Raises what no camera should."""

    def open(self) -> None:
        return

    def read(self) -> Image:
        raise ZeroDivisionError("driver")

    def close(self) -> None:
        raise ZeroDivisionError("driver")


def test_a_broken_driver_reaches_nobody(told: Told) -> None:
    grabber = Grabber(BrokenDriver(), told, pauses=(0.001,))
    grabber.start()
    until(lambda: told.states == [CameraState.ABSENT])
    grabber.stop()


def test_a_listener_that_fails_does_not_stop_the_pictures(tmp_path: Path) -> None:
    def fail(_state: CameraState, _fault: Exception | None) -> None:
        raise ValueError("listener")

    grabber = Grabber(PictureCamera(tmp_path), fail)
    grabber.start()
    assert grabber.latest(wait=PATIENCE) is not None
    grabber.stop()


class HangingDriver:
    """A driver that does not come back for long."""

    def __init__(self) -> None:
        self.reading, self.released, self.closed = Event(), Event(), Event()

    def open(self) -> None:
        if self.released.is_set():
            raise CameraAbsent("gone")

    def read(self) -> Image:
        self.reading.set()
        self.released.wait(PATIENCE)
        if self.closed.is_set():
            raise CameraLost("closed")
        return np.zeros((2, 2, 3), np.uint8)

    def close(self) -> None:
        self.closed.set()


def test_stopping_does_not_wait_for_a_driver_that_hangs(told: Told) -> None:
    driver = HangingDriver()
    grabber = Grabber(driver, told)
    grabber.start()
    assert driver.reading.wait(PATIENCE)
    grabber.stop()
    assert not driver.closed.is_set()
    driver.released.set()
    assert driver.closed.wait(PATIENCE)
    assert told.states == []


def test_stopping_what_never_started_does_nothing() -> None:
    Grabber(HangingDriver()).stop()

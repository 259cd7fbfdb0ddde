"""A stand-in server with an event, a desk and a door of its own."""

from collections.abc import Iterator

import pytest

from tests.kiosk.sample import Sample, sample_desk, sample_event
from tests.kiosk.standin_server import StandinServer, serving
from tests.kiosk.standin_state import Device, ServerState


@pytest.fixture
def sample() -> Sample:
    return sample_event(50)


@pytest.fixture
def server(sample: Sample) -> Iterator[StandinServer]:
    with serving(ServerState.of(sample, sample_desk())) as server:
        yield server


@pytest.fixture
def device(server: StandinServer) -> Device:
    return server.state.add_device("north")

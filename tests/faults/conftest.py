"""Real programs over real files."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.stage import Stage, build


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A backend over the sample organisation, and its administrator."""
    made = build(tmp_path, tickets=400)
    yield made
    made.close()

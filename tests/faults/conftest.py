"""Real programs over real files."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from demo.stage import Stage, open_stage, seed

Sample = tuple[Path, dict[str, Any]]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample organisation, which each test gets a copy of, and what `usher seed` said of it."""
    folder = tmp_path_factory.mktemp("sample")
    return folder, seed(folder, 400)


@pytest.fixture
def stage(sample: Sample, tmp_path: Path) -> Iterator[Stage]:
    """A backend over the sample organisation, and its administrator."""
    folder, seeded = sample
    copytree(folder / "server", tmp_path / "server")
    made = open_stage(tmp_path, seeded)
    yield made
    made.close()

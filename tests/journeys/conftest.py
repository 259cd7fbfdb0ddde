"""The programs of the tests of faults."""

from tests.faults.conftest import sample, stage  # noqa: F401

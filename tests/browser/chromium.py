"""A real browser. Where there is none its tests are skipped, except where CI runs."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def chromium() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None and not os.environ.get("CI"):
        pytest.skip("these tests look at pages with Chromium, which is not here: install it, or 'make test'")
    assert program is not None, "packaging/setup.sh installs chromium for the tests"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()

"""A real browser for the tests of pages: Chromium as the system has it, driven by Playwright."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.kit.programs import BROWSER, MissingProgram, find


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium with a new profile. Raises `MissingProgram` where there is none."""
    program = find(BROWSER)
    with sync_playwright() as driver:
        started = driver.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        try:
            yield started
        finally:
            started.close()


@contextmanager
def browser_or_skip() -> Iterator[Browser]:
    """As `browser`; skips the test where none is installed and none is required."""
    try:
        find(BROWSER)
    except MissingProgram as missing:
        if os.environ.get("AUDIT_PROGRAMS") == "required":
            raise
        pytest.skip(str(missing))
    with browser() as started:
        yield started

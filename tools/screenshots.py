"""Make the pictures of the platform in docs/img anew: ``make plan``, then ``python -m tools.screenshots``.

Fills a platform of its own with the bundled case and its plan in out/hubei-2020 and photographs three pages in
Chromium.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from tests.web.browser.running import serve

ROOT = Path(__file__).parents[1]
IMAGES, PLAN = ROOT / "docs" / "img", ROOT / "out" / "hubei-2020"
PASSWORD = "mainstay-demo-2020"
PICTURES = (
    ("platform-situation.png", "demo-head", "/", (1280, 1000)),
    ("platform-plan.png", "demo-head", "/plans/1/", (1280, 900)),
    ("platform-report.png", "demo-maker", "/reports/", (390, 844)),
)
"""File, who looks, at which page, in a window of which size."""

SCALE = 0.75
"""Pixels of the picture for each of the window: light enough for a README."""


def main() -> None:
    """Fill, serve, photograph."""
    with tempfile.TemporaryDirectory() as data:
        environment = {**os.environ, "MAINSTAY_DATA": data, "DATABASE_URL": ""}
        demo = [sys.executable, "-m", "mainstay_web", "demo", "--plan", str(PLAN), "--no-serve"]
        subprocess.run(demo, env=environment, check=True)
        with serve(environment) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            for name, person, path, (width, height) in PICTURES:
                page = browser.new_context(
                    base_url=address, viewport={"width": width, "height": height}, device_scale_factor=SCALE
                ).new_page()
                page.goto("/")
                page.locator("[name=login]").fill(person)
                page.locator("[name=password]").fill(PASSWORD)
                page.locator("button.main").click()
                page.wait_for_url(f"{address}/")
                page.goto(path)
                page.screenshot(path=IMAGES / name)


if __name__ == "__main__":
    main()

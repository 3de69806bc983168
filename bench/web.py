"""How large the first view of the web pages is, and how smoothly the map moves with 2,000 arcs.

The atlas is served as its own process; Chromium counts the bytes that arrive (compressed) and the
frames drawn while the pointer moves over the map and while the map is zoomed.

    python bench/web.py [--atlas atlas] [--arcs 2000] [--seconds 4] [--chromium /usr/bin/chromium]
"""

from __future__ import annotations

import argparse
import gzip
import math
import os
import platform
import re
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from corridors.publish.export import WEB

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from serving import CHROMIUM, QUIET, served

FIRST_VIEW_MOST = 250_000
SCRIPTS_MOST = 120_000
# Times of the frames drawn since it was started.
COUNT = """() => {
  const running = 'frames_' in window
  window.frames_ = []
  const tick = t => { frames_.push(t); requestAnimationFrame(tick) }
  if (!running) requestAnimationFrame(tick)
}"""


def scripts(folder: Path) -> int:
    """Bytes of all scripts, each compressed by gzip."""
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in folder.rglob("*.js"))


def first_view(browser: Browser, address: str) -> tuple[int, dict[str, int], float]:
    """Bytes over the wire of the first view, by kind of file, and seconds until it stands."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    kinds: dict[str, str] = {}
    by_kind: dict[str, int] = {}

    def answered(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def finished(event: dict[str, Any]) -> None:
        kind = kinds.get(event["requestId"], "Other")
        by_kind[kind] = by_kind.get(kind, 0) + int(event["encodedDataLength"])

    network.on("Network.responseReceived", answered)
    network.on("Network.loadingFinished", finished)
    began = time.perf_counter()
    page.goto(address)
    page.get_by_role("region", name=re.compile("^The same")).wait_for()
    seconds = time.perf_counter() - began
    page.wait_for_load_state("networkidle")
    page.close()
    return sum(by_kind.values()), by_kind, seconds


def frames(page: Page) -> tuple[float, float]:
    """Frames in a second, and the longest wait for one in milliseconds."""
    times = page.evaluate("frames_")
    waits = [b - a for a, b in pairwise(times)]
    return 1000 * len(waits) / sum(waits), max(waits)


def hover(page: Page, seconds: float) -> tuple[float, float]:
    """Move the pointer over the map in loops."""
    box = page.get_by_role("application").bounding_box()
    assert box is not None
    page.evaluate(COUNT)
    end = time.perf_counter() + seconds
    step = 0
    while time.perf_counter() < end:
        x = box["x"] + box["width"] * (0.5 + 0.4 * math.cos(step / 17))
        y = box["y"] + box["height"] * (0.5 + 0.4 * math.sin(step / 11))
        page.mouse.move(x, y)
        step += 1
    return frames(page)


def zoom(page: Page, seconds: float) -> tuple[float, float]:
    """Turn the wheel with Ctrl over the map, in and out."""
    box = page.get_by_role("application").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.evaluate(COUNT)
    end = time.perf_counter() + seconds
    step = 0
    page.keyboard.down("Control")
    while time.perf_counter() < end:
        page.mouse.wheel(0, -40 if step % 40 < 20 else 40)
        step += 1
    page.keyboard.up("Control")
    return frames(page)


def main() -> None:
    """Serve, measure, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--atlas", default="atlas")
    parser.add_argument("--arcs", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--chromium", default=CHROMIUM)
    options = parser.parse_args()
    with served(options.atlas) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=QUIET)
        measure(browser, address, options.arcs, options.seconds)
        browser.close()


def measure(browser: Browser, base: str, arcs: int, seconds: float) -> None:
    """Print what was measured, a line each."""
    size, by_kind, took = first_view(browser, f"{base}/")
    code = scripts(WEB)
    print(f"{'first view, bytes over the wire':<44}{size:>10,}   at most {FIRST_VIEW_MOST:,}")
    for kind, part in sorted(by_kind.items(), key=lambda item: -item[1]):
        print(f"  {kind:<42}{part:>10,}")
    print(f"{'first view, seconds':<44}{took:>10.2f}")
    print(f"{'all scripts, gzip':<44}{code:>10,}   at most {SCRIPTS_MOST:,}")
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    for count in (150, arcs):
        page.goto(f"{base}/?v=1&view=world&measure=migrant_stock&top={count}&show=map")
        page.get_by_role("region", name=re.compile(f"^The same {count} ")).wait_for()
        for name, act in (("hovering", hover), ("zooming", zoom)):
            rate, worst = act(page, seconds)
            print(f"{f'{count:,} arcs, {name}, frames a second':<44}{rate:>10.1f}   longest {worst:.0f} ms")
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, Chromium {browser.version}")
    if size > FIRST_VIEW_MOST or code > SCRIPTS_MOST:
        raise SystemExit("over the budget")


if __name__ == "__main__":
    main()

"""How quickly the API answers at 200 requests a second on this machine.

The server runs as its own process; requests leave at fixed times, so that a slow answer does not
hide the wait of the next. Corridors are drawn by a power law, as readers do, from all that exist; part
of the requests therefore finds an answer that is kept and part does not.

    python bench/api.py [--atlas atlas] [--rate 200] [--seconds 20]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import sys
import time
import urllib.request
from pathlib import Path

import numpy as np

import corridors as co

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from serving import served


def addresses(atlas: str, count: int, seed: int) -> list[str]:
    """Addresses in the proportions that readers might ask for them."""
    with co.open(atlas) as opened:
        pairs = opened.sql(
            "SELECT origin, destination FROM migrant_stock WHERE year = 2020 AND sex = 'total' "
            "ORDER BY value DESC, origin, destination"
        ).rows()
        countries = opened.sql(
            "SELECT DISTINCT destination AS country FROM migrant_stock WHERE year = 2020 ORDER BY 1"
        )["country"].to_list()
    draw = random.Random(seed)
    weights = [1 / (rank + 1) for rank in range(len(pairs))]
    chosen = draw.choices(pairs, weights, k=count)
    found: list[str] = []
    for origin, destination in chosen:
        kind = draw.random()
        if kind < 0.6:
            found.append(f"/corridor/{origin}-{destination}{draw.choice(['', '.json', '.csv'])}")
        elif kind < 0.85:
            found.append(f"/country/{draw.choice(countries)}{draw.choice(['', '.json', '.csv'])}")
        else:
            found.append(f"/table/migrant_stock.json?origin={origin}&year=2020&limit=100")
    return found


async def ask(port: int, address: str, start: float) -> tuple[float, int]:
    """Milliseconds from the time the request was due, and status."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = (
        f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
    )
    writer.write(request.encode())
    answer = await reader.read()
    writer.close()
    return (time.perf_counter() - start) * 1000, int(answer[9:12])


async def load(port: int, asked: list[str], rate: float) -> list[tuple[float, int]]:
    """Ask at a fixed rate."""
    began = time.perf_counter() + 0.2
    waiting: list[asyncio.Task[tuple[float, int]]] = []
    for number, address in enumerate(asked):
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        waiting.append(asyncio.create_task(ask(port, address, due)))
    return await asyncio.gather(*waiting)


def main() -> None:
    """Start a server, load it, print percentiles as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--atlas", default="atlas")
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    asked = addresses(options.atlas, int(options.rate * options.seconds), seed=0)
    began = time.perf_counter()
    with served(options.atlas) as address:
        port = int(address.rsplit(":", 1)[1])
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=30) as answer:
            answer.read()
        started = time.perf_counter() - began
        time.sleep(3)
        for name in ("first", "again"):
            results = asyncio.run(load(port, asked, options.rate))
            times = np.array([t for t, _ in results])
            p50, p99, worst = (float(np.percentile(times, q)) for q in (50, 99, 100))
            bad = sum(status != 200 for _, status in results)
            print(json.dumps({
                "pass": name, "requests": len(results), "different": len(set(asked)), "rate": options.rate,
                "p50_ms": round(p50, 1), "p99_ms": round(p99, 1), "worst_ms": round(worst, 1), "errors": bad,
            }))  # fmt: skip
        print(
            json.dumps(
                {"start_s": round(started, 2), "cores": os.cpu_count(), "python": platform.python_version()}
            )
        )


if __name__ == "__main__":
    main()

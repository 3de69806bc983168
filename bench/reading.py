"""CPU seconds and memory of each command that only reads the atlas.

python bench/reading.py [ATLAS]
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

BUDGET = 1.2
RUNS = 5
COMMANDS = {
    "corridor": ("corridor", "MEX", "USA"),
    "country": ("country", "PHL"),
    "table": ("table", "migrant_stock", "--where", "origin = 'MEX' AND year = 2020"),
    "why": ("why", "migrant_flow", "MEX", "USA", "2010"),
    "claims": ("claims",),
    "monitor": ("monitor",),
    "--help": ("--help",),
}


def measured(arguments: tuple[str, ...], atlas: str) -> tuple[float, float, float]:
    """CPU seconds, wall seconds and MB of one run in a process of its own."""
    code = "from corridors.cli import main; main()"
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env=os.environ | {"CORRIDORS_ATLAS": atlas},
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"corridors {' '.join(arguments)} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024


def main() -> None:
    """Print the least CPU and wall time of each command, and its memory."""
    atlas = sys.argv[1] if len(sys.argv) > 1 else "atlas"
    late = []
    print(f"{'command':10} {'CPU s':>6} {'wall s':>7} {'MB':>5}")
    for name, arguments in COMMANDS.items():
        runs = [measured(arguments, atlas) for _ in range(RUNS)]
        cpu, wall, memory = (min(column) for column in zip(*runs, strict=True))
        late += [name] if cpu > BUDGET else []
        print(f"{name:10} {cpu:6.2f} {wall:7.2f} {memory:5.0f}")
    if late:
        raise SystemExit(f"over the budget of {BUDGET} s: {', '.join(late)}")


if __name__ == "__main__":
    main()

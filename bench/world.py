"""Time and memory of building the atlas of the world, in a process of its own.

    python bench/world.py [--draws N] [--executor serial|processes] [--out FOLDER]

Prints seconds, peak memory of the main process and of the largest worker, and the size of the file.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

BUILD = """
import resource, sys
import corridors as co
if __name__ == "__main__":
    out, draws, executor = sys.argv[1:]
    summary = co.build(out, draws=int(draws), executor=executor)
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    usage = [resource.getrusage(who).ru_maxrss / 1024 for who in whose]
    print(f"{summary.seconds:.1f} s, {usage[0]:.0f} MB here, {usage[1]:.0f} MB in the largest worker, "
          f"file {summary.path.stat().st_size / 1e6:.0f} MB")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", default="20")
    parser.add_argument("--executor", default="processes")
    parser.add_argument("--out", help="keep the atlas in this folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "build_world.py"
        script.write_text(BUILD, encoding="utf-8")
        command = [sys.executable, str(script), arguments.out or folder, arguments.draws, arguments.executor]
        print(subprocess.run(command, check=True, capture_output=True, text=True).stdout, end="")
    seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    print(f"whole, with imports: {seconds:.1f} s of processor time")


if __name__ == "__main__":
    main()

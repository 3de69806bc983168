"""Hand in many spoilt files of every kind at every door, and count what becomes of them.

python bench/awkward_files.py [FILES OF EACH KIND AND DOOR]
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from awkward.doors import DOORS, good_file
from awkward.judging import FINE, outcome
from awkward.kinds import KINDS, spoilt


def hand_in(name: str, examples: int, counted: Counter[str]) -> None:
    """Hand in files at one door, and print what must not be."""
    door = DOORS[name]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        good = door.read(good_file(door, folder))

        @seed(2026)
        @settings(max_examples=examples, database=None, deadline=None, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(st.data())
        def all_kinds(data: st.DataObject) -> None:
            for kind in KINDS:
                file = data.draw(spoilt(door.table, kind))
                if file is None:
                    continue
                found = outcome(door, good, file, folder)
                counted[found.name] += 1
                if found.name not in FINE:
                    print(f"{name}: {kind}, row {file.rows}: {found.name}\n  {file.content[-200:]!r}")
                    print(f"  {found.said[:200]}")

        all_kinds()


def main(examples: int) -> None:
    """Print how many files were read, refused, changed in silence, or raised what is not ours."""
    counted: Counter[str] = Counter()
    for name in DOORS:
        hand_in(name, examples, counted)
    print(f"{len(KINDS)} kinds, {len(DOORS)} doors, {sum(counted.values()):,} files")
    for outcome_name in (*FINE, "a silent change", "a foreign exception"):
        print(f"{outcome_name}: {counted.pop(outcome_name, 0):,}")
    for outcome_name, times in counted.items():
        print(f"{outcome_name}: {times:,}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)

"""A file that is spoilt in a named way is read as the good one, or refused by row: at every door."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from awkward.doors import DOORS, good_file
from awkward.judging import FINE, outcome
from awkward.kinds import KINDS, spoilt

# Files of each kind for each door; the bench asks for many more.
EXAMPLES = int(os.environ.get("CORRIDORS_SPOILT_FILES", "1"))


@pytest.mark.parametrize("name", DOORS)
def test_no_number_changes_in_silence(name: str, tmp_path: Path) -> None:
    door = DOORS[name]
    good = door.read(good_file(door, tmp_path))
    seen: Counter[str] = Counter()

    @settings(
        max_examples=EXAMPLES, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(st.data())
    def hand_in(data: st.DataObject) -> None:
        for kind in KINDS:
            file = data.draw(spoilt(door.table, kind))
            if file is None:
                continue
            found = outcome(door, good, file, tmp_path)
            seen[found.name] += 1
            shown = file.content[-400:] if file.suffix != ".xlsx" else "a workbook"
            assert found.name in FINE, f"{kind} in row {file.rows}: {found.name}\n{shown!r}\n{found.said}"

    hand_in()
    assert seen["read"] >= 10
    assert seen["refused"] >= 10


def test_the_kinds_are_many() -> None:
    assert len(KINDS) >= 60

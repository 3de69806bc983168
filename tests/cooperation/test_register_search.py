"""Finding entries, finding doubles, and how many are missing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridors.cooperation.register import Register, chapman, load, similar_entries
from corridors.errors import DataError, NotFound

REGISTER = load()


@settings(deadline=None)
@given(st.text(st.sampled_from("ab\"*^:(){}+-NEAR ORANDT\x00é²_'ー़")) | st.text())
def test_no_query_is_a_syntax_error(text: str) -> None:
    found = REGISTER.search(text)
    assert found.height <= len(REGISTER)
    assert found["id"].is_unique().all()


def test_accents_case_and_endings_do_not_matter() -> None:
    assert REGISTER.search("UNIO de pagesos")["id"][0] == "spain-colombia-circular-migration"
    assert REGISTER.search("özden")["id"].to_list() == ["malaysia-returning-expert"]
    assert "sri-lanka-family-background-report" in set(REGISTER.search("domestic wom")["id"])


def test_titles_weigh_more_and_scores_fall() -> None:
    found = REGISTER.search("orientation seminar")
    assert found["id"][0] == "philippines-pre-departure-orientation"
    assert found["score"].is_sorted(descending=True)
    assert "[" in found["snippet"][0]


def test_words_that_never_meet_are_searched_one_by_one() -> None:
    assert set(REGISTER.search("Zacatecas nurses")["id"]) == set(REGISTER.search("nurses")["id"]) != set()
    assert REGISTER.search("qqqq").is_empty()


def test_facets_narrow_and_are_checked() -> None:
    found = REGISTER.search("", kind="practice", country="Mexico")
    assert set(found["id"]) == {"mexico-tres-por-uno", "global-skills-partnership-nursing"}
    assert set(REGISTER.search("", state="completed")["state"]) == {"completed"}
    assert REGISTER.search("", actor="group of twenty").height == 2
    assert REGISTER.search("remittances", concern="remittances", limit=2).height == 2
    with pytest.raises(NotFound, match="no concern is called 'remittance'"):
        REGISTER.search("", concern="remittance")
    with pytest.raises(NotFound, match="no place"):
        REGISTER.search("", country="Atlantis")
    with pytest.raises(DataError, match="no facet 'land'"):
        REGISTER.search("", land="MEX")


def test_facets_count_every_entry() -> None:
    counts = REGISTER.facets()
    for facet in ("kind", "concern", "state"):
        assert counts.filter(facet=facet)["entries"].sum() == len(REGISTER)


def test_chapman_reproduces_the_published_example() -> None:
    # 10 turtles marked, 15 caught, 5 of them marked: 28, interval 22 to 65 (Sadinle, 2009)
    hint = chapman(10, 15, 5)
    assert hint.total == pytest.approx(11 * 16 / 6 - 1)
    assert (round(hint.lower), round(hint.upper)) == (22, 65)
    assert "independent" in hint.summary()


@given(st.integers(1, 500), st.integers(1, 500), st.data())
def test_interval_holds_the_total_and_what_was_found(first: int, second: int, data: st.DataObject) -> None:
    both = data.draw(st.integers(1, min(first, second)))
    hint = chapman(first, second, both)
    mirror = chapman(second, first, both)
    assert hint.total == pytest.approx(mirror.total)
    assert (hint.lower, hint.upper) == pytest.approx((mirror.lower, mirror.upper))
    assert hint.found - 0.5 <= hint.lower <= hint.upper
    assert hint.total >= hint.found - 1e-9
    assert chapman(first, second, both, level=0.5).upper <= hint.upper


def test_no_overlap_is_refused_in_words() -> None:
    with pytest.raises(DataError, match="none in common: their number can not be told"):
        chapman(5, 7, 0)
    with pytest.raises(DataError, match="can not be common"):
        chapman(5, 7, 6)
    first, second = Register(REGISTER.entries[:5]), Register(REGISTER.entries[-5:])
    with pytest.raises(DataError, match="registers of 5 and 5 have none"):
        first.completeness(second)


def test_completeness_matches_by_id_and_by_words() -> None:
    renamed = tuple(replace(entry, id=f"x-{entry.id}") for entry in REGISTER.entries[4:10])
    hint = Register(REGISTER.entries[:8]).completeness(Register(renamed), threshold=0.95)
    assert (hint.first, hint.second, hint.both, hint.found) == (8, 6, 4, 10)


def test_doubles_are_found_despite_accents_and_order() -> None:
    entry = REGISTER["spain-colombia-circular-migration"]
    double = replace(entry, id="b", text="Other words entirely",
                     title="Labour migration, circular and temporary, of Cataloniá and COLOMBIA")  # fmt: skip
    found = similar_entries([entry, REGISTER["colombo-process"], double])
    assert found.select("first", "second", "alike").rows() == [(entry.id, "b", "title")]
    assert similar_entries([]).is_empty()
    with pytest.raises(DataError, match="threshold"):
        similar_entries([entry], threshold=0)


def test_register_of_the_package_has_no_doubles() -> None:
    assert REGISTER.similar(threshold=0.9).is_empty()

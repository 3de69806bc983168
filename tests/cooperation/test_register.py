"""The register of commitments and practices: reading, refusing, following up, writing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridors.cooperation.register import (
    KINDS,
    Entry,
    Problem,
    Transition,
    advance,
    allowed,
    concerns,
    derived_id,
    fields_of,
    load,
    states,
    template,
    transition_faults,
    validate,
)
from corridors.errors import DataError, NotFound
from corridors.un_symbols import symbols_in

GOOD = """\
# kept by the secretariat
[[commitment]]
id = "mine"
title = "Cheaper remittances"
text = "We will bring the cost down."
actor = ["Ministry [of] Finance # 1"]
concern = "remittances"
document = "Speech, 2020"
indicator = "remittance_cost"
place = "Mexico"
direction = "at-most"
target_value = 3
target_date = 2030-12-31
transitions = [
  ["stated", 2020-01-01, "Speech"],
  ["specified", 2020-06-01, "Plan"],
]
"""
YAML = """\
# kept by the secretariat
- kind: practice
  id: theirs
  title: Orientation
  text: Before they leave.
  actor: Philippines
  concern: recruitment
  document: Handbook
  countries: [Philippines, KWT]
  evidence_grade: description
  outcome: mixed
  transitions:
    - [stated, 2001-02-03, Handbook]
    - {state: under-way, date: 2002-02-03, source: Report}
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        return path

    return written


def only(problems: tuple[Problem, ...]) -> Problem:
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


# Reading


def test_folder_is_read_recursively_in_all_formats(write: Callable[[str, str], Path], tmp_path: Path) -> None:
    write("a/mine.toml", GOOD)
    write("b/c/theirs.yaml", YAML)
    write("b/.hidden.toml", "not [ toml")
    write("d/entries.csv", "kind;id;title;text;actor;concern;document;year;"
          "evidence_grade;outcome;transitions\n"
          "practice;cell;T;X;\"A; B\";return;D;2001.0;evaluation;failed;"
          "stated:2001-01-01:D: part 1|lapsed:2002-01-01:E\n")  # fmt: skip
    register = load(tmp_path)
    assert {entry.id for entry in register.entries} == {"mine", "theirs", "cell"}
    assert register["mine"].place == "MEX"
    assert register["theirs"].countries == ("PHL", "KWT")
    assert register["theirs"].transitions[1] == Transition("under-way", date(2002, 2, 3), "Report")
    assert register["cell"].actor == ("A", "B")
    assert register["cell"].year == 2001
    assert register["cell"].transitions[0].source == "D: part 1"


def test_workbook_has_its_follow_up_in_a_second_sheet(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    book = xlsxwriter.Workbook(tmp_path / "r.xlsx")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    rows = [["kind", "id", "title", "text", "actor", "concern", "document", "no_indicator_reason", "year"],
            ["agreement", "x", "T", "X", "A; B", "rights", "D", "none yet", 1990]]  # fmt: skip
    sheet = book.add_worksheet("entries")
    for n, row in enumerate(rows):
        sheet.write_row(n, 0, row)
    steps = book.add_worksheet("transitions")
    steps.write_row(0, 0, ["id", "state", "date", "source"])
    steps.write_row(1, 0, ["x", "stated"])
    steps.write_datetime(1, 2, date(1990, 12, 18), day)
    steps.write(1, 3, "A/RES/45/158")
    steps.write_row(2, 0, ["y", "stated", "1990-12-18", "D"])
    book.close()
    problem = only(validate(tmp_path / "r.xlsx"))
    assert (problem.line, problem.field) == (3, "id")
    assert problem.file.endswith("r.xlsx[transitions]")
    assert "'y'" in problem.title


def test_single_entry_at_the_top_of_a_file(write: Callable[[str, str], Path]) -> None:
    path = write("one.toml", 'kind = "commitment"\n' + GOOD.split("[[commitment]]\n")[1])
    assert load(path)["mine"].target_value == 3.0


# Refusing


STEP = '"specified", 2020-06-01'


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "title", "remedy"),
    [  # the first of old becomes new; the problem is in this line
        ('concern = "rem', 'concernn = "rem', 7, "concernn", "not a field of the register", "'concern'"),
        ('"remittances"', '"remitances"', 7, "concern", "no concern is called", "'remittances'"),
        ('title = "Cheaper remittances"\n', "", 2, "title", "is missing", "add it"),
        ("target_value = 3", 'target_value = "low"', 12, "target_value", "is no number", "point"),
        ("target_value = 3", "target_value = nan", 12, "target_value", "is no number", "point"),
        ("2030-12-31", '"2030-13-31"', 13, "target_date", "is no date", "year-month-day"),
        ("target_date = 2030-12-31\n", "", 2, "target_date", "is missing for the target", "add the day"),
        ('"Mexico"', '"Mexicoo"', 10, "place", "no place is called", "Mexico"),
        ("remittance_cost", "remitance_cost", 9, "indicator", "is not known", "remittance_cost"),
        (STEP, '"completed", 2020-06-01', 14, "transitions", "can not follow", "specified"),
        (STEP, '"specified", 2019-06-01', 14, "transitions", "dated before", "oldest"),
        (STEP, '"specified", "June"', 14, "transitions", "step 2: 'June' is no date", "year"),
        ('id = "mine"', 'id = "Mine!"', 3, "id", "is no identifier", "hyphens"),
        ("[[commitment]]", "[[comitment]]", 2, "kind", "no kind of entry", "'commitment'"),
        ('document = "', 'evidence_grade = "', 8, "evidence_grade", "not a field of a", "practice"),
    ],
)  # fmt: skip
def test_every_problem_has_file_line_field_and_remedy(
    write: Callable[[str, str], Path], old: str, new: str, line: int, field: str, title: str, remedy: str
) -> None:
    assert GOOD.count(old) >= 1
    path = write("mine.toml", GOOD.replace(old, new, 1))
    found = [problem for problem in validate(path, indicators=["remittance_cost"]) if problem.field == field]
    problem = only(tuple(found))
    assert problem.file == str(path)
    assert problem.line == line
    assert title in problem.title
    assert remedy in problem.remedy


def test_names_of_indicators_are_those_given(write: Callable[[str, str], Path]) -> None:
    path = write("mine.toml", GOOD.replace("remittance_cost", "own_measure"))
    assert validate(path) == ()
    assert load(path, indicators=["own_measure"])["mine"].indicator == "own_measure"
    assert only(validate(path, indicators=["our_measure"])).remedy == (
        "did you mean 'our_measure'? or define one of your own in indicator_definition"
    )


OWN = GOOD.replace(
    'indicator = "remittance_cost"',
    'indicator = "own_measure"\nindicator_definition = "What workers pay."\nindicator_unit = "months"\n'
    'judged_as = "log"',
)  # fmt: skip


def test_an_entry_defines_an_indicator_of_its_own(write: Callable[[str, str], Path]) -> None:
    entry = load(write("mine.toml", OWN), indicators=["remittance_cost"])["mine"]
    assert (entry.indicator, entry.indicator_unit, entry.judged_as) == ("own_measure", "months", "log")
    assert load(write("back.toml", load(write("mine.toml", OWN)).to_toml()))["mine"] == entry


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ('indicator_unit = "months"\n', "", "indicator_unit", "is missing for the definition"),
        ('indicator_definition = "What workers pay."\n', "", "indicator_definition", "is missing"),
        ('"own_measure"', '"remittance_cost"', "indicator_definition", "which is defined already"),
        ('judged_as = "log"', 'judged_as = "sum"', "judged_as", "'sum' is not known"),
    ],
)
def test_definitions_of_own_indicators_are_checked(
    write: Callable[[str, str], Path], old: str, new: str, field: str, words: str
) -> None:
    found = validate(write("mine.toml", OWN.replace(old, new)), indicators=["remittance_cost"])
    assert any(problem.field == field and words in problem.title for problem in found), found


def test_an_indicator_has_one_definition(write: Callable[[str, str], Path], tmp_path: Path) -> None:
    write("a.toml", OWN)
    write("b.toml", OWN.replace('id = "mine"', 'id = "other"').replace('"months"', '"years"'))
    problem = only(validate(tmp_path))
    assert problem.field == "indicator_definition"
    assert "is another than that of 'own_measure'" in problem.title


def test_a_place_without_a_value_of_the_indicator_is_refused(write: Callable[[str, str], Path]) -> None:
    """That there is no figure of the world is said when it is promised, not when it is judged."""
    world = write("mine.toml", GOOD.replace('"Mexico"', '"WLD"'))
    for scope, path, wrong in (("countries", world, True), ("world", world, False),
                               ("world", write("mex.toml", GOOD), True),
                               ("world and countries", world, False)):  # fmt: skip
        found = validate(path, indicators={"remittance_cost": scope})
        defined = {"remittance_cost": SimpleNamespace(scope=scope)}
        assert validate(path, indicators=defined) == found
        assert [problem.field for problem in found] == (["place"] if wrong else [])
    assert "own_measure" in template("commitment", ["own_measure"])


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.toml", 'x = 1\ny = "open\n', 2),
        ("a.toml", "x = 1\nx = 2\n", 2),
        ("a.yaml", "- kind: practice\n  title: [a, b\n", 3),
        ("a.yaml", "- kind: practice\n  id: a\n  id: b\n", 3),
        ("a.yaml", "- &a [1]\n- *a\n", 2),
        ("a.yaml", "- title: x\n- just words\n", 2),
        ("a.csv", 'kind,title\npractice,"open\n', 2),
        ("a.csv", "kind,title\npractice,a,b\n", 2),
        ("a.csv", "kind,kind\n", 1),
        ("a.xlsx", "no workbook", 1),
    ],
)
def test_broken_syntax_is_told_with_its_line(
    write: Callable[[str, str], Path], name: str, text: str, line: int
) -> None:
    problem = validate(write(name, text))[0]
    assert problem.line == line
    assert problem.remedy


def test_bad_date_of_yaml_is_a_problem_of_its_field(write: Callable[[str, str], Path]) -> None:
    problem = only(validate(write("a.yaml", YAML + "  review_due: 2014-13-45\n")))
    assert (problem.line, problem.field) == (15, "review_due")


def test_duplicate_ids_across_files_name_both(write: Callable[[str, str], Path], tmp_path: Path) -> None:
    write("a.toml", GOOD)
    write("b.toml", "\n" + GOOD)
    problem = only(validate(tmp_path))
    assert problem.file.endswith("b.toml")
    assert problem.line == 4
    assert "a.toml:3" in problem.title


def test_load_shows_the_first_twenty_of_all(write: Callable[[str, str], Path]) -> None:
    path = write("a.toml", "[[practice]]\n" * 5)
    assert len(validate(path)) == 40
    with pytest.raises(DataError, match="has 40 problems") as caught:
        load(path)
    assert caught.value.detail.count("a.toml:") == 20
    assert "20 more" in caught.value.detail


def test_missing_paths_and_unknown_formats_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="does not exist"):
        load(tmp_path / "no")
    with pytest.raises(NotFound, match="no file of a register"):
        load(tmp_path)
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(DataError, match="no known format"):
        load(tmp_path / "a.txt")


# Following up


STEPS = st.lists(
    st.builds(Transition, st.sampled_from(list(states())), st.dates(), st.sampled_from(["A", "B"])),
    min_size=1,
    max_size=6,
)


@given(STEPS)
def test_advance_accepts_exactly_what_the_table_allows(steps: list[Transition]) -> None:
    entry = load_one()
    for step in steps:
        legal = step.state in allowed(entry.state) and step.date >= entry.last_evidence
        if not legal:
            with pytest.raises(DataError):
                advance(entry, step.state, step.date, step.source)
            continue
        after = advance(entry, step.state, step.date, step.source)
        assert after.transitions == (*entry.transitions, step)
        assert entry.digest != after.digest
        assert transition_faults(after.transitions) == []
        entry = after
    days = [step.date for step in entry.transitions]
    assert days == sorted(days)
    assert entry.since <= entry.last_evidence


@given(STEPS)
def test_faults_are_found_wherever_they_stand(steps: list[Transition]) -> None:
    pairs = list(zip([None, *steps], steps, strict=False))
    legal = all(after.state in allowed(before.state if before else None) for before, after in pairs)
    ordered = all(before is None or before.date <= after.date for before, after in pairs)
    assert (transition_faults(steps) == []) == (legal and ordered)


def test_ends_are_final_and_every_state_can_be_reached() -> None:
    reached, frontier = set(allowed(None)), set(allowed(None))
    while frontier:
        frontier = {name for state in frontier for name in allowed(state)} - reached
        reached |= frontier
    assert reached == set(states())
    assert {name for name in states() if not allowed(name)} == {"completed", "lapsed", "superseded"}
    with pytest.raises(DataError, match="no source"):
        advance(load_one(), "lapsed", date(2030, 1, 1), "  ")
    with pytest.raises(DataError, match="no state"):
        allowed("gone")


# Identity


def load_one(**changes: object) -> Entry:
    content: dict[str, object] = {
        "id": "a", "kind": "practice", "title": "T", "text": "X", "actor": ("A",), "concern": "return",
        "document": "D", "evidence_grade": "evaluation", "outcome": "mixed",
        "transitions": (Transition("stated", date(2000, 1, 1), "D"),),
    }  # fmt: skip
    return Entry(**{**content, **changes})  # pyright: ignore[reportArgumentType]


def test_ids_come_from_words_not_from_position(write: Callable[[str, str], Path]) -> None:
    one = GOOD.replace('id = "mine"\n', "")
    other = one.replace("Cheaper", "Safer").replace("# kept", "# still kept")
    first = load(write("a.toml", one + other)).entries
    second = load(write("b.toml", other + one)).entries
    assert [entry.id for entry in first] == [entry.id for entry in reversed(second)]
    assert first[0].id.startswith("ministry-of-finance-1-cheaper-remittances-speech-2020-")
    assert [entry.digest for entry in first] == [entry.digest for entry in reversed(second)]


@given(st.text(), st.text(), st.text())
def test_derived_ids_are_slugs(actor: str, title: str, document: str) -> None:
    found = derived_id(actor, title, document)
    assert found == derived_id(f" {actor} ", title, document)
    assert len(found) <= 70
    assert found.isascii()
    assert not set(found) - set("abcdefghijklmnopqrstuvwxyz0123456789-")


# Writing


WORDS = st.text(
    st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20
).filter(lambda text: ";" not in text and text.isprintable() and text.split() == [text])  # fmt: skip
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@st.composite
def registers(draw: st.DrawFn) -> list[Entry]:
    entries: list[Entry] = []
    for n in range(draw(st.integers(1, 3))):
        days = sorted(draw(st.lists(DAYS, min_size=2, max_size=2)))
        common = {
            "id": f"entry-{n}", "title": draw(WORDS), "text": draw(WORDS),
            "actor": tuple(draw(st.lists(WORDS, min_size=1, max_size=2))), "document": draw(WORDS),
            "concern": draw(st.sampled_from(list(concerns()))), "url": "https://example.org/a?b=c",
            "countries": tuple(draw(st.lists(st.sampled_from(["MEX", "PHL", "SCG"]), max_size=2))),
            "transitions": (Transition("stated", days[0], draw(WORDS)), Transition("lapsed", days[1], "B:|")),
        }  # fmt: skip
        if draw(st.booleans()):
            entries.append(load_one(**common))
        else:
            value = draw(st.floats(allow_nan=False, allow_infinity=False)) + 0.0
            entries.append(load_one(**common, kind="commitment", evidence_grade=None, outcome=None,
                                    indicator="migrant_stock", place="WLD", direction="increase",
                                    target_value=value, target_date=days[1], baseline_year=2011))  # fmt: skip
    return entries


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(registers())
def test_toml_and_spreadsheets_read_back_the_same(tmp_path: Path, entries: list[Entry]) -> None:
    from corridors.cooperation.register import Register

    register = Register(tuple(entries))
    file = tmp_path / "written.toml"
    file.write_bytes(register.to_toml().encode())
    assert load(file) == register
    folder = tmp_path / "sheets"
    register.to_csv(folder)
    again = load(folder)
    assert again.entries == register.entries
    assert [entry.digest for entry in again.entries] == [entry.digest for entry in entries]


def test_json_ld_needs_no_network_and_keeps_the_follow_up() -> None:
    document = json.loads(json.dumps(load().to_json_ld()))
    assert isinstance(document["@context"], dict)
    names = {key for node in document["@graph"] for key in node}
    assert names <= set(document["@context"])
    assert len(document["@graph"]) == len(load())
    node = next(node for node in document["@graph"] if node["id"].endswith(":g8-2009-five-by-five"))
    assert [step["state"] for step in node["followUp"]] == ["stated", "specified", "under-way", "lapsed"]


@pytest.mark.parametrize("kind", KINDS)
def test_template_lists_all_fields_and_holds_once_filled(
    write: Callable[[str, str], Path], kind: str
) -> None:
    text = template(kind)
    assert all(f"{field.name} = " in text for field in fields_of(kind))
    assert validate(write("new.toml", text)) == ()
    with pytest.raises(NotFound, match="no kind"):
        template("promise")


# The register of the package


def test_register_of_the_package_holds_and_says_where_from() -> None:
    register = load()
    commitments, practices = register.commitments(), register.practices()
    assert commitments.height >= 25
    assert practices.height >= 10
    assert commitments.height + practices.height == len(register)
    assert commitments["indicator"].is_null().eq(commitments["no_indicator_reason"].is_not_null()).all()
    assert practices["evidence_grade"].null_count() == practices["document"].null_count() == 0
    assert {"positive", "negative", "failed"} <= set(practices["outcome"])
    objectives = {
        int(entry.id.split("-")[1]): entry
        for entry in register.entries
        if entry.id.startswith("gcm-") and entry.id != "gcm-review-forum"
    }
    assert sorted(objectives) == list(range(1, 24))
    assert all(entry.paragraph == str(16 + n) for n, entry in objectives.items())
    for symbol in ("A/RES/73/195", "A/RES/68/4", "A/RES/76/266"):
        assert sum(symbol in entry.document for entry in register.entries) >= 3
    unread = [entry.id for entry in register.entries if entry.source_status is None]
    assert unread == []
    assert register.transitions().height == sum(len(entry.transitions) for entry in register.entries)


def test_sources_are_read_at_their_publishers() -> None:
    """No copies: a note to an assembly cites the document, at the address its symbol gives."""
    register = load()
    tables = (register.commitments(), register.practices())
    rows = [row for table in tables for row in table.select("document", "url").iter_rows()]
    for document, url in rows:
        if symbols_in(document):
            assert url == f"https://undocs.org/{symbols_in(document)[0]}" or "un.org" in url
    hosts = {urlsplit(url).netloc for _, url in rows if url}
    copies = ("scribd", "readkong", "paperzz", "slideblast", "studylib", "adattar", "1library", "wikip",
              "girlsrights", "actor-atlas", "global-regulation", "owwamember", "familyremit")  # fmt: skip
    assert not [host for host in hosts if any(copy in host for copy in copies)]


def test_table_of_commitments_has_the_columns_others_rely_on() -> None:
    schema = load().commitments().schema
    assert list(schema) == [
        "commitment", "kind", "title", "actor", "addressee", "concern", "document", "paragraph", "url",
        "indicator", "place", "direction", "baseline_year", "baseline_value", "target_value", "target_date",
        "review_due", "state", "state_since", "last_evidence", "no_indicator_reason", "outcome",
        "outcome_note", "last_source", "statement_year", "judged_as", "indicator_unit",
        "indicator_definition",
    ]  # fmt: skip
    assert schema["target_date"] == schema["last_evidence"] == pl.Date
    row = load().commitments().row(by_predicate=pl.col("commitment") == "who-code-2010-reporting", named=True)
    assert (row["state_since"], row["last_evidence"]) == (date(2013, 11, 1), date(2020, 5, 8))
    assert (row["last_source"], row["statement_year"]) == ("A73/9", 2010)


def test_a_table_of_a_day_knows_nothing_of_later_ones() -> None:
    rows = load().commitments(date(2014, 1, 1)).filter(commitment="ga-63-225-high-level-dialogue")
    assert rows.select("state", "outcome").row(0) == ("completed", "positive")
    before = load().commitments(date(2013, 10, 3)).filter(commitment="ga-63-225-high-level-dialogue")
    assert before.select("state", "last_evidence", "outcome", "outcome_note").row(0) == (
        "under-way", date(2013, 10, 3), None, None,
    )  # fmt: skip


def test_concerns_cover_the_paragraphs_of_the_debate() -> None:
    spoken = {paragraph for concern in concerns().values() for paragraph in concern.paragraphs}
    assert spoken == set(range(1, 19))


def test_json_ld_comes_back_as_it_went_out(tmp_path: Path) -> None:
    kept = load()
    (tmp_path / "all.jsonld").write_text(json.dumps(kept.to_json_ld(), indent=1), "utf-8")
    assert load(tmp_path).entries == kept.entries


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "all.jsonld:1: is not JSON"),
        ("[]", "is no list of entries"),
        ('{"@graph": [3]}', "is no list of entries"),
        (
            '{"@graph": [\n{"id": "urn:corridors:register:x", "kind": "promise"}]}',
            ":2: kind: no kind of entry",
        ),
    ],
)
def test_json_ld_of_another_form_is_refused_with_its_line(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "all.jsonld").write_text(content)
    with pytest.raises(DataError) as refused:
        load(tmp_path)
    assert words in str(refused.value)

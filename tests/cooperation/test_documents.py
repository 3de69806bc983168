"""Documents against marks made by hand, and against texts that nobody would write."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors.cooperation.documents import (
    Agreement,
    Document,
    agreement,
    parse,
    read_document,
    sentences,
    speech_acts,
    validate_akoma_ntoso,
    vocabulary_of,
    window_diff,
)
from corridors.cooperation.documents.lines import blocks_of, clean
from corridors.errors import CorridorsError, DataError, NotFound

TEXTS = Path(__file__).parent / "documents"
NAMES = sorted(path.stem for path in TEXTS.glob("*.json"))
HELD_OUT = [name for name in NAMES if name.startswith("heldout")]
TUNED = [name for name in NAMES if name not in HELD_OUT]


@cache
def marked(name: str) -> tuple[Document, dict[str, Any]]:
    path = TEXTS / f"{name}.txt"
    marks = json.loads((TEXTS / f"{name}.json").read_text("utf-8"))
    return read_document("2011" if name == "2011_debate" else path), marks


def starts(found: Document, marks: dict[str, Any]) -> Agreement:
    """Paragraphs that have the marked id and begin with the marked words."""
    mine = [(p.id, p.text) for p in found.paragraphs if p.kind not in ("opening", "table")]
    hits = [(i, marks["paragraphs"][i]) if text.startswith(marks["paragraphs"].get(i, "\0")) else (i, text)
            for i, text in mine]  # fmt: skip
    return agreement(hits, marks["paragraphs"].items())


def boundaries(found: Document, marks: dict[str, Any]) -> tuple[list[bool], list[bool]]:
    """Over the words of the body: where a paragraph begins, found and marked."""
    ours: list[bool] = []
    words: list[str] = []
    for p in found.paragraphs:
        if p.kind not in ("opening", "table"):
            ours += [True] + [False] * (len(p.text.split()) - 1)
            words += p.text.split()
    theirs = [False] * len(words)
    at = 0
    for begin in marks["paragraphs"].values():
        first = begin.split()
        at = next(i for i in range(at, len(words)) if " ".join(words[i : i + len(first)]).startswith(begin))
        theirs[at] = True
        at += 1
    return ours, theirs


def typed(found: Document, marks: dict[str, Any]) -> tuple[Agreement, int]:
    """Types of marked sentences, and how many paragraphs have another number of sentences."""
    mine: list[tuple[str, int, str]] = []
    theirs: list[tuple[str, int, str]] = []
    other = 0
    for paragraph, types in marks.get("statements", {}).items():
        got = [s.type for s in found.statements if s.paragraph == paragraph]
        other += len(got) != len(types)
        mine += [(paragraph, i, t) for i, t in enumerate(got)]
        theirs += [(paragraph, i, t) for i, t in enumerate(types)]
    return agreement(mine, theirs), other


def counted(found: Document, marks: dict[str, Any]) -> Agreement:
    """Quantities with the marked value and unit, within the marked words."""
    mine = [(q.paragraph, round(q.value, 6), q.unit) for q in found.quantities]
    return agreement(mine, [(p, round(v, 6), u) for p, _, v, u in marks["quantities"]])


def bounded(found: Document, marks: dict[str, Any]) -> Agreement:
    """Of the marked quantities, those with the marked bound and period."""
    due = [(p, round(v, 5), u, b or None, t) for p, v, u, b, t in marks["bounded"]]
    some = {row[:3] for row in due}
    mine = [(q.paragraph, round(q.value, 5), q.unit, q.bound, q.period) for q in found.quantities]
    return agreement([row for row in mine if row[:3] in some], due)


def addressed(found: Document, marks: dict[str, Any]) -> Agreement:
    """First addressee of the marked paragraphs."""
    due = marks["addressees"]
    mine: dict[str, str] = {}
    for s in found.statements:
        if s.paragraph in due and s.addressee:
            mine.setdefault(s.paragraph, s.addressee)
    return agreement(mine.items(), due.items())


def linked(found: Document, marks: dict[str, Any]) -> Agreement:
    links = marks.get("links", {})
    mine = {(k.paragraph, k.indicator) for k in found.links if k.paragraph in links}
    return agreement(mine, [(p, name) for p, names in links.items() for name in names])


def total(names: list[str], measure: Any) -> Agreement:
    parts = [measure(*marked(name)) for name in names]
    return sum((p[0] if isinstance(p, tuple) else p for p in parts), Agreement(0, 0, 0))


def with_marks(key: str, names: list[str]) -> list[str]:
    return [name for name in names if key in marked(name)[1]]


def test_the_debate_of_2011() -> None:
    found, marks = marked("2011_debate")
    assert [s.title for s in found.sections] == marks["sections"]
    assert [s.eid for s in found.sections] == ["sec_I", "sec_II", "sec_III", "sec_IV", "sec_V"]
    assert [p.id for p in found.paragraphs] == [f"p{i}" for i in range(1, 19)]
    assert found.paragraph("p12").eid == "sec_IV__para_12"
    assert "with the support of the international community, an increasing" in found.paragraph("p12").text
    assert [(f.kind, f.where) for f in found.findings] == [("joined_over_page", "p12")]
    meta = found.metadata
    assert (meta.date, meta.agenda_item, meta.language) == ("2011-09-12", "22 (c)", "en")
    assert meta.title == "Summary of the informal thematic debate on international migration and development"
    assert (meta.body, meta.session, meta.symbol) == ("General Assembly", "Sixty-fifth session", None)


@pytest.mark.parametrize("name", NAMES)
def test_boundaries_sections_and_masthead(name: str) -> None:
    found, marks = marked(name)
    scores = starts(found, marks)
    print(f"{name}: paragraphs P {scores.precision:.3f} R {scores.recall:.3f} F1 {scores.f1:.3f}, "
          f"WindowDiff {window_diff(*boundaries(found, marks)):.3f}")  # fmt: skip
    assert scores.f1 == 1
    assert window_diff(*boundaries(found, marks)) == 0
    assert [s.title for s in found.sections] == marks["sections"]
    for key, value in marks.get("metadata", {}).items():
        assert getattr(found.metadata, key) == value, key
    assert [n.number for n in found.footnotes] == marks.get("footnotes", [])
    assert sum(p.kind == "table" for p in found.paragraphs) == marks.get("tables", 0)
    for kind in marks.get("findings", []):
        assert kind in {f.kind for f in found.findings}


@pytest.mark.parametrize(("names", "floor"), [(TUNED, 1.0), (HELD_OUT, 0.90)], ids=["tuned", "held out"])
def test_types_of_statements(names: list[str], floor: float) -> None:
    names = with_marks("statements", names)
    scores = total(names, typed)
    print(f"types: P {scores.precision:.3f} R {scores.recall:.3f} of {scores.marked}")
    assert min(scores.precision, scores.recall) >= floor
    assert sum(typed(*marked(name))[1] for name in names) == 0


@pytest.mark.parametrize(("names", "floor"), [(TUNED, 1.0), (HELD_OUT, 0.92)], ids=["tuned", "held out"])
def test_quantities(names: list[str], floor: float) -> None:
    names = with_marks("quantities", names)
    scores = total(names, counted)
    print(f"quantities: P {scores.precision:.3f} R {scores.recall:.3f} of {scores.marked}")
    assert min(scores.precision, scores.recall) >= floor
    for name in names:
        found, marks = marked(name)
        for paragraph, words, value, unit in marks["quantities"]:
            hit = [q for q in found.quantities if (q.paragraph, round(q.value, 6), q.unit) ==
                   (paragraph, round(value, 6), unit)]  # fmt: skip
            assert not hit or any(q.text in words or words in q.text for q in hit), (name, words)


@pytest.mark.parametrize("names", [TUNED, HELD_OUT], ids=["tuned", "held out"])
def test_bounds_periods_and_addressees(names: list[str]) -> None:
    for key, measure in (("bounded", bounded), ("addressees", addressed)):
        scores = total(with_marks(key, names), measure)
        print(f"{key}: P {scores.precision:.3f} R {scores.recall:.3f} of {scores.marked}")
        assert scores.marked
        assert min(scores.precision, scores.recall) == 1


@pytest.mark.parametrize(
    ("names", "precision", "recall"), [(TUNED, 0.85, 0.85), (HELD_OUT, 0.90, 1.0)], ids=["tuned", "held out"]
)
def test_links_and_abstention(names: list[str], precision: float, recall: float) -> None:
    scores = total(names, linked)
    print(f"links: P {scores.precision:.3f} R {scores.recall:.3f} of {scores.marked}")
    assert scores.precision >= precision
    assert scores.recall >= recall


@pytest.mark.parametrize("name", NAMES)
def test_akoma_ntoso_is_valid_and_whole(name: str) -> None:
    from lxml import etree

    found, _ = marked(name)
    xml = found.to_akoma_ntoso()
    assert validate_akoma_ntoso(xml) == ()
    root = etree.fromstring(xml.encode())
    words = Counter(" ".join(t for t in root.itertext() if isinstance(t, str)).split())
    for p in found.paragraphs:
        if p.kind != "table" and not p.notes:
            assert not Counter(p.text.split()) - words, p.id
    eids = {e.get("eId") for e in root.iter() if e.get("eId")}
    assert all(s.eid in eids for s in found.sections)
    for reference in root.iter("{*}noteRef"):
        assert reference.get("href").lstrip("#") in eids


def test_validation_is_not_a_formality() -> None:
    xml = read_document("2011").to_akoma_ntoso()
    assert "FRBRuri" in validate_akoma_ntoso(re.sub(r"<FRBRuri[^>]*/>", "", xml))[0]
    assert any("twice" in w or "Duplicate" in w
               for w in validate_akoma_ntoso(xml.replace("sec_II\"", "sec_I\"", 1)))  # fmt: skip
    with pytest.raises(DataError, match="no XML"):
        validate_akoma_ntoso("<a>")


def test_resolution_in_akoma_ntoso() -> None:
    xml = marked("resolution")[0].to_akoma_ntoso()
    assert '<statement name="resolution">' in xml
    assert xml.count("<recital ") == 4
    assert '<point eId="para_2__point_b__point_ii">' in xml
    assert 'eId="att_1"' in marked("annexes")[0].to_akoma_ntoso()


def test_actor_addressee_and_rationale() -> None:
    found = {s.id: s for s in marked("2011_debate")[0].statements}
    urged = found["p9.s6"]
    assert (urged.type, urged.addressee, urged.rationale) == ("call", "Member States", "urged")
    text = marked("2011_debate")[0].paragraph("p9").text
    assert text[urged.rationale_start : urged.rationale_end] == "urged"
    assert found["p9.s1"].actor == "Several participants"
    assert found["p2.s1"].actor == "several speakers"
    for document, _ in map(marked, NAMES):
        for s in document.statements:
            assert document.paragraph(s.paragraph).text[s.start : s.end] == s.text
        for q in document.quantities:
            assert document.paragraph(q.paragraph).text[q.start : q.end] == q.text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Member States were urged to act.", "call"),
        ("It was stressed that more is needed.", "emphasis"),
        ("The call for action was long.", "fact"),
        ("Such a request can be encouraged.", "fact"),
        ("The Charter notes nothing.", "fact"),
        ("States should report.", "recommendation"),
        ("The Committee decided to close the item.", "decision"),
        ("We pledge to train nurses.", "commitment"),
        ("Greater cooperation is required.", "recommendation"),
        ("Delegations expressed deep concern about fees.", "concern"),
        ("The Council requests the Secretary-General to report.", "request"),
        ("I call upon Member States to do more.", "call"),
        ("It was decided to meet again.", "decision"),
        ("In one country 95 per cent of applications were decided within weeks.", "fact"),
    ],
)
def test_verbs(text: str, kind: str) -> None:
    assert [s.type for s in parse(f"1. {text}").statements] == [kind]


def test_lexicon_is_sound() -> None:
    acts = speech_acts()
    assert len(acts) >= 60
    assert len({a.verb for a in acts}) == len(acts)
    assert all(1 <= a.strength <= 5 and a.voice in ("both", "active", "modal", "agent", "we") for a in acts)
    for act in acts:
        re.compile(act.pattern)


@pytest.mark.parametrize(
    ("text", "value", "low", "high", "unit", "period"),
    [
        (
            "reduced by five percentage points over five years",
            5,
            5,
            5,
            "percentage points",
            "over five years",
        ),
        ("gave nearly a quarter of a billion dollars", 2.5e8, 2.5e8, 2.5e8, "USD", None),
        ("cost USD 3.5 billion", 3.5e9, 3.5e9, 3.5e9, "USD", None),
        ("of at least twenty-one countries", 21, 21, None, "countries", None),
        ("fell to less than 3 per cent by 2030", 3, None, 3, "per cent", "by 2030"),
        ("between 20 and 25 per cent of them", 22.5, 20, 25, "per cent", None),
        ("helped 2 to 3 million migrants", 2.5e6, 2e6, 3e6, "migrants", None),
        ("trained two hundred nurses a year", 200, 200, 200, "nurses", "a year"),
        ("sent 1 250 000 euros home", 1.25e6, 1.25e6, 1.25e6, "EUR", None),
        ("reached one third of corridors", 1 / 3, 1 / 3, 1 / 3, "share", None),
    ],
)
def test_forms_of_quantities(
    text: str, value: float, low: float | None, high: float | None, unit: str, period: str | None
) -> None:
    (found,) = parse(f"1. They {text}.").quantities
    assert (found.value, found.low, found.high) == pytest.approx((value, low, high))
    assert (found.unit, found.period) == (unit, period)


@pytest.mark.parametrize(
    ("text", "value", "low", "high", "unit", "bound"),
    [
        ("Two in five women moved", 0.4, 0.4, 0.4, "share", None),
        ("one out of every eight households", 0.125, 0.125, 0.125, "share", None),
        ("It was US$ 2.5 bn", 2.5e9, 2.5e9, 2.5e9, "USD", None),
        ("1.5 bn dollars went home", 1.5e9, 1.5e9, 1.5e9, "USD", None),
        ("€40m were paid", 4e7, 4e7, 4e7, "EUR", None),
        ("costs higher than 5 per cent", 5, 5, None, "per cent", ">"),
        ("prices in excess of 8 per cent", 8, 8, None, "per cent", ">"),
        ("it exceeded 8 per cent", 8, 8, None, "per cent", ">"),
        ("growth of minus 2 per cent", -2, -2, -2, "per cent", None),
        ("growth of −2 per cent", -2, -2, -2, "per cent", None),
        ("about 3 per cent", 3, 3, 3, "per cent", "~"),
        ("not exceeding 3 per cent", 3, None, 3, "per cent", "<="),
        ("15 or more countries", 15, 15, None, "countries", ">="),
        ("5 per cent or less", 5, None, 5, "per cent", "<="),
        ("The number of migrants reached 244 million", 2.44e8, 2.44e8, 2.44e8, "migrants", None),
        ("49 Member States took part", 49, 49, 49, "Member States", None),
        ("US$ 1 234 million", 1.234e9, 1.234e9, 1.234e9, "USD", None),
        ("$2.5-3 billion", 2.75e9, 2.5e9, 3e9, "USD", None),
        ("above 8 per cent", 8, 8, None, "per cent", ">"),
        ("half a million people", 5e5, 5e5, 5e5, "people", None),
        ("Half of the migrants are women", 0.5, 0.5, 0.5, "share", None),
        ("It fell by one third", 1 / 3, 1 / 3, 1 / 3, "share", None),
        ("One migrant in eight is a child", 0.125, 0.125, 0.125, "share", None),
        ("Fees should not exceed 3 per cent", 3, None, 3, "per cent", "<="),
        ("The share must not fall below 3 per cent", 3, 3, None, "per cent", ">="),
        ("It was 200–250 per 100,000 inhabitants", 225, 200, 250, "per 100000 inhabitants", None),
    ],
)
def test_bounds_and_signs_of_quantities(
    text: str, value: float, low: float | None, high: float | None, unit: str, bound: str | None
) -> None:
    (found,) = parse(f"1. {text}.").quantities
    assert (found.value, found.low, found.high) == pytest.approx((value, low, high))
    assert (found.unit, found.bound) == (unit, bound)


def test_a_year_is_no_whole_that_a_share_is_of() -> None:
    found = parse("1. It rose from 31 in 2020, and one office in seven countries closed.").quantities
    assert [(q.value, q.unit) for q in found] == [(2020, "year"), (7, "countries")]


def test_both_ends_of_a_change_are_quantities() -> None:
    for text in ("Costs fell from 9.3 to 6.5 per cent", "Costs went from 9.3 per cent to 6.5 per cent"):
        found = parse(f"1. {text}.").quantities
        assert [(q.value, q.unit) for q in found] == [(9.3, "per cent"), (6.5, "per cent")]
    (range_,) = parse("1. They lose from 20 to 25 per cent of it.").quantities
    assert (range_.low, range_.high) == (20, 25)
    both = parse(
        "1. Cut it to less than 3 per cent and end prices higher than 5 per cent by 2030."
    ).quantities
    assert [(q.value, q.bound, q.period) for q in both] == [(3, "<", "by 2030"), (5, ">", "by 2030")]


NO_QUANTITY = (
    "They saw a third attempt in the first half.",
    "See resolution 63/225 and art. 5.",
    "Panel 2 met.",
    "The Group of Eight and paragraph 12.",
    "The sixty-third Assembly and one or both parents.",
)


@pytest.mark.parametrize("text", NO_QUANTITY)
def test_what_is_no_quantity(text: str) -> None:
    assert parse(f"1. {text}").quantities == ()


def test_sentences_keep_abbreviations() -> None:
    text = "The U.N. met at St. Lucia, cf. No. 5 (p. 7), i.e. early. Mr. J. Doe spoke. “Is it so?” It is."
    assert [text[a:b] for a, b in sentences(text)] == [
        "The U.N. met at St. Lucia, cf. No. 5 (p. 7), i.e. early.", "Mr. J. Doe spoke.",
        "“Is it so?”", "It is.",
    ]  # fmt: skip


def test_own_indicators() -> None:
    table = pl.DataFrame(
        {"name": ["boats"], "title": ["Boats"], "definition": ["Number of boats"], "terms": ["fishing boats"]}
    )
    found = parse("1. Two fishing boats left. Nothing else.", indicators=table, threshold=0.0).links
    assert [(k.indicator, "fishing boats" in k.rationale) for k in found] == [("boats", True)]
    assert vocabulary_of(table.to_pandas()).names == ("boats",)
    with pytest.raises(DataError, match="table 'indicators' has no column 'terms'"):
        vocabulary_of(table.drop("terms"))
    with pytest.raises(DataError, match="name stands twice"):
        vocabulary_of(pl.concat([table, table]))
    with pytest.raises(DataError, match="no probability"):
        parse("1. A.", threshold=2)


WORDS = st.text(st.characters(categories=["Ll"], max_codepoint=0x24F), min_size=1, max_size=9).map(clean)
BODY = st.lists(st.lists(WORDS.filter(str.isalpha), min_size=6, max_size=40), min_size=1, max_size=8)


@given(BODY, st.integers(20, 70), st.booleans())
def test_every_word_of_the_body_is_kept(body: list[list[str]], width: int, pages: bool) -> None:
    import textwrap

    wrap = {"width": width, "break_long_words": False, "break_on_hyphens": False}
    parts = [textwrap.fill(f"{i}. A {' '.join(words)}.", **wrap) for i, words in enumerate(body, 1)]
    text = ("\n\fA/65/944\n\n" if pages else "\n\n").join(parts)
    found = parse(text)
    assert [p.text.split() for p in found.paragraphs] == [f"A {' '.join(w)}.".split() for w in body]
    assert [p.id for p in found.paragraphs] == [f"p{i}" for i in range(1, len(body) + 1)]


PIECES = st.sampled_from(
    ["1. ", "2. Text.", "(a) ", "(i) x;", "I. Title", "Annex I", "The General Assembly,", "Recalling it,",
     "\f", "\n",
     "\n\n", "____________", "1 Note", "¹ Note", "a-\nb", "11-49374", "A/65/944",
     "12", "—", "19 May 2011", "a  b  c", "\x00", "é"]
)  # fmt: skip
NOISE = st.one_of(
    st.text(max_size=200),
    st.lists(PIECES, max_size=25).map(" ".join),
    st.lists(PIECES, max_size=25).map("\n".join),
)


@given(NOISE)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse(text)
    except CorridorsError:
        assert not text.strip()
        return
    assert len({p.id for p in found.paragraphs}) == len(found.paragraphs)
    assert validate_akoma_ntoso(found.to_akoma_ntoso()) == ()
    json.loads(found.to_json())


@given(NOISE)
def test_no_character_is_lost_before_splitting(text: str) -> None:
    found = blocks_of(text)
    out = " ".join(
        [*(b.text for b in found.blocks), *(n.number + n.text for n in found.footnotes), *found.furniture]
    )
    supers = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    drop = re.compile(r"[\s|\-\[\]/*]")
    before, after = (Counter(drop.sub("", t.translate(supers))) for t in (clean(text), out))
    assert before == after


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Генеральная Ассамблея,\n\n1. Принимает к сведению доклад.\n\n2. Призывает государства.", "ru"),
        ("一、导言\n\n1. 大会注意到该报告。\n\n2. 大会吁请会员国。", "zh"),
        ("أولا - مقدمة\n\n١ - تحيط علما بالتقرير.\n\n٢ - تحث الدول الأعضاء.", "ar"),
    ],
)
def test_other_languages_split(text: str, language: str) -> None:
    found = parse(text)
    assert found.metadata.language == language
    assert sum(p.kind in ("numbered", "operative") for p in found.paragraphs) == 2
    assert {s.type for s in found.statements} == {"untyped"}
    assert "untyped" in {f.kind for f in found.findings}


def test_a_hundred_pages_in_a_second() -> None:
    found, _ = marked("2011_debate")
    words = [p.text for p in found.paragraphs] * 14
    text = "\n\n".join(f"{i}. {t}" for i, t in enumerate(words, 1))
    assert len(text) > 150_000
    start = time.process_time()
    large = parse(text)
    spent = time.process_time() - start
    print(f"{len(text):,} characters, {len(text.split()):,} words: {spent:.2f} s")
    assert len(large.paragraphs) == len(words)
    assert spent < 3  # 1.2 s beside other work


def test_tables_of_parts() -> None:
    found = read_document("2011")
    for part in ("sections", "paragraphs", "statements", "quantities", "links", "findings", "footnotes"):
        assert found.to_polars(part).height == len(getattr(found, part))
    with pytest.raises(NotFound, match="no part"):
        found.to_polars("words")
    with pytest.raises(NotFound, match="p99"):
        found.paragraph("p99")


def test_window_diff_refuses_unequal() -> None:
    assert window_diff([True] * 8, [True] * 8) == 0
    assert window_diff([True, False, False, False, False, False], [False] * 5 + [True], width=2) > 0
    with pytest.raises(DataError, match="2 units"):
        window_diff([True, False], [True])


LIST = [
    "1. We recognize the role of cities.",
    "2. We decide to meet again.",
    "6. We call upon States:",
    "(a) To publish prices;",
    "(c) To train nurses;",
    "(i) In schools;",
    "(iii) At work;",
    "(l) To end detention.",
    "7. We request the Secretary-General to report.",
    "12. We invite cities to take part.",
]


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["no blank lines", "blank lines"])
def test_gaps_in_numbers_swallow_nothing(between: str) -> None:
    found = parse(f"I. Aims{between}" + between.join(LIST))
    ids = ["p1", "p2", "p6", "p6.a", "p6.c", "p6.c.i", "p6.c.iii", "p6.l", "p7", "p12"]
    assert [p.id for p in found.paragraphs] == ids
    assert [p.text for p in found.paragraphs] == [re.sub(r"^\S+ ", "", line) for line in LIST]
    told = {f.message for f in found.findings}
    assert {
        "no paragraph 3 to 5 before paragraph 6", "no paragraph 8 to 11 before paragraph 12",
        "no item (b) before item (c)", "no item (ii) before item (iii)", "no item (d) to (k) before item (l)",
    } <= told  # fmt: skip


@given(gone=st.sets(st.integers(1, 12), max_size=9), between=st.sampled_from(["\n", "\n\n"]))
def test_whatever_numbers_are_gone(gone: set[int], between: str) -> None:
    """Each line that is left stays a paragraph of its own, and each gap inside is a finding."""
    left = [n for n in range(1, 14) if n not in gone]
    found = parse(
        f"I. Aims{between}" + between.join(f"{n}. The Forum noted report {n} of cities." for n in left)
    )
    assert [p.number for p in found.paragraphs] == [str(n) for n in left]
    gaps = sum(b - a > 1 for a, b in zip([0, *left], left, strict=False))
    assert sum(f.kind == "missing_number" for f in found.findings) == gaps


def test_wrapped_numbers_are_no_paragraphs() -> None:
    text = (
        "I. Aims\n1. They met in spring of\n2. It rained, as said in para.\n19. The others left on\n20. May."
    )
    assert [p.id for p in parse(text).paragraphs] == ["p1"]


def test_a_masthead_without_blank_lines_is_not_glued_to_the_first_paragraph() -> None:
    head = "A/99/9\nReport of the Secretary-General on the many ways in which people move"
    text = f"{head}\n1. People move.\n2. So do we."
    found = parse(text)
    assert [p.id for p in found.paragraphs] == ["p1", "p2"]
    assert found.metadata.symbol == "A/99/9"


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Calls upon the use of open data", None),
        ("Urges Germany and Trinidad and Tobago to act", "Germany and Trinidad and Tobago"),
        ("Encourages Improved access for all", None),
        ("Invites the relevant organizations of the United Nations system to help",
         "the relevant organizations of the United Nations system"),
        ("Going there while they return to their countries should be possible", None),
        ("Countries of origin should publish prices", "Countries of origin"),
        ("It is recommended that Governments act", "Governments"),
        ("Fees should be cut", None),
    ],
)  # fmt: skip
def test_addressees_are_actors(text: str, who: str | None) -> None:
    assert parse(f"The General Assembly,\n\n1. {text};\n\n2. Decides to act.").statements[0].addressee == who


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Zahl der Menschen, die in einem anderen Land leben, ist gestiegen und wird steigen.", "de"),
        ("Los Estados deben reducir el costo de las remesas al 3 por ciento para 2030.", "es"),
        ("Liczba migrantów na świecie wzrosła do ponad dwustu milionów osób w ciągu dwudziestu lat, "
         "jak pokazują dane statystyczne", None),
    ],
)  # fmt: skip
def test_what_the_lexicon_does_not_cover_has_no_type(text: str, language: str | None) -> None:
    found = parse(f"1. {text}")
    assert found.metadata.language == language
    assert {s.type for s in found.statements} == {"untyped"}
    assert found.quantities == found.links == ()
    assert [f.kind for f in found.findings] == ["untyped"]


def test_a_paragraph_in_another_language_has_no_type() -> None:
    french = "Les États sont invités à réduire le coût des envois de fonds dans les pays d'origine."
    text = (
        f"1. The debate stressed that more of it is needed by all of them.\n\n2. {french}\n\n3. States were "
    )
    found = parse(text + "urged to act on the costs, and to do so in the year that follows this one.")
    assert [s.type for s in found.statements] == ["emphasis", "untyped", "call"]
    assert [(f.kind, f.where) for f in found.findings] == [("untyped", "p2")]


def test_actions_are_no_facts_and_no_promises() -> None:
    found = marked("compact")[0]
    assert found.metadata.kind == "resolution"
    assert [s.number for s in found.sections if s.number] == ["Objective 1", "Objective 20"]
    of = {s.id: s.type for s in found.statements}
    assert of["annex1.p4.s1"] == "commitment"
    assert of["annex1.p4.a.s1"] == "action"


EXTRACT = """To realize this commitment, we will draw from the following actions:
(a) Publish prices;
(b) Invite banks to compete.
Objective 23: Work together for orderly
migration
39. We commit to help one another. We further commit to joint action.
To realize this commitment, we will draw from the following actions:
(a) Conclude agreements.
Implementation
40. We will carry it out.
41. We will look back in 2032."""


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["no blank lines", "blank lines"])
def test_an_extract_that_begins_in_the_middle(between: str) -> None:
    found = parse(EXTRACT.replace("\n", between).replace(f"orderly{between}", "orderly\n"))
    assert [(s.number, s.title) for s in found.sections] == [
        ("Objective 23", "Work together for orderly migration"), (None, "Implementation"),
    ]  # fmt: skip
    assert [p.id for p in found.paragraphs] == ["u1", "u1.a", "u1.b", "p39", "p39.a", "p40", "p41"]
    assert [s.type for s in found.statements] == [*["action"] * 3, *["commitment"] * 2, "action", "action",
                                                  *["commitment"] * 2]  # fmt: skip
    assert [f.message for f in found.findings] == ["no paragraph 1 to 38 before paragraph 39"]


def test_a_declaration_in_lines_without_blanks() -> None:
    text = """A/RES/91/1
General Assembly
Resolution adopted by the General Assembly on 19 September 2036
91/1. Declaration for People on the Move
The General Assembly
Adopts the following outcome document of the high-level plenary meeting on people
who are on the move:
Declaration for People on the Move
We, the Heads of State and Government, meeting in New York, have adopted the
following declaration.
I. Introduction
1. People have moved since earliest times. There are 65 million displaced, 3 million asylum seekers and
over 40 million others.
2. We have considered how States should respond.
22. Underlining our resolve, we will act.
IV.
Commitments
64. We will work together."""
    found = parse(text)
    assert [s.title for s in found.sections] == [
        "Declaration for People on the Move", "Introduction", "Commitments",
    ]  # fmt: skip
    assert [p.id for p in found.paragraphs][1:] == ["op", "u1", "p1", "p2", "p22", "p64"]
    of = {s.paragraph: s.type for s in found.statements}
    assert (of["p2"], of["p22"], of["p64"]) == ("fact", "commitment", "commitment")
    assert [(q.value, q.unit, q.bound) for q in found.quantities if q.paragraph == "p1"] == [
        (65e6, "number", None), (3e6, "seekers", None), (40e6, "others", ">"),
    ]  # fmt: skip

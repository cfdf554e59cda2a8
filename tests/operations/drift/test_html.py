"""The HTML report: all on one page, nothing fetched, nothing run, no text taken for markup."""

import re
from html.parser import HTMLParser
from typing import NamedTuple
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from msgspec.structs import asdict, replace

from tests.charts.drifting.columns import column, named, numbers
from workbench.datasets.drift.limits import LIMITS
from workbench.datasets.drift.report import (
    ChunkDrift,
    DriftReport,
    Finding,
    LeftOut,
    Opinion,
    Side,
)
from workbench.datasets.drift.thresholds import Thresholds
from workbench.operations.drift.html import page
from workbench.operations.drift.html_strip import MOST_CHUNKS
from workbench.operations.drift.html_tags import Markup, tag

MONTH = 30.4 * 86_400
GENERATOR = np.random.default_rng(6)
NORMAL = GENERATOR.normal(0, 1, 1000)
EVIL = "<script>alert('x')</script>\x1b[2J\u202e\"'><img src=x onerror=y>&amp;"


class Element(NamedTuple):
    """One element of a page: its name, its attributes, all text in it."""

    name: str
    attributes: dict[str, str]


class Read(HTMLParser):
    """A page as it is read: elements, text, and whether all that was opened was closed."""

    VOID = frozenset(("meta", "br"))

    def __init__(self, text):
        super().__init__()
        self.elements, self.texts, self.open = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, name, attributes):
        """Keep an element, and that it is open."""
        self.elements.append(Element(name, dict(attributes)))
        if name not in self.VOID:
            self.open.append(name)

    def handle_startendtag(self, name, attributes):
        """Keep an element that has no end."""
        self.elements.append(Element(name, dict(attributes)))

    def handle_endtag(self, name):
        """Close the element that was opened last."""
        assert self.open.pop() == name

    def handle_data(self, data):
        """Keep text that is read."""
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self):
        """All text of the page."""
        return " ".join(" ".join(self.texts).split())

    def all(self, name):
        """Return the elements of a name."""
        return [one for one in self.elements if one.name == name]


def report(chunks=(), **more):
    """Return a report of these chunks."""
    sides = (Side("train@1", rows=1000), Side("month@4", rows=900))
    return DriftReport("01ID", "a" * 32, 1.4e9, more.pop("verdict", "drift"), *sides, tuple(chunks),
                       **more)  # fmt: skip


def chunk(at, columns, *, label="", **more):
    """Return a chunk of a month."""
    label = label or f"2013-{at + 1:02d}"
    verdict = more.pop("verdict", "drift")
    return ChunkDrift(label, verdict, 900, columns=tuple(columns), start=at * MONTH, **more)


def moved(name="dep_delay", by=1.0, **more):
    """Return a column that moved."""
    found = numbers(NORMAL, NORMAL + by, name=name, words=f"higher by {by:g} of its spread")
    return replace(found, effect=by * 4, measure="wasserstein", **more)


def read(text):
    """Return a page as it is read; everything opened in it is closed."""
    found = Read(text)
    assert found.open == []
    return found


def test_a_page_says_all_of_a_report():
    """Verdict, sides, words, findings, opinions, limits, what was left out and why, the tests."""
    found = read(page(report(
        [chunk(0, [moved(findings=(Finding("null rate", "missing 1% to 9%", "warning"),))],
               findings=(Finding("duplicates", "2% of rows repeat", "note"),))],
        left_out=(LeftOut("flight_id", "an identifier"),),
        opinions=(Opinion("pca", alarm=True, words="error 1.2, usual 0.8 to 1"),),
        said=("3 rows have no time.",), tests=72, monitor="flights", model="delays", version=3,
        importance="feature_importances_ of delays@3", thresholds=Thresholds(psi=0.2),
    ))).text  # fmt: skip
    for words in (
        "Drift: flights", "D drift", "train@1", "month@4", "higher by 1 of its spread",
        "missing 1% to 9%", "2% of rows repeat", "flight_id", "an identifier", "error 1.2",
        "3 rows have no time.", "72 p-values", "delays@3", "feature_importances_ of delays@3",
        "(usually 0.1)", "2014-05-13 16:53 UTC", "a" * 32,
    ):  # fmt: skip
        assert words in found


def test_of_one_chunk_what_was_found_stands_before_the_strip():
    """Of several the strip is what is looked at first; p breaks into no lines."""
    facts = (Finding("duplicates", "2% of rows repeat", "note"),)
    one, two = (chunk(at, [moved(test="ks", p=0.0, q=0.0)], findings=facts) for at in (0, 1))
    alone, several = page(report([one])), page(report([one, two]))
    assert alone.index("2% of rows repeat") < alone.index("Columns by chunk")
    assert several.index("2% of rows repeat") > several.index("Columns by chunk")
    assert "p &lt;1e-300, " in alone


def test_every_limit_says_what_it_is_of():
    """None is only a name."""
    found = read(page(report([chunk(0, [moved()])]))).text
    assert all(one.meaning in found for one in LIMITS.values())
    for name in asdict(Thresholds()):
        assert re.search(rf"{name.replace('_', ' ')} [\d.]+ [a-z]", found), name


def test_nothing_is_fetched_and_nothing_is_run():
    """No script, no address, no frame; and the page forbids them itself."""
    text = page(report([chunk(n, [moved(), named({"a": 1.0}, {"b": 1.0})]) for n in range(3)]))
    found = read(text)
    assert not {one.name for one in found.elements} & {"script", "link", "img", "iframe", "object"}
    for one in found.elements:
        assert not {"src", "onclick", "onerror", "style"} & set(one.attributes)
        assert one.attributes.get("href", "#").startswith("#")
    assert not re.search(r"https?:|url\(|@import", text)
    policy = next(one for one in found.all("meta") if "http-equiv" in one.attributes)
    assert policy.attributes["content"] == "default-src 'none'; style-src 'unsafe-inline'"


def test_links_lead_to_columns_on_the_page():
    """Each name in the strip that is told at length leads there."""
    columns = [moved("a"), moved("b"), column(name="c", verdict="stable")]
    found = read(page(report([chunk(0, columns)])))
    targets = {one.attributes.get("id") for one in found.elements}
    links = [one.attributes["href"].removeprefix("#") for one in found.all("a")]
    assert len(links) == 2
    assert set(links) <= targets


def test_all_that_people_and_files_say_is_text():
    """Markup in a name, a category, a label, a reason, a path is shown, not obeyed."""
    evil = moved(EVIL)
    texts = replace(
        report(
            [chunk(0, [evil, named({EVIL: 1.0}, {"b": 1.0}, name="kind")], label=EVIL,
                   segment=EVIL, reason=EVIL),
             chunk(1, [replace(evil, words=EVIL, verdict=EVIL)])],
            left_out=(LeftOut(EVIL, EVIL),), opinions=(Opinion(EVIL, alarm=True, words=EVIL),),
            said=(EVIL,), monitor=EVIL, model=EVIL, stage=EVIL, importance=EVIL, actor=EVIL,
            host=EVIL, chunking=EVIL,
        ),
        current=Side(EVIL), verdict=EVIL,
    )  # fmt: skip
    text = page(texts)
    found = read(text)
    assert not found.all("script")
    assert not found.all("img")
    assert not set(text) & set("\x1b\u202e")
    assert "alert('x')" in found.text


def test_pictures_take_their_colours_from_the_page():
    """Each is well-formed, and has no colour that a dark screen could not change."""
    text = page(report([chunk(n, [moved()]) for n in range(3)]))
    pictures = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(pictures) == 4
    for picture in pictures:
        ET.fromstring(picture)  # noqa: S314 - written a line above
        assert not re.search(r'"#[0-9a-f]{6}"', picture)
    used = set(re.findall(r"var\(--(p\d+)\)", "".join(pictures)))
    light, dark = re.findall(r":root\{([^}]*--page:[^}]*--p\d[^}]*)\}", text)
    assert used == set(re.findall(r"--(p\d+):", light)) == set(re.findall(r"--(p\d+):", dark))
    assert "prefers-color-scheme:dark" in text
    assert "@media print" in text


def test_the_strip_has_a_letter_beside_each_colour():
    """Columns by chunks; a chunk that does not have a column has an empty cell that says so."""
    few = column(name="month", verdict="too few", reason="only 12 rows")
    found = read(page(report([chunk(0, [moved(), few]), chunk(1, [moved("dep_delay", 2.0)])])))
    cells = [one.attributes for one in found.all("td") if "title" in one.attributes]
    assert [one["class"] for one in cells].count("v drift") == 4
    assert {"class": "v few", "title": "too few: only 12 rows"} in cells
    assert {"class": "v", "title": "not there"} in cells
    assert " D " in found.text


def test_what_a_chunk_was_held_against_is_said():
    """Where it differs from chunk to chunk: in the words of the column, and in the strip."""
    found = read(page(report([chunk(0, [moved()], reference="last year, 2012-01")])))
    assert "higher by 1 of its spread against last year, 2012-01." in found.text
    titles = [one.attributes.get("title", "") for one in found.all("td")]
    assert any("against last year, 2012-01" in title for title in titles)


def test_a_long_history_shows_its_newest_chunks():
    """And says how many there are."""
    many = [chunk(n, [moved(by=0.5)], label=f"day-{n:03d}") for n in range(MOST_CHUNKS + 40)]
    found = read(page(report(many))).text
    assert f"the newest chunks, {MOST_CHUNKS} of {MOST_CHUNKS + 40}" in found
    assert "day-099" in found
    assert "day-039" not in found


def test_no_segment_takes_the_place_of_all_rows():
    """Of each the newest chunks are shown, under its name."""
    every = [
        chunk(n, [moved(by=0.5)], label=f"{segment or 'all'}-{n:02d}", segment=segment)
        for segment in ("", "origin=JFK", "origin=EWR")
        for n in range(40)
    ]
    text = page(report(every))
    found = read(text)
    assert 'title="all-39"' in text
    assert 'title="all-19"' not in text
    assert "the newest chunks of each segment, 60 of 120" in found.text
    spans = [one.attributes["colspan"] for one in found.all("th") if "colspan" in one.attributes]
    assert spans == ["20", "20", "20"]


def test_a_page_of_thirty_columns_over_a_year_stays_small():
    """All of them drifted, and all have their numbers; plots as long as there is room, and said."""
    columns = [moved(f"feature_{n:02d}", 0.2 + n / 10) for n in range(30)]
    text = page(report([chunk(n, columns) for n in range(12)]))
    assert len(text.encode()) < 300_000
    found = read(text)
    assert len(found.all("h3")) == 30
    assert "without plots, to keep the page small" in found.text


@pytest.mark.parametrize(
    "odd",
    [
        report(),
        report([chunk(0, [])], verdict="too few"),
        report([chunk(0, [column(shape=None, reason="")])]),
        report([chunk(0, [replace(moved(), p=0.0, q=float("nan"), effect=float("inf"))])]),
        report([replace(chunk(0, [moved()]), start=None, label="")]),
        report([replace(chunk(0, [moved()]), start=1e300)], verdict="unheard of"),
        replace(report([chunk(0, [moved()])]), time=1e300, importance=""),
    ],
)
def test_any_report_is_a_page(odd):
    """No chunk, no column, no shape, no number, no moment."""
    assert read(page(odd)).text


def test_a_plain_string_is_text_and_an_empty_attribute_is_none():
    """Only what was made as markup is markup."""
    inner = tag("b", "<i>")
    assert tag("p", "a < b", inner, class_="") == "<p>a &lt; b<b>&lt;i&gt;</b></p>"
    assert tag("p", title='"&') == '<p title="&quot;&amp;"></p>'
    assert isinstance(inner, Markup)

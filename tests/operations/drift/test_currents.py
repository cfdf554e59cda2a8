"""Parts of current data that are held against earlier ones."""

from tests.operations.drift.watched import DATED, Watched, frame, told


def test_previous_is_the_version_before(watched: Watched) -> None:
    """The first has none, which is said."""
    watched.months(0.0, 0.0, 1.0)
    watched.settings('[monitor.flights]\ndata = "month"\nreference = "previous"\n')
    ran = watched.run()
    assert told(ran) == [("month@1", "too few"), ("month@2", "stable"), ("month@3", "severe")]
    chunks = [one.report.chunks[0] for one in ran if one.report]
    assert [chunk.reference for chunk in chunks] == ["", "month@1", "month@2"]
    assert chunks[0].reason == "there is no chunk before it"


def test_last_year_is_the_same_month_of_the_year_before(watched: Watched) -> None:
    """Season is no drift then."""
    for year, shift in ((2024, 0.0), (2025, 0.0)):
        for month in (1, 7):
            table = frame(shift + month, seed=year + month, month=month)
            moved = table.with_columns(table["when"].dt.offset_by(f"{year - 2025}y"))
            watched.add("month", moved)
    watched.settings('[monitor.flights]\ndata = "month"\nreference = "last year"\n' + DATED)
    ran = watched.run()
    assert told(ran)[2:] == [("month@3", "stable"), ("month@4", "stable")]
    assert [one.report.chunks[0].reference for one in ran if one.report][2:] == [
        "month@1",
        "month@2",
    ]


def test_within_a_version_each_chunk_has_its_own_reference(watched: Watched) -> None:
    """And the first one that of the version before."""
    watched.add("month", frame(0.0, seed=1, rows=1000, month=1))
    table = frame(0.0, seed=2, rows=4000, month=2)
    watched.add("month", table)
    watched.settings(
        '[monitor.flights]\ndata = "month"\nreference = "previous"\nchunks = "week"\n' + DATED
    )
    ran = watched.run()
    report = ran[-1].report
    assert report is not None
    references = [chunk.reference for chunk in report.chunks]
    assert references[1:] == [chunk.label for chunk in report.chunks[:-1]]
    assert any("month@1 was passed over" in sentence for sentence in report.said)


def test_a_segment_is_held_against_the_same_one_before(watched: Watched) -> None:
    """Where it was not there, or the rows before are gone, it is said; the rest is judged."""
    before, after = frame(0.0, seed=1, rows=1200), frame(0.0, seed=2, rows=1200, month=2)
    moved = after["delay"] + 2.0 * (after["dest"] == "SFO").cast(float)
    after = after.with_columns(delay=moved, dest=after["dest"].replace("ORD", "LAX"))
    watched.add("month", before, copy=True)
    watched.add("month", after, copy=True)
    watched.settings(
        '[monitor.flights]\ndata = "month"\nreference = "previous"\nsegments = ["dest"]\n'
    )
    report = watched.run()[-1].report
    assert report is not None
    found = {one.segment: one for one in report.chunks}
    assert {name: one.reference for name, one in found.items()} == {
        "": "month@1", "dest=BOS": "month@1", "dest=SFO": "month@1", "dest=LAX": "",
    }  # fmt: skip
    assert (found["dest=SFO"].verdict, found["dest=BOS"].verdict) == ("severe", "stable")
    assert found["dest=LAX"].reason == "there is no chunk before it"
    watched.add("month", frame(0.0, seed=3, rows=1200, month=3))
    watched.add("month", frame(0.0, seed=4, rows=1200, month=4))
    report = watched.run()[-1].report
    assert report is not None
    found = {one.segment: one for one in report.chunks}
    assert (found[""].reference, found["dest=SFO"].reference) == ("month@3", "")
    assert (found[""].verdict, found["dest=SFO"].verdict) == ("stable", "too few")
    assert any("Segments are not held against month@3" in one for one in report.said)

"""The page on the registry's files says what the program writes."""

import json
import re
from pathlib import Path

from tests.registry.events import draft
from workbench.registry.encoding import encode
from workbench.registry.event import FORMAT, KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "formats" / "registry.md").read_text("utf-8")


def rows(after: str) -> list[str]:
    """Return the first cells of the table that follows a heading."""
    table = PAGE.partition(f"\n{after}")[2].partition("\n|---")[2].partition("\n\n")[0]
    return [line.split("|")[1].strip() for line in table.splitlines()[1:]]


def test_every_kind_has_its_line() -> None:
    """No more and no fewer."""
    assert sorted(rows("## Kinds")) == sorted(f"`{kind}`" for kind in KINDS)


def test_every_field_has_its_line() -> None:
    """In the order in which they are written, but for the checksum, which has a sentence."""
    event = json.loads(encode(draft(), seq=1, model="churn", previous=""))
    written = [name for name in event if name != "sha256"]
    explained = rows("## events/")
    assert sorted(explained) == sorted(f"`{name}`" for name in written)


def test_the_example_has_the_fields_of_an_event_in_their_order() -> None:
    """Whoever writes one by the example writes one that is read."""
    block = PAGE.partition("\n## events/")[2].partition("    {")[2].partition("\n\n")[0]
    event = json.loads(encode(draft(), seq=1, model="churn", previous=""))
    assert re.findall(r'"(\w+)":', re.sub(r'"saw":\{.*?\}', '"saw":0', block)) == list(event)
    assert f"Format version **{FORMAT}**" in PAGE

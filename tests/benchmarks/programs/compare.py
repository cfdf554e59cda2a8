"""Put runs side by side over a catalogue that is up to date."""

import json
import sys
from pathlib import Path
from time import perf_counter

from workbench.catalogue.finding import every
from workbench.catalogue.places import places
from workbench.operations.compare import compare
from workbench.operations.compared_text import texts
from workbench.operations.labels import labels
from workbench.operations.session import Session, open_session


def once(session: Session, run_ids: list[str]) -> dict[str, float]:
    """Return the milliseconds of gathering, of the table's text and of a legend's labels."""
    began = perf_counter()
    found = compare(session, run_ids, baseline=run_ids[0])
    gathered = perf_counter()
    texts(found, equal=False)
    written = perf_counter()
    labels(session, [one.run for one in found.runs])
    labelled = perf_counter()
    return {"compare": 1000 * (gathered - began), "text": 1000 * (written - gathered),
            "labels": 1000 * (labelled - written), "facts": len(found.facts)}  # fmt: skip


with open_session(Path(sys.argv[1])) as opened:
    opened.sweep()
    wanted = [one.run_id for one in places(opened.catalogue, every(opened.catalogue))]
    first = once(opened, wanted)
    found = [once(opened, wanted) for _ in range(int(sys.argv[2]))]
answer = {name: [one[name] for one in found] for name in found[0]}
print(json.dumps(answer | {"first": first["compare"]}))

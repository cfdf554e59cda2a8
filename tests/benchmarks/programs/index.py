"""Index a workspace from the command line's point of view, and say how long it took."""

import json
import sys
from pathlib import Path
from time import perf_counter

from workbench.operations.activity import faults
from workbench.operations.runs_table import count_matching
from workbench.operations.session import open_session

began = perf_counter()
with open_session(Path(sys.argv[1])) as session:
    session.sweep()
    seconds = perf_counter() - began
    answer = {
        "seconds": seconds,
        "runs": count_matching(session, ""),
        "faults": len(faults(session)),
    }
print(json.dumps(answer))

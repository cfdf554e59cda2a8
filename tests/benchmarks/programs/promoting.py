"""Promote the version that does not hold production, each time one is given a reason to."""

import json
import sys
from pathlib import Path

from workbench.clock import SYSTEM
from workbench.operations.registry.gate import gate
from workbench.operations.registry.opening_journal import state
from workbench.operations.registry.promote import promote
from workbench.operations.session import open_session

with open_session(Path(sys.argv[1]), in_memory=True) as session:
    while reason := sys.stdin.readline().strip():
        version = 3 - (state(session, "churn").stage("production").holder or 1)
        called = SYSTEM.steady()
        done = promote(session, gate(session, "churn", version, "production"), reason)
        assert done.deployment.state == "deployed", done.deployment
        print(json.dumps([called, SYSTEM.steady()]), flush=True)

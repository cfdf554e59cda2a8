"""What logging costs a training script: the import, the start, every call; and elsewhere."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from statistics import median
from time import perf_counter
from typing import Any

from tests.benchmarks.peers import MLFLOW, TENSORBOARDX, WANDB, Missing, Peer, measured_by
from tests.benchmarks.place import CHECKOUT, Place
from tests.benchmarks.rows import Row, of_many, spread
from tests.building import write_workspace

_IMPORT = "import workbench; workbench.start_run"
_LOADED = f"""\
import sys
before = set(sys.modules)
{_IMPORT}
print(*{{name.partition(".")[0] for name in set(sys.modules) - before}})
"""
_BACKENDS: Mapping[str, Peer] = {
    "MLflow file store": MLFLOW,
    "MLflow SQLite": MLFLOW,
    "TensorBoard (tensorboardX)": TENSORBOARDX,
    "wandb offline": WANDB,
}


def rows(place: Place) -> Iterator[Row]:
    """Measure the client, then the clients of others."""
    workspace = place.workspace("logged", write_workspace)
    yield _import_cost(place)
    yield _foreign_modules(place)
    place.run("start_once", workspace)
    starts = [place.run("start_once", workspace)["ms"] for _ in range(place.scale.starts)]
    yield of_many("start_run(), with what it captures", starts, "ms", 150)
    calls = place.run("log_calls", workspace, place.scale.blocks, place.scale.calls)
    yield from _call_cost(calls)
    for name, peer in _BACKENDS.items():
        yield _peer_cost(place, name, peer, median(calls["ours"]))


def _import_cost(place: Place) -> Row:
    """Start interpreters in turn, with and without the import."""
    variables = place.environment()
    _seconds("pass", variables), _seconds(_IMPORT, variables)  # compiling is paid once
    pairs = [
        (_seconds("pass", variables), _seconds(_IMPORT, variables))
        for _ in range(place.scale.starts)
    ]
    extra = [1000 * (with_it - bare) for bare, with_it in pairs]
    bare = 1000 * median(bare for bare, _ in pairs)
    return of_many(
        f"{_IMPORT}, over a bare interpreter", extra, "ms", 40, f"a bare one takes {bare:.0f} ms"
    )


def _seconds(code: str, variables: Mapping[str, str]) -> float:
    began = perf_counter()
    subprocess.run([sys.executable, "-c", code], env=variables, cwd=CHECKOUT, check=True)
    return perf_counter() - began


def _foreign_modules(place: Place) -> Row:
    done = subprocess.run(
        [sys.executable, "-c", _LOADED], env=place.environment(), cwd=CHECKOUT, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    names = set(done.stdout.split()) - sys.stdlib_module_names - {"workbench"}
    note = ", ".join(sorted(names)) or "standard library only"
    return Row("modules it loads beyond the standard library", len(names), "", 0, note)


def _call_cost(calls: Mapping[str, Any]) -> Iterator[Row]:
    ours, bare = calls["ours"], calls["bare"]
    ratios = [mine / least for mine, least in zip(ours, bare, strict=True)]
    count = f"{calls['calls']} calls a block, blocks in turn"
    yield Row(
        "run.log of 5 metrics over json.dumps and one write", median(ratios), "x", 2,
        f"{spread(ratios, 'x')}; {count}",
    )  # fmt: skip
    yield Row("  run.log, a call", median(ours), "us", None, spread(ours, "us"))
    yield Row("  json.dumps and one write, a call", median(bare), "us", None, spread(bare, "us"))


def _peer_cost(place: Place, name: str, peer: Peer, ours: float) -> Row:
    what = f"  {name} over run.log"
    scale = place.scale
    found = measured_by(
        place, peer, "peer_logging", name, scale.peer_calls, scale.peer_seconds
    )  # fmt: skip
    if isinstance(found, Missing):
        return Row(what, None, note=found.why)
    return Row(
        what, found["us"] / ours, "x", None,
        f"{found['version']}: {found['us']:,.0f} us a call, n={found['calls']}; "
        f"import {found['import_s']:.1f} s, start {found['start_s']:.1f} s",
    )  # fmt: skip

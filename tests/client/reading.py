"""Reading a run folder by the contract alone, and running scripts that write one."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]


class Written(NamedTuple):
    """One writer's files, decoded."""

    number: int
    updates: list[dict[str, Any]]
    metrics: list[dict[str, Any]]
    final: dict[str, Any] | None

    def values(self, name: str) -> list[tuple[int | None, Any]]:
        """Return steps and values of a metric in the order of writing."""
        return [
            (line["step"], line["metrics"][name])
            for line in self.metrics
            if name in line["metrics"]
        ]

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        """Return the updates of one kind."""
        return [line for line in self.updates if line["kind"] == kind]

    def fact(self, name: str) -> Any:
        """Return the last word on a fact."""
        facts = {k: v for line in self.of_kind("fact") for k, v in line["facts"].items()}
        return facts.get(name)


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the whole lines of a file."""
    data = path.read_bytes() if path.exists() else b""
    whole = data[: data.rfind(b"\n") + 1]
    return [json.loads(line) for line in whole.splitlines() if line]


def card(run: Path) -> dict[str, Any]:
    """Return the start card."""
    return json.loads((run / "run.json").read_text(encoding="utf-8"))


def writers(run: Path) -> list[Written]:
    """Return all writers of a run in order of number."""
    numbers = sorted(int(path.name) for path in (run / "writers").iterdir())
    return [_writer(run / "writers" / str(number), number) for number in numbers]


def _writer(folder: Path, number: int) -> Written:
    final = folder / "final.json"
    end = json.loads(final.read_text(encoding="utf-8")) if final.exists() else None
    return Written(number, lines(folder / "updates.jsonl"), lines(folder / "metrics.jsonl"), end)


def only_writer(run: Path) -> Written:
    """Return the one writer of a run."""
    (one,) = writers(run)
    return one


def runs(workspace: Path) -> list[Path]:
    """Return the folders of all runs, in order of their start."""
    return sorted(workspace.glob("runs/*/[!.]*"), key=lambda path: path.name)


def only_run(workspace: Path) -> Path:
    """Return the folder of the one run."""
    (one,) = runs(workspace)
    return one


def markers(workspace: Path) -> list[str]:
    """Return the names of the end markers."""
    return sorted(path.name for path in workspace.glob("runs/*/.done/*"))


def start_script(code: str, workspace: Path, **options: Any) -> "subprocess.Popen[str]":
    """Start a script that logs to a workspace, as a process of its own."""
    script = workspace.parent / "train.py"
    script.write_text(code, encoding="utf-8")
    environment = {
        **os.environ,
        "WORKBENCH_WORKSPACE": str(workspace),
        "PYTHONPATH": str(ROOT),
        **options.pop("environment", {}),
    }
    return subprocess.Popen(
        [sys.executable, str(script), *options.pop("arguments", [])],
        env=environment,
        cwd=workspace.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def run_script(code: str, workspace: Path, **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run a script that logs to a workspace, to its end."""
    process = start_script(code, workspace, **options)
    out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)

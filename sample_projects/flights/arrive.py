"""Bring the year 2013 month by month, as a file that is replaced each month.

    python arrive.py             # waits until somebody who watches has registered each month
    python arrive.py --now       # registers each month itself, for when nobody watches
    python arrive.py --now --check      # and looks whether it has drifted, as cron would

Each month takes the place of the one before in data/flights-month.parquet of the workspace. The
settings name that file, so an open screen or `workbench watch` registers every month as the next
version of the dataset flights-month, once the file has been quiet for 10 seconds.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
from flights import DATA, described

from workbench.settings import find_workspace

NAME = "flights-month"
PLACE = Path("data") / f"{NAME}.parquet"
MONTHS = range(1, 13)
DRIFTED = 3  # the exit code of a check that found drift


def arguments():
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--now", action="store_true", help="register each month, do not wait")
    parser.add_argument("--check", action="store_true", help="run the monitors after each month")
    parser.add_argument("--months", type=int, default=len(MONTHS), help="how many to bring")
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait for a month")
    return parser.parse_args()


def put(flights, month, place):
    """Replace the file by a month's flights in one step: nobody reads half of it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_suffix(".part")
    described(flights.filter(pl.col("month") == month)).write_parquet(part)
    part.replace(place)


def tell(*words, fine=(0,)):
    """Run a workbench command, and stop if it does not end as it should."""
    code = subprocess.run([sys.executable, "-m", "workbench", *words], check=False).returncode
    if code not in fine:
        sys.exit(f"It ended with exit code {code}: workbench {' '.join(words)}")


def register(workspace):
    """Register what is in the file now."""
    tell("datasets", "add", "-w", str(workspace), NAME, str(workspace / PLACE))


def check(workspace):
    """Check the new month; that it has drifted is an answer, and no failure."""
    tell("monitor", "run", "-w", str(workspace), fine=(0, DRIFTED))


def versions(workspace):
    """Return how many versions are registered."""
    folder = workspace / "datasets" / NAME
    return sum(1 for one in folder.glob("*/manifest.json")) if folder.is_dir() else 0


def wait(workspace, number, patience):
    """Wait until somebody has registered a version."""
    end = time.monotonic() + patience
    while versions(workspace) < number:
        if time.monotonic() > end:
            sys.exit("Nobody registers it: open the workspace, or say --now.")
        time.sleep(0.2)


def main():
    """Bring one month after the other."""
    args = arguments()
    workspace = find_workspace(Path.cwd())
    if workspace is None:
        sys.exit("There is no workspace here. Make one with: workbench init DIR")
    flights = pl.read_parquet(DATA)
    before = versions(workspace)
    for number, month in enumerate(MONTHS[: args.months], before + 1):
        put(flights, month, workspace / PLACE)
        print(f"2013-{month:02d} is in {PLACE}", flush=True)
        if args.now:
            register(workspace)
        else:
            wait(workspace, number, args.patience)
        if args.check:
            check(workspace)


if __name__ == "__main__":
    main()

"""Bring the trained models into production, and one of them back out, by commands a team uses.

    python train.py --model sgd --register
    python train.py --model hgb --register
    python train.py --model hgb --features gate --register
    python release.py

Each line that begins with $ can be typed in a terminal as it stands.
"""

import json
import shlex
import subprocess
import sys

import workbench

MODEL = "late-flights"


def arguments():
    """Take no arguments; a wrong one is said."""
    import argparse

    return argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()


def tell(*words, reason="", expect=0):
    """Run a workbench command, show it, and stop if it does not end as it should."""
    command = [*words, *(["--reason", reason] if reason else [])]
    print("$", shlex.join(["workbench", *command]), flush=True)
    code = subprocess.run([sys.executable, "-m", "workbench", *command], check=False).returncode
    if code != expect:
        sys.exit(f"It ended with exit code {code}, not {expect}.")


def versions():
    """Return the number of each version by the name of the run it came from."""
    command = [sys.executable, "-m", "workbench", "models", MODEL, "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return {one["run_name"]: one["number"] for one in json.loads(done.stdout)}


def main():
    """Promote, be refused, promote, and roll back."""
    arguments()
    number = versions()
    first, second, gate = (
        number[f"{name}"] for name in ("sgd-schedule", "hgb-schedule", "hgb-gate")
    )
    tell(
        "promote",
        f"{MODEL}@{first}",
        "--stage",
        "production",
        reason="the first model that beats a table of rates",
    )
    print("The gate model knows the departure delay, which nobody has when the timetable is made:")
    tell("gate", f"{MODEL}@{gate}", "--stage", "production", expect=3)
    tell(
        "promote",
        f"{MODEL}@{gate}",
        "--stage",
        "staging",
        reason="for the desk at the gate, which knows the delay",
    )
    tell(
        "promote",
        f"{MODEL}@{second}",
        "--stage",
        "production",
        reason="ranks April's flights better",
    )
    tell(
        "rollback",
        MODEL,
        "--stage",
        "production",
        reason="expects 23 % late flights when December has 32 %",
    )
    tell("history", MODEL)
    print("In production:", workbench.model_path(f"{MODEL}@production"))


if __name__ == "__main__":
    main()

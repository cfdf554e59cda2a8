"""A program that serves a model: it asks which version is current, and reads it, without a pause.

Knows the workbench only by what is meant for consumers. Says ``ready`` after its first look,
and at the end, when nothing more comes in on stdin, one JSON object: how often it looked, what it
saw one after another, and everything that was not as it must be.
"""

import json
import sys
from pathlib import Path
from threading import Event, Thread

import workbench
from workbench.registry.pointer import read_current


class Seen:
    """What came out of looking, in order."""

    def __init__(self):
        self.looks = 0
        self.versions = []
        self.wrong = []

    def note(self, version):
        """Keep a version that was seen."""
        self.looks += 1
        if not self.versions or self.versions[-1] != version:
            self.versions.append(version)


def version_of(folder):
    """Return the one version all files of a folder are of; what is mixed or torn raises."""
    name = int((folder / "model.bin").read_text("utf-8").removeprefix("weights of "))
    rest = (folder / "variables" / "more.bin").read_bytes()
    if rest != bytes([name]) * 100_000:
        raise ValueError(f"files of version {name} beside others: {rest[:3]!r} {len(rest)}")
    return name


def deployed(served):
    """Return the version in the folder a stage is deployed to."""
    current = read_current(served, "churn")
    found = version_of(current.path)
    if found != current.pointer.version:
        raise ValueError(f"{found} under the name of {current.pointer.version}")
    return found


def registered(root):
    """Return the version the workspace itself gives to a consumer."""
    return version_of(workbench.model_path("churn@production", workspace=root))


def look(look_once, stop, ready):
    """Look until told to stop, and keep what was seen."""
    seen = Seen()
    while not stop.is_set():
        try:
            seen.note(look_once())
        except Exception as error:  # noqa: BLE001 - whatever it is, a consumer must not meet it
            seen.wrong.append(f"{type(error).__name__}: {error}")
        ready.set()
    return seen


def main(root, served):
    """Look in both ways at once, until stdin ends."""
    stop, seen = Event(), {}

    def run(name, look_once, ready):
        seen[name] = look(look_once, stop, ready)

    ways = {"deployed": lambda: deployed(served), "registered": lambda: registered(root)}
    readies = {name: Event() for name in ways}
    threads = [Thread(target=run, args=(name, way, readies[name])) for name, way in ways.items()]
    for thread in threads:
        thread.start()
    for ready in readies.values():
        ready.wait()
    print("ready", flush=True)
    sys.stdin.read()
    stop.set()
    for thread in threads:
        thread.join()
    print(json.dumps({name: vars(one) for name, one in seen.items()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

"""How many times a second processes change one alias of MLflow's registry, and who is told.

Runs in MLflow's environment. Words: a folder, the kind of store, how many processes, how many
changes each.
"""

import json
import multiprocessing
import sys
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

_MODEL, _ALIAS, _VERSIONS = "raced", "champion", 3


def client(uri):
    """Return a client of the registry in a folder."""
    from mlflow import MlflowClient

    return MlflowClient(tracking_uri=uri, registry_uri=uri)


def change(uri, name, count, gate, heard):
    """Set the alias ``count`` times."""
    registry = client(uri)
    registry.get_model_version_by_alias(_MODEL, _ALIAS)  # what is done once is done
    took, errors = [], 0
    gate.wait()
    for number in range(count):
        began = perf_counter()
        try:
            registry.set_registered_model_alias(_MODEL, _ALIAS, 1 + (name + number) % _VERSIONS)
        except Exception:  # noqa: BLE001 - whatever it is, it is counted
            errors += 1
        took.append(1000 * (perf_counter() - began))
    heard.put((took, errors))


def two_people(uri):
    """Return how many of two succeed who both read version 1, and what the alias is then."""
    people = [client(uri), client(uri)]
    people[0].set_registered_model_alias(_MODEL, _ALIAS, "1")
    read = [each.get_model_version_by_alias(_MODEL, _ALIAS).version for each in people]
    succeeded = told = 0
    for each, wanted in zip(people, ("2", "3"), strict=True):
        try:
            answer = each.set_registered_model_alias(_MODEL, _ALIAS, wanted)
        except Exception:  # noqa: BLE001 - this is what being told would look like
            told += 1
        else:
            succeeded += 1
            told += answer is not None
    final = int(people[0].get_model_version_by_alias(_MODEL, _ALIAS).version)
    return {
        "read": [int(one) for one in read],
        "succeeded": succeeded,
        "told": told,
        "final": final,
    }


def main(store, kind, processes, count):
    """Make a model, let processes race for its alias, and let two people meet."""
    uri = f"sqlite:///{store}/registry.db" if kind.endswith("SQLite") else f"file://{store}/mlruns"
    registry = client(uri)
    registry.create_registered_model(_MODEL)
    for _ in range(_VERSIONS):
        registry.create_model_version(_MODEL, f"file://{store}/nothing")
    registry.set_registered_model_alias(_MODEL, _ALIAS, "1")
    context = multiprocessing.get_context("spawn")
    gate, heard = context.Barrier(processes + 1), context.Queue()
    racers = [
        context.Process(target=change, args=(uri, k, count, gate, heard)) for k in range(processes)
    ]
    for racer in racers:
        racer.start()
    gate.wait()
    began = perf_counter()
    all_heard = [heard.get(timeout=300) for _ in racers]
    seconds = perf_counter() - began
    for racer in racers:
        racer.join()
    answer = {
        "seconds": seconds,
        "ms": [one for took, _ in all_heard for one in took],
        "errors": sum(errors for _, errors in all_heard),
        "version": f"mlflow {version('mlflow')}",
        **two_people(uri),
    }
    print("\n" + json.dumps(answer))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))

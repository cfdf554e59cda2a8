"""A training script that takes a step for every line it is sent, and ends with its input.

It is what a person would write, but for the input: so a journey decides when the run
goes on and when it is over, and nothing waits for seconds.
"""

import sys

import workbench


def main(name, lr):
    """Train until there is no more input."""
    with workbench.start_run(
        experiment="live", name=name, params={"lr": float(lr)}, system_metrics=False
    ) as run:
        print(run.id, flush=True)
        for epoch, _ in enumerate(sys.stdin):
            run.log({"loss": 1 / (epoch + 1), "val/auc": 1 - 1 / (epoch + 2)}, step=epoch)
            print(epoch, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A training script that logs until it is killed, or ends by itself after some steps.

It says on stdout what it has reached, so that the one who kills it knows what must be
found afterwards: ``card <id>`` once the start card is there, ``done <id>`` at the end.
"""

import sys

import workbench


def main(steps):
    """Train one run after another, each of ``steps`` steps."""
    for _ in range(1000):
        run = workbench.start_run(experiment="chaos", params={"lr": 0.1}, system_metrics=False)
        print("card", run.id, flush=True)
        for step in range(steps):
            run.log({"loss": 1 / (step + 1), "auc": step / steps}, step=step)
            if step % 10 == 0:
                run.set_tags({"at": str(step)})
        run.finish()
        print("done", run.id, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))

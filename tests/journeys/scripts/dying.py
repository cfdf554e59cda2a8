"""Act on a registry, and die at a given operation on a file, as ``kill -9`` would have it.

Reads one JSON object a line and answers with one: which operation it died before, or what came
of the act. An operation that writes dies half-way. Where processes can fork each act has a child
of its own; elsewhere this process itself dies, and is started anew.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.errors import WorkbenchError
from workbench.operations.registry import rollback
from workbench.operations.registry.deploying import deploy
from workbench.operations.registry.gate import gate
from workbench.operations.registry.promote import promote
from workbench.operations.registry.register import register
from workbench.operations.session import Session, open_session
from workbench.registry.policy import read_policy

MODEL, STAGE = "churn", "production"
_OPERATIONS = (
    "open", "write", "fsync", "link", "unlink", "mkdir", "rmdir", "rename", "replace", "chmod",
    "utime",
)  # fmt: skip
_ANSWER = os.write


def answer(**said: Any) -> None:
    """Tell the one who asked, in one write that is not counted."""
    _ANSWER(1, json.dumps(said).encode() + b"\n")


def arm(at: int) -> list[str]:
    """Let the operation ``at``, counted from 1, never happen; return where all are noted."""
    done: list[str] = []

    def counted(name: str, operation: Callable[..., Any]) -> Callable[..., Any]:
        def called(*args: Any, **named: Any) -> Any:
            if name == "open" and not args[1] & (os.O_CREAT | os.O_WRONLY):
                return operation(*args, **named)
            done.append(name)
            if len(done) == at:
                if name == "write":
                    operation(args[0], args[1][: len(args[1]) // 2])
                answer(died=name)
                os._exit(9)
            return operation(*args, **named)

        return called

    for name in _OPERATIONS:
        setattr(os, name, counted(name, getattr(os, name)))
    return done


def act(session: Session, asked: dict[str, Any]) -> str:
    """Do what is asked and say in a word what came of it."""
    match asked["act"]:
        case "register":
            return str(register(session, MODEL, Path(asked["files"])))
        case "promote":
            card = gate(session, MODEL, asked["version"], STAGE)
            return promote(session, card, asked["reason"]).deployment.state
        case "roll back":
            card = rollback.card(session, MODEL, STAGE, asked["version"])
            return rollback.roll_back(session, card, asked["reason"]).deployment.state
        case "deploy":
            policy = read_policy(session.root).stages[STAGE]
            return deploy(session, MODEL, STAGE, policy).state
    raise ValueError(asked["act"])


def serve(root: Path, asked: dict[str, Any]) -> None:
    """Do one act and answer."""
    with open_session(root, in_memory=True) as session:
        done = arm(asked["die_at"])
        try:
            said = act(session, asked)
        except WorkbenchError as error:
            answer(died="", said="", error=str(error))
        else:
            answer(died="", said=said, operations=done)


def main(root: Path) -> None:
    """Do what is asked until nothing more is."""
    for line in sys.stdin:
        asked = json.loads(line)
        if not hasattr(os, "fork"):
            serve(root, asked)
            continue
        child = os.fork()
        if child == 0:
            serve(root, asked)
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""A registered model, a stage it is deployed from, and the folder consumers read."""

from pathlib import Path

from tests.building import write_workspace
from tests.registry import events
from workbench.clock import Clock, FixedClock
from workbench.operations.registry.deploying import Deployment, deploy
from workbench.operations.registry.destinations import agree_to
from workbench.operations.session import Session, open_session
from workbench.registry import manifest
from workbench.registry.checks import StagePolicy
from workbench.registry.journal import FolderJournal
from workbench.registry.pointer import Current, Pointer, pointer_path, read, read_current

MODEL = "churn"
STAGE = "production"


class Serving:
    """Journal, session and folder of one model; what a test does to them reads in one line."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self.root = write_workspace(folder / "workspace")
        self.out = folder / "served"
        self.out.mkdir()
        self.clock = clock or FixedClock()
        self.journal = FolderJournal(self.root, MODEL)
        self.policy = StagePolicy(STAGE, deploy_to=str(self.out))
        self.session = self.open()

    def open(self) -> Session:
        """Return a session of one more person."""
        session = open_session(self.root, clock=self.clock, in_memory=True)
        session.state = self.root.parent / "state"
        agree_to(session, str(self.out))
        return session

    def register(self, content: str = "", *, extra: bool = True) -> int:
        """Register a version of two files; its content is its number unless given."""
        number = len(events.state_of(self.journal).versions) + 1
        source = self.root.parent / "made" / str(number)
        (source / "variables").mkdir(parents=True)
        (source / "model.bin").write_text(content or f"weights of {number}", "utf-8")
        if extra:
            (source / "variables" / "more.bin").write_bytes(bytes([number]) * 100_000)
        whole = manifest.publish(manifest.stage(source, self.root), self.root, MODEL)
        events.register(self.journal, details={"manifest": whole.hash})
        return number

    def promote(self, version: int) -> None:
        """Record a promotion; nothing is deployed by it."""
        events.promote(self.journal, version, STAGE, details={"deploy_to": self.policy.deploy_to})

    def roll_back(self, to: int | None) -> None:
        """Record a rollback; nothing is deployed by it."""
        events.roll_back(self.journal, to, STAGE)

    def promoted(self, version: int) -> Deployment:
        """Promote and deploy."""
        self.promote(version)
        return self.deploy()

    def deploy(self, session: Session | None = None) -> Deployment:
        """Deploy what the journal says, as a person who agreed to the folder."""
        agree_to(session or self.session, self.policy.deploy_to)
        return deploy(session or self.session, MODEL, STAGE, self.policy)

    def settings(self, text: str | None = None) -> None:
        """Write the settings; by default those that deploy the stage."""
        folder = str(self.out).replace("\\", "/")
        said = f'[stages.production]\ndeploy_to = "{folder}"\n' if text is None else text
        (self.root / "workbench.toml").write_text(said, "utf-8")

    @property
    def inside(self) -> Pointer | None:
        """Return the workspace's own pointer."""
        return read(self.root / pointer_path(STAGE, MODEL))

    @property
    def current(self) -> Current:
        """Return what a consumer sees."""
        return read_current(self.out, MODEL)

    @property
    def served(self) -> int | None:
        """Return the version a consumer sees."""
        return self.current.pointer.version

    def copy(self, version: int) -> Path:
        """Return the folder of a copy."""
        return self.out / MODEL / str(version)

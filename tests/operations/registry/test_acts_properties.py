"""Whatever people do in whatever order: what always holds of stages, versions and pointers."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.operations.registry.people import MODEL, People
from workbench.errors import ConflictError, NotAllowedError
from workbench.operations.registry import rollback
from workbench.operations.registry.freezing import freeze, unfreeze
from workbench.operations.registry.promote import promote
from workbench.operations.registry.requests import request
from workbench.operations.registry.retiring import delete, reinstate, retire
from workbench.operations.session import Session

if TYPE_CHECKING:
    from workbench.operations.registry.card import Card

VERSIONS = st.integers(1, 4)
STAGES = st.sampled_from(["staging", "production"])
WHO = st.sampled_from(["ana", "ben"])


class Team(RuleBasedStateMachine):
    """Two people who promote, roll back, freeze, retire and delete as they like."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.people = People(Path(self._folder.name) / "w")
        self.seen: list[tuple[Session, Card]] = []
        self.numbers: list[int] = [self.people.register()]
        self.lasting: tuple[str, ...] = ()

    def teardown(self) -> None:
        """Let go of the folder."""
        self.people.close()
        self._folder.cleanup()

    def _who(self, name: str) -> Session:
        self.people.clock.advance(1)
        return self.people.ana if name == "ana" else self.people.ben

    def _try(self, act: Callable[[], Any]) -> Any:
        """Do something that may be refused; a refusal leaves the journal as it was."""
        before = self.people.state().seq
        try:
            return act()
        except (NotAllowedError, ConflictError):
            assert self.people.state().seq == before
            return None

    @precondition(lambda self: len(self.numbers) < 4)
    @rule()
    def registers(self) -> None:
        """Numbers only grow."""
        number = self.people.register()
        assert number == self.numbers[-1] + 1
        self.numbers.append(number)

    @rule(who=WHO, version=VERSIONS, stage=STAGES)
    def looks(self, who: str, version: int, stage: str) -> None:
        """Somebody opens the card and thinks about it for a while."""
        if version in self.numbers:
            session = self._who(who)
            self.seen.append((session, self.people.look(version, stage, session)))

    @precondition(lambda self: self.seen)
    @rule(which=st.integers(0, 3))
    def confirms(self, which: int) -> None:
        """Whoever confirms a card gets what was on it, or is refused."""
        session, card = self.seen.pop(which % len(self.seen))
        before = self.people.state()
        done = self._try(lambda: promote(session, card, "It is better."))
        if done is not None:
            assert card.version is not None
            assert before.stage(card.stage).holder == card.was
            assert before.versions[card.version].retired is None
            assert before.versions[card.version].deleted is None
            freeze = before.stage(card.stage).freeze
            assert freeze is None or not freeze.holds(self.people.clock.now())
            assert self.people.holder(card.stage) == card.version

    @rule(who=WHO, stage=STAGES)
    def rolls_back(self, who: str, stage: str) -> None:
        """The default never restores what was rolled away from, nor what never held it."""
        session = self._who(who)
        before = self.people.state().stage(stage)
        done = self._try(
            lambda: rollback.roll_back(
                session, rollback.card(session, MODEL, stage), "It was worse."
            )
        )
        if done is not None and done.event.version is not None:
            assert done.event.version not in before.rolled_away
            assert done.event.version != before.holder
            assert done.event.version in {one.version for one in before.holdings}

    @rule(who=WHO, stage=STAGES, frozen=st.booleans())
    def freezes(self, who: str, stage: str, frozen: bool) -> None:
        """A stage is kept as it is, or thawed."""
        session = self._who(who)
        act = freeze if frozen else unfreeze
        self._try(lambda: act(session, MODEL, stage, "why"))

    @rule(who=WHO, version=VERSIONS, act=st.sampled_from([retire, reinstate, delete, delete]))
    def puts_away(self, who: str, version: int, act: Callable[..., Any]) -> None:
        """A version that holds a stage is never put away."""
        if version not in self.numbers:
            return
        session = self._who(who)
        holders = {one.holder for one in self.people.state().stages.values()}
        done = self._try(lambda: act(session, MODEL, version, "why"))
        assert done is None or version not in holders

    @rule(who=WHO, version=VERSIONS, stage=STAGES)
    def asks(self, who: str, version: int, stage: str) -> None:
        """Somebody asks for a promotion."""
        if version in self.numbers:
            session = self._who(who)
            self._try(lambda: request(session, MODEL, version, stage, "please"))

    @invariant()
    def a_stage_has_one_holder_that_is_whole(self) -> None:
        """At most one version lasts in a stage, and it is neither deleted nor without files."""
        state = self.people.state()
        for stage in state.stages.values():
            lasting = [one for one in stage.holdings if one.until is None]
            assert len(lasting) <= 1
            assert not stage.holdings or lasting == [stage.holdings[-1]]
            if stage.holder is not None:
                version = state.versions[stage.holder]
                assert version.deleted is None
                assert (self.people.root / "registry/churn/files" / version.manifest).is_dir()

    @invariant()
    def requests_that_were_met_are_closed(self) -> None:
        """Nobody waits for what is there already, was retired or deleted."""
        state = self.people.state()
        for one in state.requests:
            if one.closed_by is None:
                assert state.stage(one.stage).holder != one.version
                assert state.versions[one.version].retired is None

    @invariant()
    def consumers_see_what_the_journal_says(self) -> None:
        """Every pointer is the holder, from the event that put it there."""
        state = self.people.state()
        for stage in state.stages.values():
            if stage.holding is not None:
                path = self.people.root / "deploy" / stage.name / "churn.json"
                pointer = json.loads(path.read_text("utf-8"))
                assert (pointer["version"], pointer["seq"]) == (
                    stage.holder, stage.holding.event.seq,
                )  # fmt: skip

    @invariant()
    def what_happened_stays(self) -> None:
        """Nobody's event is ever lost or moved."""
        now = tuple(one.id for one in self.people.state().events)
        assert now[: len(self.lasting)] == self.lasting
        self.lasting = now


TestTeam = Team.TestCase
TestTeam.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip

"""The stages and checks that ``workbench.toml`` asks for, or why it cannot be read.

A gate that is misspelt must never be a gate that is not there: a key, a kind or a stage nobody
knows is an error with its line, and so is a rule that does not parse. Read here alone.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NoReturn, cast

from workbench.errors import FilterError, FormatError, SettingsError
from workbench.filters import parse_rule
from workbench.ids import is_stage_name
from workbench.opening import read_small
from workbench.registry.check_options import OPTIONS, words
from workbench.registry.checks import CHECK_KINDS, Check, CheckKind, Policy, StagePolicy
from workbench.registry.people import person
from workbench.settings import MOST_SETTINGS_BYTES, SETTINGS, toml_of
from workbench.settings_lines import Lines, Place
from workbench.words import visible

STAGES: Final = ("staging", "production")
"""What there is without settings, and with settings that name one of them or none."""
_MOST_CHECKS: Final = 200
_LONGEST_NAME: Final = 100
_NEAR: Final = 0.82
"""How like ``stages`` a word is taken for it: ``stagse`` and ``satges`` are, ``tags`` is not."""
_STAGE_KEYS: Final = ("after", "deploy_to", "signed", "checks")
_HINT: Final = "Correct it; until then nothing can be promoted."


def read_policy(root: Path) -> Policy:
    """Return what the workspace's settings ask of promotions.

    Raises:
        SettingsError: They cannot be read; it knows the line.
    """
    path = root / SETTINGS
    try:
        data = read_small(str(path), MOST_SETTINGS_BYTES)
    except FileNotFoundError:
        return Policy({name: _hashed(StagePolicy(name)) for name in STAGES})
    except (OSError, FormatError) as error:
        raise SettingsError(f"{path} cannot be read: {error}", path=str(path), hint=_HINT) from None
    return parse_policy(data, str(path))


def parse_policy(data: bytes, path: str) -> Policy:
    """Return what the bytes of a settings file ask of promotions.

    Args:
        data: The file.
        path: What it is called in errors.

    Raises:
        SettingsError: It cannot be read; it knows the line.
    """
    text, table = _toml(data, path)
    stages = _Reader(path, text).stages(table)
    return Policy(MappingProxyType(stages), hashlib.sha256(data).hexdigest())


def changed_rules(stored: Iterable[Mapping[str, Any]], policy: StagePolicy) -> tuple[str, ...]:
    """Return how a stage's checks differ from those of its last promotion, as sentences.

    Args:
        stored: The checks as the promoting event keeps them: ``name`` and ``text`` of each.
        policy: What is asked now.
    """
    before = {str(one.get("name", "")): str(one.get("text", "")) for one in stored}
    now = {check.name: check.text for check in policy.checks}
    new = (f"'{name}' is new: {text}." for name, text in now.items() if name not in before)
    gone = (
        f"'{name}' is asked no more: {text}." for name, text in before.items() if name not in now
    )
    other = (
        f"'{name}' was {before[name]}, and is {text} now."
        for name, text in now.items()
        if name in before and before[name] != text
    )
    return (*other, *new, *gone)


def _toml(data: bytes, path: str) -> tuple[str, Mapping[str, Any]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"{path}, line {line}, is not UTF-8."
        raise SettingsError(what, path=path, line=line, hint=_HINT) from None
    try:
        return text, toml_of(text)
    except RecursionError:
        raise SettingsError(f"{path} is nested too deeply.", path=path, hint=_HINT) from None
    except ValueError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else max(1, len(text.splitlines()))
        what = f"{path}, line {line}, is not valid TOML: {error}."
        raise SettingsError(what, path=path, line=line, hint=_HINT) from None


class _Reader:
    """Reads the tables of one file; every complaint says its line."""

    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._text = text
        self._lines: Lines | None = None

    def stages(self, table: Mapping[str, Any]) -> dict[str, StagePolicy]:
        """Return every stage, in the order of the file."""
        for key, value in table.items():
            if key != "stages" and (_like_stages(key) or _holds_checks(value)):
                self._wrong((key,), f"[{key}] means nothing", "Write [stages.NAME].")
        said = table.get("stages", {})
        if not isinstance(said, dict):
            self._wrong(("stages",), "stages must be tables", "Write [stages.production].")
        read = {name: self._stage(name, stage) for name, stage in said.items()}
        stages = _with_defaults(read)
        self._see_that_after_leads_somewhere(stages)
        return {name: _hashed(stage) for name, stage in stages.items()}

    def _stage(self, name: str, said: Any) -> StagePolicy:
        place: Place = ("stages", name)
        self._see_that_it_is_a_name(name)
        if not isinstance(said, dict):
            self._wrong(place, f"stages.{name} must be a table", f"Write [stages.{name}].")
        self._see_that_keys_are_known(place, said, _STAGE_KEYS, "a stage has no")
        after, deploy_to = said.get("after", ""), said.get("deploy_to", "")
        signed = said.get("signed", False)
        for key, value in (("after", after), ("deploy_to", deploy_to)):
            if not isinstance(value, str):
                self._wrong((*place, key), f"{key} must be text", f'Write {key} = "...".')
        if not deploy_to.isprintable():
            what = f"deploy_to of {name} has a character that no folder's name has"
            self._wrong((*place, "deploy_to"), what, "Write the folder's path.")
        if not isinstance(signed, bool):
            self._wrong((*place, "signed"), "signed must be true or false", "Write signed = true.")
        return StagePolicy(name, after, deploy_to, signed, self._checks(name, said))

    def _checks(self, stage: str, said: Mapping[str, Any]) -> tuple[Check, ...]:
        place: Place = ("stages", stage, "checks")
        tables = said.get("checks", [])
        if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
            self._wrong(place, "checks must be tables", f"Write [[stages.{stage}.checks]].")
        if len(tables) > _MOST_CHECKS:
            self._wrong(place, f"there are {len(tables)} checks, and at most {_MOST_CHECKS}")
        checks: dict[str, Check] = {}
        for number, table in enumerate(tables):
            check = self._check((*place, number), table)
            if check.name in checks:
                first = checks[check.name].line
                what = f"two checks are called '{check.name}': the other is in line {first}"
                self._wrong((*place, number, "name"), what, "Give each its own name.")
            checks[check.name] = check
        return tuple(checks.values())

    def _check(self, place: Place, said: Mapping[str, Any]) -> Check:
        name = said.get("name")
        if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST_NAME:
            what = f"a check needs a name of 1 to {_LONGEST_NAME} letters"
            self._wrong((*place, "name"), what, 'Write name = "good enough".')
        kind = self._kind(place, name, said)
        options = self._options(place, name, kind, said)
        if kind == "rule":
            self._see_that_the_rule_parses((*place, "rule"), name, options["rule"])
        line = self._line(place, name)
        return Check(name, kind, words(kind, options), MappingProxyType(options), line)

    def _kind(self, place: Place, name: str, said: Mapping[str, Any]) -> CheckKind:
        kind = said.get("kind", "rule" if "rule" in said else None)
        if kind is None:
            hint = f'Write rule = "...", or kind = one of {", ".join(CHECK_KINDS)}.'
            self._wrong(place, f"check '{name}' asks nothing", hint)
        if kind not in CHECK_KINDS:
            what = f"check '{name}' has the unknown kind {_shown(kind)}"
            self._wrong((*place, "kind"), what, _nearest(kind, CHECK_KINDS))
        return cast("CheckKind", kind)

    def _options(
        self, place: Place, name: str, kind: CheckKind, said: Mapping[str, Any]
    ) -> dict[str, Any]:
        known = OPTIONS[kind]
        what = f"check '{name}' is of kind {kind}, which has no"
        self._see_that_keys_are_known(place, said, ("name", "kind", *known), what)
        options: dict[str, Any] = {}
        for key, option in known.items():
            if key not in said and option.required:
                self._wrong(place, f"check '{name}' is of kind {kind} and lacks {key}")
            value = said.get(key, option.default)
            complaint = option.complaint(value) if key in said else ""
            if complaint:
                self._wrong((*place, key), f"{key} of check '{name}' {complaint}")
            options[key] = tuple(value) if isinstance(value, list) else value
        people, count = options.get("from"), options.get("count", 0)
        if people and count > len(set(map(person, people))):
            what = f"check '{name}' asks for {count} approvals and names fewer people"
            self._wrong((*place, "count"), what)
        return options

    def _see_that_the_rule_parses(self, place: Place, name: str, rule: str) -> None:
        try:
            parse_rule(rule.rstrip())
        except FilterError as error:
            line = self._line(place, rule)
            where = f"{self._path}, line {line}: the rule of check '{name}' cannot be read"
            start = rule.rfind("\n", 0, error.column) + 1
            part = rule[start:].partition("\n")[0]
            what = f"{where}, at column {error.column - start + 1} of {part}: {error.message}"
            hint = visible(error.hint or _HINT)
            raise SettingsError(visible(what), path=self._path, line=line, hint=hint) from None

    def _see_that_it_is_a_name(self, name: str) -> None:
        if not is_stage_name(name):
            what = f"{_shown(name)} is no name of a stage"
            hint = "Begin with a letter, and take a-z, 0-9, '.', '_' and '-' alone, at most 64."
            self._wrong(("stages", name), what, hint)

    def _see_that_keys_are_known(
        self, place: Place, said: Mapping[str, Any], known: Iterable[str], what: str
    ) -> None:
        for key in said:
            if key not in known:
                self._wrong((*place, key), f"{what} {_shown(key)}", _nearest(key, known))

    def _see_that_after_leads_somewhere(self, stages: Mapping[str, StagePolicy]) -> None:
        for name, stage in stages.items():
            place: Place = ("stages", name, "after")
            if stage.after and stage.after not in stages:
                what = f"{name} comes after '{stage.after}', which is no stage"
                self._wrong(place, what, _nearest(stage.after, stages))
            seen, here = {name}, stage.after
            while here and here not in seen:
                seen.add(here)
                here = stages[here].after if here in stages else ""
            if here == name:
                self._wrong(place, f"{name} comes after itself", "Take one 'after' away.")

    def _line(self, place: Place, containing: str = "") -> int:
        self._lines = self._lines or Lines(self._text)
        return self._lines.of(place, containing)

    def _wrong(self, place: Place, what: str, hint: str = _HINT) -> NoReturn:
        line = self._line(place, str(place[-1]))
        at = f", line {line}" if line else ""
        said = visible(f"{self._path}{at}: {what}.")
        raise SettingsError(said, path=self._path, line=line, hint=visible(hint))


def _with_defaults(read: Mapping[str, StagePolicy]) -> dict[str, StagePolicy]:
    """Add ``staging`` and ``production`` unless the file has other stages and names neither."""
    named = {*read, *(stage.after for stage in read.values())}
    if read and not named & set(STAGES):
        return dict(read)
    first, last = STAGES
    before = {} if first in read else {first: StagePolicy(first)}
    after = {} if last in read else {last: StagePolicy(last)}
    return {**before, **read, **after}


def _hashed(stage: StagePolicy) -> StagePolicy:
    """Return the stage with the hash that approvals are bound to."""
    asked = [[check.name, check.kind, check.text, dict(check.options)] for check in stage.checks]
    said = [stage.name, stage.after, stage.deploy_to, stage.signed, asked]
    data = json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return StagePolicy(
        stage.name,
        stage.after,
        stage.deploy_to,
        stage.signed,
        stage.checks,
        hashlib.sha256(data.encode()).hexdigest(),
    )


def _like_stages(key: str) -> bool:
    """Say whether somebody who wrote this key meant ``stages``: an unread gate is an open one."""
    return key.casefold() in {"checks", "check", "gates", "gate"} or bool(
        get_close_matches(key.casefold(), ("stages",), cutoff=_NEAR)
    )


def _holds_checks(value: Any) -> bool:
    """Say whether a table holds checks, itself or one level down as ``stages`` does."""
    if not isinstance(value, dict):
        return False
    return any("checks" in one for one in (value, *value.values()) if isinstance(one, dict))


def _nearest(said: object, known: Iterable[str]) -> str:
    known = tuple(known)
    close = get_close_matches(str(said)[:_LONGEST_NAME].casefold(), known, n=1)
    return f"Did you mean '{close[0]}'?" if close else f"Write one of {', '.join(known)}."


def _shown(said: object) -> str:
    return f"'{str(said)[:_LONGEST_NAME]}'"

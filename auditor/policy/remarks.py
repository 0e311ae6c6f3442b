"""Says what earlier decisions do to a run, and what a change adds to them in its own favour: the only place for these sentences."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from auditor.errors import DataError
from auditor.io.files import IGNORE_FILES
from auditor.policy import baseline, decisions
from auditor.policy.change import Change
from auditor.policy.settle import Policy
from auditor.types import Audit, Run

_MOST = 20
"""Decisions of a change that are named one by one; the rest are counted."""


def remarks(audits: Sequence[Audit], policy: Policy, run: Run, stale: Sequence[tuple[str, str, int]]) -> Iterator[str]:
    """What was decided on each text, what is amiss in it, and what of the baseline no longer holds."""
    for audit in audits:
        if audit.signed_off:
            yield f"{audit.path}: signed off by {audit.signed_off}"
        yield from (f"{audit.path}: {remark}" for remark in audit.remarks)
    if stale:
        number = sum(count for *_, count in stale)
        yield f"baseline: {number} of its findings {'are' if number > 1 else 'is'} no longer found; “auditor baseline prune” takes them out"
    known = policy.baseline.signature if policy.baseline is not None else ""
    if known not in ("", run.signature) and any(audit.findings for audit in audits):
        yield f"baseline: written by {known}; other rules or another model may find in old copy what is new only to the baseline"


def is_policy(path: PurePosixPath) -> bool:
    """Whether a file of a repository may say how copy is judged: configurations, packs, aliases, decisions, baselines, ignore files."""
    return path.suffix == ".toml" or ".auditor" in path.parts or path.name in (baseline.NAME.name, *IGNORE_FILES)


def brought(change: Change, folder: Path, restored: Path) -> Iterator[str]:
    """What a change adds to the policy that it is judged by, none of which counts. `folder` and `restored` are the project's now and at the base."""
    yield f"judged by the configuration, baseline, aliases and decisions of {change.short}"
    yield from _brought_decisions(folder / decisions.NAME, restored / decisions.NAME)
    yield from _brought_baseline(folder / baseline.NAME, restored / baseline.NAME)
    for name in ("auditor.toml", ".auditor.toml", "pyproject.toml"):
        if _changed(folder / name, restored / name) and (name != "pyproject.toml" or _settings(folder / name) != _settings(restored / name)):
            yield f"the change touches {name}: its settings here do not count"
    for name in sorted(name for name in change.touched if PurePosixPath(name).name in IGNORE_FILES):
        yield f"the change touches {name}, which says what files are read: it does not count"
    for kind in ("aliases", "packs"):
        here, there = folder / ".auditor" / kind, restored / ".auditor" / kind
        for name in sorted({path.name for place in (here, there) if place.is_dir() for path in place.glob("*.toml")}):
            touched = sorted(_entries(here / name).items() ^ _entries(there / name).items())
            if touched:
                named = ", ".join(dict.fromkeys(entry for entry, _ in touched))
                yield f"the change touches .auditor/{kind}/{name} ({named}): it does not count"


def _brought_decisions(here: Path, there: Path) -> Iterator[str]:
    try:
        now = decisions.read(here)
    except DataError as error:
        yield f"the change leaves its decisions unreadable: {error}"
        return
    known = set(decisions.read(there))
    added = [decision for decision in now if decision not in known]
    for decision in added[:_MOST]:
        about = decision.path if decision.verdict == "signed-off" or not decision.text else f"“{decision.text}” ({decision.rule}) {decision.scope}"
        yield f"the change brings a decision that does not count: {decision.verdict} by {decision.said_by}: {about or decision.fingerprint}"
    if len(added) > _MOST:
        yield f"the change brings {len(added) - _MOST} more decisions that do not count"
    gone = len(known - set(now))
    if gone:
        yield f"the change takes out {gone} decision{'s' * (gone > 1)}: {'they still count' if gone > 1 else 'it still counts'}"


def _brought_baseline(here: Path, there: Path) -> Iterator[str]:
    def total(path: Path) -> Mapping[tuple[str, str], int]:
        found = baseline.read(path).counts if path.is_file() else {}
        return {(mark, name): number for mark, paths in found.items() for name, number in paths.items()}

    try:
        now = total(here)
    except DataError as error:
        yield f"the change leaves its baseline unreadable: {error}"
        return
    then = total(there)
    more = sum(max(0, number - then.get(place, 0)) for place, number in now.items())
    if more:
        yield f"the change adds {more} finding{'s' * (more > 1)} to the baseline: {'they do' if more > 1 else 'it does'} not count"


def _changed(here: Path, there: Path) -> bool:
    return _bytes(here) != _bytes(there)


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _tables(path: Path) -> Mapping[str, object]:
    """The tables of a file, or the file as one where it cannot be parsed."""
    try:
        return tomllib.loads(_bytes(path).decode("utf-8", "replace"))
    except tomllib.TOMLDecodeError:
        return {"unreadable": _bytes(path)}


def _entries(path: Path) -> dict[str, str]:
    return {name: repr(value) for name, value in _tables(path).items()}


def _settings(path: Path) -> object:
    tool = _tables(path).get("tool")
    return tool.get("auditor") if isinstance(tool, dict) else None

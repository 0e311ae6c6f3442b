"""From the command line to what was decided before: baseline, decisions, the change that is judged, and the settings they come with."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from auditor.cli.settings import resolve
from auditor.config import Config, is_given
from auditor.errors import DataError, UsageError
from auditor.policy import baseline, change, decisions, journal
from auditor.policy.change import Change
from auditor.policy.remarks import brought, is_policy
from auditor.policy.settle import Policy
from auditor.policy.suppressions import suppressions

OVERRIDES = Path(".auditor") / "overrides.jsonl"
"""Where `gate --override` is written down, from the project's folder."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says of settings and of earlier decisions."""

    flags: Mapping[str, object]
    paths: Sequence[str] = ()
    config: Path | None = None
    isolated: bool = False
    new_from: str | None = None
    policy_from: str | None = None
    takes_baseline: bool = True


@contextmanager
def policed(asked: Asked) -> Iterator[tuple[Config, Policy]]:
    """The settings and the policy of a run; both may rest on files that are there only inside the context (`--policy-from`)."""
    from tempfile import TemporaryDirectory

    judged = change.change(asked.policy_from, folder=Path.cwd()) if asked.policy_from is not None else None
    fresh = change.change(asked.new_from, folder=Path.cwd()) if asked.new_from is not None else None
    with TemporaryDirectory() if judged else nullcontext("") as aside:
        if judged is None:
            config = resolve(asked.flags, config_file=asked.config, isolated=asked.isolated, paths=asked.paths)
            yield config, replace(_policy(config, asked, None), change=fresh)
            return
        there = Path(aside).resolve()
        try:
            config = _restored(judged, asked, there)
            policy = _policy(config, asked, judged)
            yield config, replace(policy, change=fresh)
        except (DataError, UsageError) as error:
            raise type(error)(str(error).replace(f"{there}{os.sep}", f"{judged.short}:")) from error


def project_folder(config: Config) -> Path:
    """Where decisions, baseline and overrides stand: beside the configuration, else the working folder."""
    return config.folder or Path()


def baseline_file(config: Config) -> tuple[Path, bool]:
    """The baseline of a run, and whether it was named, so that it has to be there."""
    if not config.baseline:
        return project_folder(config) / baseline.NAME, False
    return Path() / config.baseline if is_given(config, "baseline") else project_folder(config) / config.baseline, True


def log_override(config: Config, *, reason: str, by: str, gate: Sequence[str], paths: Sequence[str]) -> None:
    """Writes down that somebody let texts pass that the gate held: who, when, why, which, and what stood against it."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    journal.append(project_folder(config) / OVERRIDES, {"reason": reason, "by": by, "at": at, "gate": list(gate), "paths": list(paths)})


def _policy(config: Config, asked: Asked, judged: Change | None) -> Policy:
    folder, restored = project_folder(config), config.restored or project_folder(config)
    file, is_named = baseline_file(config)
    known = None
    if judged is not None:
        name = judged.named(str(file))
        root = _root(restored, judged, folder)
        change.restore(judged, lambda path: str(path) == name, root)
        if is_named and not (root / name).is_file():
            raise UsageError(f"{file}: is not there at {judged.short}")
        file = root / name
    if asked.takes_baseline and (is_named or (file.is_file() and not asked.isolated)):
        known = baseline.read(file)
    held = () if asked.isolated else decisions.read(restored / decisions.NAME)
    policy = Policy(folder, decisions.weigh(held), known)
    if judged is None:
        return policy
    return replace(policy, judged=judged, vetted=_vetted(judged, config.max_bytes), remarks=tuple(brought(judged, folder, restored)))


def _root(restored: Path, judged: Change, folder: Path) -> Path:
    """The restored repository's root, from its restored project folder."""
    depth = len(PurePosixPath(judged.named(str(folder))).parts)
    return restored.parents[depth - 1] if depth else restored


def _restored(judged: Change, asked: Asked, there: Path) -> Config:
    """The settings as the files of the base set them, in a folder that holds those files alone."""
    change.restore(judged, is_policy, there)
    (there / ".git").touch()  # the search for a configuration ends here, as at the root of the repository

    def then(path: str | Path) -> Path:
        return there / judged.named(str(path))

    if asked.config is not None and not then(asked.config).is_file():
        raise UsageError(f"{asked.config}: is not there at {judged.short}")
    file = then(asked.config) if asked.config is not None else None
    paths = [str(then(path)) for path in asked.paths if path != "-"]
    config = resolve(asked.flags, config_file=file, isolated=asked.isolated, paths=paths, start=then("."))
    origins = {name: origin.replace(f"{there}{os.sep}", f"{judged.short}:") for name, origin in config.origins.items()}

    def now(folder: Path) -> Path:
        full = folder.resolve()
        return judged.root / full.relative_to(there) if full.is_relative_to(there) else folder

    overrides = tuple(replace(item, folder=now(item.folder)) if item.folder else item for item in config.overrides)
    restored = config.folder.resolve() if config.folder else then(".").resolve()
    return replace(config, folder=now(config.folder) if config.folder else None, restored=restored, overrides=overrides, origins=origins)


def _vetted(judged: Change, limit: int) -> dict[str, Counter[tuple[str, ...]]]:
    """The comments that the changed files had before the change, by the files' paths now."""
    found: dict[str, Counter[tuple[str, ...]]] = {}
    for old, document in change.documents(judged, limit=limit):
        found.setdefault(old.now or old.path, Counter()).update(comment.written for comment in suppressions(document))
    return found

"""Names that are added to the project's alias table on the page, and how that is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from auditor.errors import UsageError
from auditor.io.write import swap
from auditor.names import keeping
from auditor.names.aliases import KINDS
from auditor.names.keeping import Wording
from auditor.review.model import Done
from auditor.review.project import Project
from auditor.review.store import log, rows
from auditor.review.store.rows import Link


def alias(project: Project, key: str, by: str, canonical: str, surface: str, kind: str) -> Done:
    """Teaches the project's alias table that `surface` is to be printed as `canonical`; texts that hold it are audited again."""
    canonical, surface = canonical.strip(), surface.strip()
    if not canonical or not surface or canonical == surface:
        raise UsageError("an alias is a form that is printed and another one that is not")
    if kind not in KINDS:
        raise UsageError(f"“{kind}” is no kind of name; it is one of {', '.join(KINDS)}")
    with project.writing() as link:
        at = project.moment()
        source = f"decided by {by} on {datetime.now(UTC).date().isoformat()}"
        before = _held(project)
        keeping.save(_folder(project), keeping.added(project.table, [Wording(canonical, surface, kind=kind)], source=source))
        touched = _read_anew(project, link, surface)
        said = f"“{surface}” is printed as “{canonical}” from now on"
        payload = {"names": {"before": before, "after": _held(project), "surface": surface}}
        entry = log.record(link, at=at, by=by, action="alias", said=said, payload=payload, group_key=key)
        return Done(said, touched, entry=entry)


def taken_back(project: Project, link: Link, names: Mapping[str, str]) -> None:
    """The table as it was before a name. UsageError where it was changed since."""
    path = _folder(project) / keeping.FILE
    try:
        swap(path, names["after"].encode(), names["before"].encode())
    except UsageError as error:
        raise UsageError(f"the name cannot be taken back: {path} was changed since; take it out there") from error
    if not names["before"]:
        path.unlink()
    _read_anew(project, link, names["surface"])


def _read_anew(project: Project, link: Link, surface: str) -> int:
    """Takes the table as it is now; how many texts hold the form and are audited again."""
    project.reload_aliases()
    touched = [one.id for one in rows.active(link) if surface in one.working]
    for number in touched:
        rows.change_text(link, number, stale=1)
    return len(touched)


def _folder(project: Project) -> Path:
    return project.folder / ".auditor" / "aliases"


def _held(project: Project) -> str:
    """The project's own table, empty where there is none."""
    path = _folder(project) / keeping.FILE
    return path.read_bytes().decode() if path.is_file() else ""

"""Copy that is pasted or dropped into the page: kept as files, never over one that is there, and audited."""

from __future__ import annotations

import contextlib
import json
import re
from pathlib import Path, PurePosixPath

from auditor.errors import InputError, UsageError
from auditor.io.read import READERS, REFUSED, read
from auditor.review.filling import add as add_to_run
from auditor.review.project import Project
from auditor.review.store import log

_UNSAFE = re.compile(r"[^\w.\- ]+")
_TRIES = 1_000


def add(project: Project, name: str, data: bytes, source_lang: str, by: str) -> str:
    """Keeps a text in the inbox and audits it; the name that the desk has for it. UsageError or InputError for what is no text."""
    if len(data) > project.config.max_bytes:
        raise UsageError(f"“{name}” is {len(data) / 1e6:,.1f} MB long; a text may have {project.config.max_bytes / 1e6:,.1f} MB")
    if not data.strip():
        raise UsageError(f"“{name}” is empty")
    if source_lang and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", source_lang):
        raise UsageError(f"“{source_lang}” is no code of a language such as de")
    made = _kept(project.inbox, _named(name), data, source_lang)
    try:
        names = add_to_run(project, read([str(made[0])], limit=project.config.max_bytes))
        if not names:
            raise InputError(f"“{name}” holds no text")
    except InputError:
        for path in made:
            with contextlib.suppress(OSError):
                path.unlink()
        raise
    with project.writing() as link:
        log.record(link, at=project.moment(), by=by, action="add", said=f"added {names[0]}", payload={})
    return names[0]


def _named(name: str) -> str:
    """A name for a file out of what the browser says: no folder, no sign that means something elsewhere."""
    plain = _UNSAFE.sub("-", PurePosixPath(name.replace("\\", "/")).name).strip(" .-")[:80] or "pasted"
    suffix = PurePosixPath(plain).suffix.casefold()
    if suffix in REFUSED:
        raise UsageError(f"“{name}” is {REFUSED[suffix]}; taken are {', '.join(sorted(READERS))}")
    return plain if suffix in READERS else f"{plain}.txt"


def _kept(folder: Path, name: str, data: bytes, source_lang: str) -> tuple[Path, ...]:
    """The file, and its sidecar where the language is told."""
    stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, _TRIES):
            path = folder / (name if number == 1 else f"{stem}-{number}{suffix}")
            beside = path.with_name(f"{path.stem}.meta.json")
            if beside.exists():
                continue
            try:
                with path.open("xb") as file:
                    file.write(data)
            except FileExistsError:
                continue
            if not source_lang:
                return (path,)
            beside.write_text(json.dumps({"source_language": source_lang}) + "\n", encoding="utf-8")
            return path, beside
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written ({error.strerror})") from error
    raise UsageError(f"{folder}: there are too many files named {name}")

"""Mends files for the command line: audits, edits, audits again until nothing is left to mend, prints the diff, writes."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

from auditor import pipeline
from auditor.cli.modelling import fluency
from auditor.cli.policing import Asked, policed
from auditor.cli.reading import documents
from auditor.cli.say import complain, say, visible
from auditor.config import Config
from auditor.errors import AuditorError, UsageError
from auditor.fix import Fixes, fixes
from auditor.io.edit import Edit, Refused, Texts, apply
from auditor.io.encoding import decode
from auditor.io.place import locate
from auditor.io.read import STDIN, content
from auditor.io.write import swap
from auditor.report.diff import unified
from auditor.types import Audit, Document, Failure

_PASSES = 20
_COLOURS = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}
_STDIN_NAME = "<stdin>"


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line."""

    paths: list[str]
    files_from: str | None
    stdin_filename: str | None
    forced: bool
    write: bool
    unsafe: bool
    diff: bool
    color: str
    quiet: bool


@dataclass(frozen=True, slots=True)
class Mended:
    """A file before and after, its texts before and after, and what was and was not done."""

    path: str
    old: bytes
    new: bytes
    before: tuple[Document, ...]
    after: tuple[Document, ...]
    made: int = 0
    unsafe: int = 0
    refused: tuple[str, ...] = ()


def fix(asked: Asked, request: Request) -> int:
    """0, or 2 where a file could not be read or written; the others are mended all the same."""
    if not request.paths and request.files_from is None:
        raise UsageError("which files? name files or folders of copy, or - for standard input")
    if request.color not in ("auto", "always", "never"):
        raise UsageError(f"--color is auto, always or never, not “{request.color}”")
    done: list[Mended] = []
    failed = found = False
    with policed(asked) as (config, policy), fluency(config, quiet=request.quiet) as model:
        rules, warnings = pipeline.rule_set(config)
        for warning in warnings:
            say(f"warning: {warning}", quiet=request.quiet)
        table = pipeline.alias_table(config)
        audited = partial(pipeline.audits, config, rules=rules, table=table, fluency=model, policy=policy, keep_documents=True)
        for path, data, items in _files(config, request, audited):
            found = True
            for failure in (item for item in items if isinstance(item, Failure)):
                complain(f"{failure.path}: {failure.reason}")
                failed = True
            audits = [item for item in items if isinstance(item, Audit)]
            try:
                mended = mend(path, data, audits, audited, unsafe=request.unsafe, limit=config.max_bytes) if audits else None
                if mended is not None:
                    _put(mended, request)
                    done.append(mended)
            except AuditorError as error:
                complain(str(error))
                failed = True
    if not found and not config.allow_empty:
        complain("no file of copy was found; --allow-empty makes that fine")
        return 2
    _summary(done, request)
    return 2 if failed else 0


Audited = partial[Iterator[Audit | Failure]]


def _files(config: Config, request: Request, audited: Audited) -> Iterator[tuple[str, bytes, list[Audit | Failure]]]:
    """Each file with its bytes and its audits; the bytes of a file that cannot be read are none."""
    named = [path for path in request.paths if path != STDIN]
    if named or request.files_from:
        stream = audited(documents(config, named, files_from=request.files_from, stdin_filename=None, forced=request.forced))
        for path, items in groupby(stream, key=lambda item: item.path):
            found = list(items)
            yield path, _bytes(path) if any(isinstance(item, Audit) for item in found) else b"", found
    if STDIN in request.paths:
        data, name = sys.stdin.buffer.read(), request.stdin_filename or _STDIN_NAME
        yield STDIN, data, list(audited(content(data, name, limit=config.max_bytes)))


def _bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""  # gone since it was audited: nothing in it can be mended


def mend(path: str, data: bytes, audits: Sequence[Audit], audited: Audited, *, unsafe: bool, limit: int) -> Mended:
    """The file mended until another audit finds nothing more to mend; so mending what is mended changes nothing.

    A file whose fixes bring each other back is left as it was, and that is said.
    """
    before = _documents(audits)
    seen, now, made = [data], data, 0
    for _ in range(_PASSES):
        found = [(document, fixes(document, audit.findings, unsafe=unsafe)) for audit in audits if (document := audit.document) is not None]
        edits: list[tuple[Document, Sequence[Edit]]] = [(document, fix.edits) for document, fix in found]
        if not any(fix.edits for _, fix in found):
            return Mended(path, data, now, before, _documents(audits), made, _left(found))
        written = apply(now, edits, limit=limit)
        refused = tuple(_said(edits, item) for item in written.refused)
        if written.data == now:
            return Mended(path, data, now, before, _documents(audits), made, _left(found), refused)
        if written.data in seen:
            break
        made += sum(len(fix.edits) for _, fix in found) - len(written.refused)
        now = written.data
        seen.append(now)
        audits = [item for item in audited(content(now, before[0].path, limit=2 * limit)) if isinstance(item, Audit)]
    return Mended(path, data, data, before, before, refused=("its fixes bring each other back; it is left as it was",))


def _documents(audits: Sequence[Audit]) -> tuple[Document, ...]:
    return tuple(audit.document for audit in audits if audit.document is not None)


def _left(found: Sequence[tuple[Document, Fixes]]) -> int:
    return sum(fix.unsafe for _, fix in found)


def _said(texts: Texts, refused: Refused) -> str:
    place = locate(texts[refused.document][0], refused.edit.span)
    where = place.part if place.part and place.part.startswith("line") else f"line {place.line}"
    return f"{where}: “{place.text}” is not mended: {refused.reason}"


def _put(mended: Mended, request: Request) -> None:
    """Prints and writes one file. UsageError where it cannot be written."""
    for line in mended.refused:
        complain(f"{mended.path}: {line}")
    if mended.path == STDIN and request.write:
        sys.stdout.buffer.write(mended.new)
        sys.stdout.buffer.flush()
        return
    if mended.new == mended.old:
        return
    if request.diff:
        _show(mended, request)
    if request.write:
        swap(Path(mended.path), mended.old, mended.new)


def _show(mended: Mended, request: Request) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    live = sys.stdout.isatty()
    coloured = request.color == "always" or (request.color == "auto" and live and "NO_COLOR" not in os.environ)
    for line in _diff(mended):
        body = visible(line[:-1].removesuffix("\r")) if live else line[:-1]
        colour = _COLOURS.get(line[:1], "") if coloured else ""
        sys.stdout.write(f"{colour}{body}\x1b[0m\n" if colour else f"{body}\n")
    sys.stdout.flush()


def _diff(mended: Mended) -> Iterator[str]:
    """A unified diff that `git apply` takes (of a .docx: of its readable text)."""
    first = mended.before[0]
    if first.origin.part is not None and first.path.casefold().endswith(".docx"):
        old, new = first.text, mended.after[0].text
    else:
        old, new = (decode(data, path=first.path).text for data in (mended.old, mended.new))
    yield from unified(first.path, old, new)


def _summary(done: Sequence[Mended], request: Request) -> None:
    changed = [mended for mended in done if mended.new != mended.old]
    made, more = sum(mended.made for mended in changed), sum(mended.unsafe for mended in done)
    verb = "mended" if request.write else "would mend"
    what = f"{verb} {_count(made, 'place')} in {_count(len(changed), 'file')}" if changed else f"nothing to mend in {_count(len(done), 'file')}"
    further = f"; {more} more with --unsafe" if more else ""
    how = "; --write does it" if changed and not request.write else ""
    say(f"{what}{how}{further}", quiet=request.quiet)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"

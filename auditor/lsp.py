"""The language server: findings as an editor shows them while a text is open; the only place that speaks the language server protocol."""

from __future__ import annotations

import asyncio
import codecs
import difflib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePath

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from auditor import __version__, pipeline
from auditor.config import Config
from auditor.errors import AuditorError
from auditor.fix import Fixes, fixes, remedies
from auditor.io import jsonl
from auditor.io.edit import Edit, apply
from auditor.io.files import is_left_out
from auditor.io.place import locate
from auditor.io.read import READERS, content
from auditor.lm import Fluency
from auditor.names.aliases import AliasTable
from auditor.policy.settle import Policy
from auditor.rules.model import RuleSet
from auditor.types import Audit, Document, Failure, Finding, Severity, Span, Status

Resolve = Callable[[Path], tuple[Config, Policy, tuple[Path, ...]]]
"""From the folder of a text to its settings, what was decided before, and the files that both were read from. AuditorError where they are wrong."""

Model = Callable[[Config], AbstractContextManager[Fluency]]

FIX_ALL = f"{lsp.CodeActionKind.SourceFixAll.value}.auditor"
_PAUSE = 0.3
_LINE_END = re.compile(r"\r\n|\r|\n")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|&~])")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
_SUFFIXES = {"markdown": ".md", "html": ".html", "jsonl": ".jsonl"}
_WIDTHS = {lsp.PositionEncodingKind.Utf8: ("utf-8", 1), lsp.PositionEncodingKind.Utf32: ("utf-32-le", 4)}
_SEVERITIES = {
    Severity.CRITICAL: lsp.DiagnosticSeverity.Error,
    Severity.MAJOR: lsp.DiagnosticSeverity.Warning,
    Severity.MINOR: lsp.DiagnosticSeverity.Information,
    Severity.NEUTRAL: lsp.DiagnosticSeverity.Hint,
}


class Positions:
    """From code points of a text to the lines and characters of the protocol, which counts UTF-16 units unless agreed otherwise.

    Lines end at \\n, \\r\\n or \\r, and nowhere else.
    """

    def __init__(self, text: str, encoding: str = lsp.PositionEncodingKind.Utf16) -> None:
        self._text = text
        self._starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
        self._codec, self._width = _WIDTHS.get(lsp.PositionEncodingKind(encoding), ("utf-16-le", 2))

    def position(self, offset: int) -> lsp.Position:
        """The position of a code point."""
        line = bisect_right(self._starts, offset) - 1
        before = self._text[self._starts[line] : offset]
        return lsp.Position(line, len(before.encode(self._codec, "surrogatepass")) // self._width)

    def range(self, span: Span) -> lsp.Range:
        """The range of a span."""
        return lsp.Range(self.position(span.start), self.position(span.end))


@dataclass(frozen=True, slots=True)
class Rules:
    """What audits the texts of one configuration, and when its files were last changed."""

    config: Config
    policy: Policy
    rules: RuleSet
    table: AliasTable
    fluency: Fluency
    stamp: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding at one of its places, as the editor shows it."""

    diagnostic: lsp.Diagnostic
    finding: Finding
    document: Document
    edits: tuple[Edit, ...]
    """What each suggestion would print here."""


@dataclass(slots=True)
class Opened:
    """A text that is open: its path for the audit, its words as the editor has them, and what is shown."""

    uri: str
    path: str
    source: str = ""
    positions: Positions = field(default_factory=lambda: Positions(""))
    audits: tuple[Audit, ...] = ()
    shown: tuple[Shown, ...] = ()


class Server(LanguageServer):
    """Audits what is open, at each change after a pause, one text at a time in a thread of its own."""

    def __init__(self, resolve: Resolve, model: Model) -> None:
        # Whole texts are sent: the library's own cutting takes U+2028 and the like for line ends.
        super().__init__("auditor", f"v{__version__}", text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
        self.opened: dict[str, Opened] = {}
        self.held = ExitStack()
        self._resolve, self._model = resolve, model
        self._rules: dict[tuple[Path, ...], Rules] = {}
        self._turn = asyncio.Lock()
        self._said = ""

    async def show(self, uri: str, *, pause: float = 0.0) -> None:
        """Audits one text and publishes what is found, unless it has changed again meanwhile."""
        version = self.workspace.get_text_document(uri).version
        await asyncio.sleep(pause)
        async with self._turn:
            if uri not in self.opened or self.workspace.get_text_document(uri).version != version:
                return
            document = self.workspace.get_text_document(uri)
            positions = Positions(document.source, self.workspace.position_encoding or lsp.PositionEncodingKind.Utf16)
            text = Opened(uri, _path(uri, document.language_id), document.source, positions)
            try:
                diagnostics = await asyncio.to_thread(self._audit, text)
            except AuditorError as error:
                if str(error) != self._said:
                    self._said = str(error)
                    self.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Error, f"auditor: {error}"))
                return
            self._said = ""
            if uri in self.opened:
                self.opened[uri] = text
                self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, diagnostics, version))

    def _audit(self, text: Opened) -> list[lsp.Diagnostic]:
        rules = self._rules_of(Path(text.path).parent)
        if Path(text.path).is_file() and is_left_out(Path(text.path), tuple(READERS), rules.config.exclude, rules.config.folder or Path()):
            return []
        failures, audits = [], []
        found = content(_bytes(text.source), text.path, limit=rules.config.max_bytes)
        audited = partial(pipeline.audits, rules=rules.rules, table=rules.table, fluency=rules.fluency, policy=rules.policy)
        for item in audited(rules.config, found, keep_documents=True):
            if isinstance(item, Failure):
                failures.append(lsp.Diagnostic(text.positions.range(Span(0, 0)), item.reason, lsp.DiagnosticSeverity.Error, source="auditor"))
            else:
                audits.append(item)
        text.audits = tuple(audits)
        text.shown = tuple(shown for audit in audits for shown in _shown(audit, text))
        return [*failures, *(shown.diagnostic for shown in text.shown)]

    def _rules_of(self, folder: Path) -> Rules:
        """The rules for the texts of a folder, made anew when a file that they were read from has changed."""
        config, policy, files = self._resolve(folder)
        stamp = tuple(file.stat().st_mtime for file in files if file.exists())
        held = self._rules.get(files)
        if held is None or held.stamp != stamp:
            rules, _ = pipeline.rule_set(config)
            fluency = held.fluency if held and held.config.model == config.model else self.held.enter_context(self._model(config))
            held = self._rules[files] = Rules(config, policy, rules, pipeline.alias_table(config), fluency, stamp)
        return held

    def rule_why(self, name: str) -> tuple[str, tuple[str, ...]]:
        """Why a rule is one, and where to read of it."""
        rule = next((held.rules.by_id[name] for held in self._rules.values() if name in held.rules.by_id), None)
        return (rule.why, rule.refs) if rule else ("", ())


def server(resolve: Resolve, model: Model) -> Server:
    """The server with all that it answers to; `start_io()` runs it on standard input and output."""
    found = Server(resolve, model)
    for name, (answer, options) in _ANSWERS.items():
        found.feature(name, options)(answer)
    return found


async def _on_opened(ls: Server, params: lsp.DidOpenTextDocumentParams) -> None:
    ls.opened[params.text_document.uri] = Opened(params.text_document.uri, "")
    await ls.show(params.text_document.uri)


async def _on_changed(ls: Server, params: lsp.DidChangeTextDocumentParams) -> None:
    await ls.show(params.text_document.uri, pause=_PAUSE)


async def _on_saved(ls: Server, params: lsp.DidSaveTextDocumentParams) -> None:
    await ls.show(params.text_document.uri)


def _on_closed(ls: Server, params: lsp.DidCloseTextDocumentParams) -> None:
    ls.opened.pop(params.text_document.uri, None)
    ls.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(params.text_document.uri, []))


async def _on_initialized(ls: Server, _: lsp.InitializedParams) -> None:
    watched = ls.client_capabilities.workspace and ls.client_capabilities.workspace.did_change_watched_files
    if watched and watched.dynamic_registration:
        globs = (
            "**/auditor.toml",
            "**/.auditor.toml",
            "**/pyproject.toml",
            "**/.auditor/*",
            "**/.auditor/*/*",
            "**/.auditorignore",
            "**/*.meta.json",
        )
        options = lsp.DidChangeWatchedFilesRegistrationOptions([lsp.FileSystemWatcher(glob) for glob in globs])
        registration = lsp.Registration("auditor-files", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        await ls.client_register_capability_async(lsp.RegistrationParams([registration]))


async def _on_settings_changed(ls: Server, _: object) -> None:
    for uri in list(ls.opened):
        await ls.show(uri)


def _on_hover(ls: Server, params: lsp.HoverParams) -> lsp.Hover | None:
    at, text = params.position, _current(ls, params.text_document.uri)
    for shown in text.shown if text else ():
        if shown.diagnostic.range.start <= at <= shown.diagnostic.range.end:
            value = _explained(shown.finding, *ls.rule_why(shown.finding.rule))
            return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, value), shown.diagnostic.range)
    return None


def _on_actions(ls: Server, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    only = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]
    found: list[lsp.CodeAction] = []
    text = _current(ls, params.text_document.uri)
    if text is None:
        return found
    if not only or any(_within("quickfix", kind) for kind in only):
        met = [s for s in text.shown if s.diagnostic.range.start <= params.range.end and params.range.start <= s.diagnostic.range.end]
        found += [action for shown in met for action in _quick_fixes(text, shown)]
    if not only or any(_within(FIX_ALL, kind) for kind in only):
        found += _fix_all(text)
    return found


_ANSWERS: Mapping[str, tuple[Callable[..., object], lsp.CodeActionOptions | None]] = {
    lsp.TEXT_DOCUMENT_DID_OPEN: (_on_opened, None),
    lsp.TEXT_DOCUMENT_DID_CHANGE: (_on_changed, None),
    lsp.TEXT_DOCUMENT_DID_SAVE: (_on_saved, None),
    lsp.TEXT_DOCUMENT_DID_CLOSE: (_on_closed, None),
    lsp.INITIALIZED: (_on_initialized, None),
    lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES: (_on_settings_changed, None),
    lsp.WORKSPACE_DID_CHANGE_CONFIGURATION: (_on_settings_changed, None),
    lsp.TEXT_DOCUMENT_HOVER: (_on_hover, None),
    lsp.TEXT_DOCUMENT_CODE_ACTION: (_on_actions, lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix, FIX_ALL])),
}
"""What answers to a message of the client, with the options that are registered for it."""


def _within(kind: str, asked: str) -> bool:
    return kind == asked or kind.startswith(f"{asked}.")


def _path(uri: str, language: str | None) -> str:
    """The path that the audit reads a text under; one that was never saved is named by its language."""
    path = to_fs_path(uri) if uri.startswith("file:") else None
    if path is None:
        return f"untitled{_SUFFIXES.get(language or '', '.txt')}"
    return path if PurePath(path).suffix else f"{path}{_SUFFIXES.get(language or '', '')}"


def _bytes(source: str) -> bytes:
    """The words of the editor as a file; with a mark, so that no encoding has to be guessed."""
    return codecs.BOM_UTF8 + source.removeprefix("\ufeff").encode("utf-8", "replace")


def _current(ls: Server, uri: str) -> Opened | None:
    """A text that was audited, if the editor still has it so."""
    text = ls.opened.get(uri)
    return text if text is not None and text.audits and text.source == ls.workspace.get_text_document(uri).source else None


def _shown(audit: Audit, text: Opened) -> Iterator[Shown]:
    """A finding at each of its places: where a writer looks, there it has to stand."""
    document = audit.document
    assert document is not None
    for finding in audit.findings:
        for place in (finding.at, *finding.occurrences):
            elsewhere = [other for other in (finding.at, *finding.occurrences, *finding.related) if other != place]
            diagnostic = lsp.Diagnostic(
                _range(document, place.inner, text),
                finding.message,
                _SEVERITIES[finding.severity] if finding.rule_status is Status.STABLE else lsp.DiagnosticSeverity.Hint,
                code=finding.rule,
                source="auditor",
                related_information=[
                    lsp.DiagnosticRelatedInformation(lsp.Location(text.uri, _range(document, other.inner, text)), other.text)
                    for other in elsewhere[:20]
                ],
                data=finding.fingerprint,
            )
            yield Shown(diagnostic, finding, document, tuple(remedies(document, finding, place)))


def _range(document: Document, span: Span, text: Opened) -> lsp.Range:
    """Where a span stands in the words of the editor."""
    shift = len(text.source) - len(text.source.removeprefix("\ufeff"))
    if document.origin.part is not None:
        lines = text.source.removeprefix("\ufeff").split("\n")
        number = jsonl.number(document) - 1
        shift += sum(len(line) + 1 for line in lines[:number])
        document = jsonl.mapped(document, lines[number])
    outer = locate(document, span).span
    return text.positions.range(Span(outer.start + shift, outer.end + shift))


def _quick_fixes(text: Opened, shown: Shown) -> Iterator[lsp.CodeAction]:
    for number, edit in enumerate(shown.edits):
        changes = _changes(text, {id(shown.document): [edit]})
        if changes:
            title = f"Print “{_CONTROLS.sub(' ', edit.text)}”" if edit.text else "Delete it"
            yield _action(text.uri, title, changes, lsp.CodeActionKind.QuickFix, shown.diagnostic, preferred=number == 0)
    places = len(shown.finding.occurrences) + 1
    alone = fixes(shown.document, [shown.finding], unsafe=True)
    if places > 1 and len(alone.edits) > 1 and (changes := _changes(text, {id(shown.document): list(alone.edits)})):
        new = _CONTROLS.sub(" ", shown.finding.suggestions[0].text)
        title = f"Print “{new}” in {len(alone.edits)} places" if new else f"Delete it in {len(alone.edits)} places"
        yield _action(text.uri, title, changes, lsp.CodeActionKind.QuickFix, shown.diagnostic)


def _fix_all(text: Opened) -> Iterator[lsp.CodeAction]:
    found: dict[int, Fixes] = {id(audit.document): fixes(audit.document, audit.findings, unsafe=False) for audit in text.audits if audit.document}
    changes = _changes(text, {key: list(fix.edits) for key, fix in found.items()})
    if changes:
        yield _action(text.uri, "Make all safe fixes", changes, FIX_ALL)


def _action(
    uri: str, title: str, changes: list[lsp.TextEdit], kind: str, diagnostic: lsp.Diagnostic | None = None, *, preferred: bool = False
) -> lsp.CodeAction:
    return lsp.CodeAction(
        title, kind=kind, diagnostics=[diagnostic] if diagnostic else None, is_preferred=preferred or None, edit=lsp.WorkspaceEdit({uri: changes})
    )


def _changes(text: Opened, edits: dict[int, list[Edit]]) -> list[lsp.TextEdit]:
    """The edits as the editor makes them: written as the format writes them (entities, escapes), and none that the file has no place for."""
    texts = [(audit.document, edits.get(id(audit.document), [])) for audit in text.audits if audit.document is not None]
    if not any(edits for _, edits in texts):
        return []
    made = apply(_bytes(text.source), texts, limit=len(text.source) * 4 + 4).data[len(codecs.BOM_UTF8) :]
    mark = "\ufeff" if text.source.startswith("\ufeff") else ""
    return list(_text_edits(text.source, mark + made.decode("utf-8"), text.positions))


def _text_edits(old: str, new: str, positions: Positions) -> Iterator[lsp.TextEdit]:
    """What differs, line by line, each change as short as it can be."""
    left, right = old.splitlines(keepends=True), new.splitlines(keepends=True)
    starts = _starts(left)
    for tag, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag != "equal":
            was, now = "".join(left[a:b]), "".join(right[c:d])
            head = next((n for n, (x, y) in enumerate(zip(was, now, strict=False)) if x != y), min(len(was), len(now)))
            rest = zip(reversed(was[head:]), reversed(now[head:]), strict=False)
            tail = next((n for n, (x, y) in enumerate(rest) if x != y), min(len(was), len(now)) - head)
            span = Span(starts[a] + head, starts[a] + len(was) - tail)
            yield lsp.TextEdit(positions.range(span), now[head : len(now) - tail])


def _starts(lines: Sequence[str]) -> list[int]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    return starts


def _explained(finding: Finding, why: str, refs: tuple[str, ...]) -> str:
    """A finding in Markdown, with nothing of the copy taken for markup."""
    lines = [f"**{_plain(finding.message)}**"]
    lines += [_plain(why)] if why else []
    if finding.suggestions:
        lines.append("Print instead: " + " / ".join(_plain(item.text) if item.text else "nothing" for item in finding.suggestions))
    lines += [", ".join(f"{_plain(key.replace('_', ' '))} {_plain(str(value))}" for key, value in sorted(finding.evidence.items()))]
    status = "" if finding.rule_status is Status.STABLE else f", {finding.rule_status}"
    lines.append(f"{_plain(finding.rule)} ({finding.severity}, {_plain(finding.category)}, confidence {finding.confidence:g}{status})")
    lines += [_plain(ref) for ref in refs]
    return "\n\n".join(line for line in lines if line)


def _plain(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", _CONTROLS.sub(" ", text))

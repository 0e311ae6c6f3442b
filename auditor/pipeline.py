"""The order of the stages, and the only file that knows it: load, segment, detect, score, judge, reduce, report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from itertools import islice
from pathlib import Path

from auditor import __version__, run
from auditor.config import Config, override
from auditor.detect import KINDS
from auditor.detect.kind import Resources
from auditor.detect.stage import detector
from auditor.errors import ModelError, UsageError, nearest
from auditor.fluency.cache import Cache
from auditor.fluency.calibration import Calibration
from auditor.fluency.document import score
from auditor.fluency.scorer import Scorer
from auditor.judge import improbable
from auditor.judge.across import SCHEMA as ACROSS
from auditor.judge.across import judge_across
from auditor.judge.findings import judge
from auditor.judge.source import infer
from auditor.judge.verify import verify
from auditor.mqm.score import quality, triage
from auditor.names import aliases
from auditor.names.across import across
from auditor.names.extract import extract
from auditor.rules import loader
from auditor.rules.model import RuleSet
from auditor.text import language
from auditor.text.provenance import settle
from auditor.text.segment import segment
from auditor.types import Audit, Document, Extract, Failure, Match, Report, Rule, Run, Score

SCHEMAS = {**{name: kind.schema for name, kind in KINDS.items()}, "fluency": improbable.SCHEMA, "across": ACROSS}
"""What a rule of each kind may hold."""

Documents = Iterator[Document | Failure]

_WHOLE = "language"
"""The kind whose finding stands for a text that was not translated; nothing else is said of such a text."""


@dataclass(frozen=True, slots=True)
class Fluency:
    """The language model of a run, or why there is none (`missing`)."""

    scorer: Scorer | None = None
    calibration: Calibration | None = None
    cache: Cache | None = None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a worker sends back: the document with its source language settled, its hits by rule id, and its extract."""

    document: Document
    hits: tuple[tuple[str, Match], ...]
    extract: Extract


def rule_set(config: Config) -> tuple[RuleSet, tuple[str, ...]]:
    """The rules of a run and warnings: those of the program and the project's .auditor/packs, less what is not selected."""
    folders = [loader.packs_folder(), *_project(config, "packs")]
    rules = loader.load(folders, SCHEMAS, trusted=(loader.packs_folder(),))
    ids = [rule.id for rule in rules]
    warnings = tuple(warning for pattern in (*config.select, *config.ignore) if (warning := _unmatched(pattern, ids)))
    kept = tuple(rule for rule in rules if _selected(rule.id, config) and rule.target in (None, config.target_lang))
    return RuleSet(kept, rules.digest), warnings


def _unmatched(pattern: str, ids: Sequence[str]) -> str:
    """A warning for a glob that selects no rule; UsageError for the plain name of a rule that does not exist."""
    if any(fnmatchcase(name, pattern) for name in ids):
        return ""
    if not any(sign in pattern for sign in "*?["):
        raise UsageError(f"there is no rule “{pattern}”{nearest(pattern, ids)}")
    return f"no rule matches “{pattern}”"


def _selected(name: str, config: Config) -> bool:
    return any(fnmatchcase(name, p) for p in config.select) and not any(fnmatchcase(name, p) for p in config.ignore)


def _project(config: Config, what: str) -> list[Path]:
    """The project's own folder of packs or aliases, where there is one."""
    folder = (config.folder or Path()) / ".auditor" / what
    return [folder] if folder.is_dir() else []


def alias_table(config: Config) -> aliases.AliasTable:
    """The alias table of a run: the program's and the project's, which wins."""
    return aliases.load([aliases.aliases_folder(), *_project(config, "aliases")])


def prepared(config: Config, document: Document) -> Document:
    """A document as it was read, with its segments and its source language as far as that is stated."""
    document = replace(document, provenance=replace(document.provenance, target_lang=config.target_lang))
    return settle(segment(document), flag=config.source_lang, override=override(config, document.path))


def inspector(config: Config, rules: RuleSet, table: aliases.AliasTable) -> Callable[[Document], Inspected]:
    """What a worker does with a document as it was read, built once a process."""
    detect = detector(rules, KINDS, Resources(language.language, table, profile=config.profile, variant=config.variant))

    def inspect(document: Document) -> Inspected:
        document = prepared(config, document)
        hits = detect(document)
        if document.provenance.source_lang is None:
            document = infer(document, hits)
            if document.provenance.source_lang is not None:
                hits = detect(document)
        source_lang = document.provenance.source_lang
        kept = [(rule.id, match) for rule, match in hits if rule.source in (None, source_lang)]
        if not document.provenance.translated:
            kept = [(name, match) for name, match in kept if rules.by_id[name].kind == _WHOLE]
        return Inspected(document, tuple(kept), extract(document, table))

    return inspect


def audits(
    config: Config,
    documents: Iterable[Document | Failure],
    *,
    rules: RuleSet,
    table: aliases.AliasTable,
    fluency: Fluency,
    keep_documents: bool = False,
) -> Iterator[Audit | Failure]:
    """One audit a document, in order, a window at a time; a file that could not be read comes through as it is."""
    stream = iter(documents)
    first = list(islice(stream, config.window))
    jobs = config.jobs or (run.cores() if len(first) == config.window else 1)
    executor: run.Executor[Document, Inspected] = run.local(partial(inspector, config, rules, table), jobs=jobs)
    try:
        window = first
        while window:
            yield from _window(config, window, executor, rules, fluency, keep_documents=keep_documents)
            window = list(islice(stream, config.window))
    finally:
        executor.close()


def _window(
    config: Config,
    window: Sequence[Document | Failure],
    executor: run.Executor[Document, Inspected],
    rules: RuleSet,
    fluency: Fluency,
    *,
    keep_documents: bool,
) -> Iterator[Audit | Failure]:
    inspected = list(executor.map([item for item in window if isinstance(item, Document)]))
    try:
        scores = _scores([item.document for item in inspected], fluency)
    except ModelError as error:  # a model is made ready at the first sentence that the cache lacks; without it the audit goes on
        fluency = Fluency(missing=f"not scored: {error}")
        scores = [() for _ in inspected]
    hits = [[(rules.by_id[name], match) for name, match in item.hits if name in rules.by_id] for item in inspected]
    unverified = [0] * len(hits)
    if fluency.scorer is not None:
        for found, item, values in zip(hits, inspected, scores, strict=True):
            if item.document.provenance.translated:
                found.extend(improbable.improbable(item.document, values, rules.of_kind("fluency")))
        hits = verify([(item.document, found) for item, found in zip(inspected, hits, strict=True)], fluency.scorer, cache=fluency.cache)
    else:
        unverified = [sum(bool(rule.verify) for rule, _ in found) for found in hits]
        hits = [[(rule, match) for rule, match in found if not rule.verify] for found in hits]
    done = iter(
        _audit(config, item, found, values, fluency, left, keep_document=keep_documents)
        for item, found, values, left in zip(inspected, hits, scores, unverified, strict=True)
    )
    for read in window:
        yield next(done) if isinstance(read, Document) else read


def _scores(documents: Sequence[Document], fluency: Fluency) -> list[tuple[Score, ...]]:
    if fluency.scorer is None:
        return [() for _ in documents]
    wanted = [document for document in documents if document.provenance.translated]
    found = iter(score(wanted, fluency.scorer, cache=fluency.cache, calibration=fluency.calibration))
    return [next(found) if document.provenance.translated else tuple(Score(s.id, 0.0, 0) for s in document.segments) for document in documents]


def _audit(
    config: Config,
    item: Inspected,
    hits: Sequence[tuple[Rule, Match]],
    scores: tuple[Score, ...],
    fluency: Fluency,
    unverified: int,
    *,
    keep_document: bool,
) -> Audit:
    document = item.document
    findings = judge(document, hits)
    words = len(document.text.split())
    measured = quality(findings, document.segments, words=words)
    decision, reasons = triage(findings, document.provenance, measured, min_score=config.gate_min_score)
    return Audit(
        path=document.path,
        part=document.origin.part,
        provenance=document.provenance,
        words=words,
        sentences=len(document.segments),
        findings=findings,
        scores=scores,
        extract=item.extract,
        quality=measured,
        triage=decision,
        reasons=reasons,
        skipped=tuple(_skipped(document, fluency, unverified)),
        document=document if keep_document else None,
    )


def _skipped(document: Document, fluency: Fluency, unverified: int) -> Iterator[str]:
    """What could not be checked of a document, and why."""
    yield from document.notices
    if document.provenance.source_lang is None:
        yield "source language unknown: only the rules for any source ran; name it with --source-lang"
    if fluency.scorer is None:
        yield f"fluency: {fluency.missing}"
    if unverified:
        yield f"{unverified} possible finding{'s' * (unverified > 1)} withheld: a language model has to confirm {'them' if unverified > 1 else 'it'}"


def scored(
    config: Config, documents: Iterable[Document | Failure], fluency: Fluency
) -> Iterator[tuple[Document, tuple[Score, ...]] | tuple[Failure, tuple[()]]]:
    """Fluency alone: each document with a score for each of its segments, in order."""
    stream = iter(documents)
    while window := [item if isinstance(item, Failure) else prepared(config, item) for item in islice(stream, config.window)]:
        scores = iter(_scores([item for item in window if isinstance(item, Document)], fluency))
        for item in window:
            yield (item, next(scores)) if isinstance(item, Document) else (item, ())


def report(
    config: Config,
    documents: Iterable[Document | Failure],
    *,
    rules: RuleSet,
    fluency: Fluency,
    keep_documents: bool = False,
    notices: tuple[str, ...] = (),
) -> Report:
    """The whole run: every audit, the files that could not be read, and what the texts of the folder say differently of one name."""
    done: list[Audit] = []
    failures: list[Failure] = []
    table = alias_table(config)
    for item in audits(config, documents, rules=rules, table=table, fluency=fluency, keep_documents=keep_documents):
        if isinstance(item, Failure):
            failures.append(item)
        else:
            done.append(item)
    spellings = across((item.extract for item in done), table)
    together = tuple(judge_across(spellings, rules.of_kind("across")))
    unused = fluency.scorer is not None and bool(done) and not any(item.scores for item in done)
    run_of = signature(rules, Fluency(missing="could not be run") if unused else fluency)
    return Report(run_of, tuple(done), tuple(failures), across=together, notices=notices)


def signature(rules: RuleSet, fluency: Fluency) -> Run:
    """What stands beside every figure of a run."""
    model = fluency.scorer.signature if fluency.scorer else f"none ({fluency.missing})"
    return Run(__version__, rules.digest, len(rules), model)

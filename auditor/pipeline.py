"""The order of the stages, and the only file that knows it: load, segment, detect, score, judge, reduce, report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, cast

from auditor import __version__, run
from auditor.config import Config, for_file, is_given, overridden, selects
from auditor.detect import KINDS
from auditor.detect.kind import Resources
from auditor.detect.stage import detector
from auditor.errors import ModelError, UsageError, nearest
from auditor.fluency.cache import Cache
from auditor.fluency.calibration import Calibration
from auditor.fluency.document import score
from auditor.fluency.scorer import Scorer
from auditor.judge import eye, improbable
from auditor.judge.across import SCHEMA as ACROSS
from auditor.judge.across import judge_across
from auditor.judge.findings import judge
from auditor.judge.source import infer
from auditor.judge.verify import verify
from auditor.mqm.score import quality, triage
from auditor.names import aliases
from auditor.names.across import across
from auditor.names.extract import extract
from auditor.policy import change
from auditor.policy.baseline import Counts, counted, relative
from auditor.policy.remarks import remarks
from auditor.policy.settle import Policy, Settled, across_settled, places, settle_whole
from auditor.policy.settle import settle as settle_findings
from auditor.rules import loader
from auditor.rules.model import RuleSet
from auditor.story import source
from auditor.text import language
from auditor.text.provenance import settle
from auditor.text.segment import segment
from auditor.types import Audit, Document, Extract, Failure, Finding, Match, Quality, Report, Rule, Run, Score, Triage

if TYPE_CHECKING:  # they load numpy
    from auditor.fluency.scorer import Reader
    from auditor.learned.eye import Eye
    from auditor.learned.look import Seen

SCHEMAS = {
    **{name: kind.schema for name, kind in KINDS.items()},
    "fluency": improbable.SCHEMA,
    "learned": eye.SCHEMA,
    "across": ACROSS,
    "source": source.SCHEMA,
}
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
    eye: Eye | None = None
    """Only with a model that it was trained on; `blind` says why there is none."""
    blind: str = ""


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a worker sends back: the document with its source language settled, its hits by rule id, and its extract."""

    document: Document
    hits: tuple[tuple[str, Match], ...]
    extract: Extract


def rule_set(config: Config) -> tuple[RuleSet, tuple[str, ...]]:
    """The rules of a run and warnings: those of the program and the project's .auditor/packs, less what is selected for no file."""
    folders = [loader.packs_folder(), *_project(config, "packs")]
    rules = loader.load(folders, SCHEMAS, trusted=(loader.packs_folder(),))
    ids = [rule.id for rule in rules]
    variants = (config, *(overridden(config, override) for override in config.overrides))
    patterns = dict.fromkeys(pattern for variant in variants for pattern in (*variant.select, *variant.ignore))
    warnings = tuple(warning for pattern in patterns if (warning := _unmatched(pattern, ids)))
    kept = tuple(rule for rule in rules if any(selects(variant, rule.id) for variant in variants) and rule.target in (None, config.target_lang))
    return RuleSet(kept, rules.digest), warnings


def _unmatched(pattern: str, ids: Sequence[str]) -> str:
    """A warning for a glob that selects no rule; UsageError for the plain name of a rule that does not exist."""
    if any(fnmatchcase(name, pattern) for name in ids):
        return ""
    if not any(sign in pattern for sign in "*?["):
        raise UsageError(f"there is no rule “{pattern}”{nearest(pattern, ids)}")
    return f"no rule matches “{pattern}”"


def _project(config: Config, what: str) -> list[Path]:
    """The project's own folder of packs or aliases, where there is one."""
    folder = (config.restored or config.folder or Path()) / ".auditor" / what
    return [folder] if folder.is_dir() else []


def alias_table(config: Config) -> aliases.AliasTable:
    """The alias table of a run: the program's and the project's, which wins."""
    return aliases.load([aliases.aliases_folder(), *_project(config, "aliases")])


def prepared(config: Config, document: Document) -> Document:
    """A document as it was read, with its segments and its source language as far as that is stated."""
    document = replace(document, provenance=replace(document.provenance, target_lang=config.target_lang))
    source_lang = for_file(config, document.path).source_lang
    given = is_given(config, "source_lang")
    return source.settled(settle(segment(document), flag=source_lang if given else None, override=None if given else source_lang))


def inspector(config: Config, rules: RuleSet, table: aliases.AliasTable) -> Callable[[Document], Inspected]:
    """What a worker does with a document as it was read, built once a process."""

    @cache
    def detector_of(profile: str, variant: str) -> Callable[[Document], list[tuple[Rule, Match]]]:
        return detector(rules, KINDS, Resources(language.language, table, profile=profile, variant=variant))

    def inspect(document: Document) -> Inspected:
        document = prepared(config, document)
        own = for_file(config, document.path)
        detect = detector_of(own.profile, own.variant)
        hits = detect(document)
        if document.provenance.source_lang is None:
            document = infer(document, hits)
            if document.provenance.source_lang is not None:
                hits = detect(document)
        source_lang = document.provenance.source_lang
        if document.source is not None and document.provenance.translated:
            hits = [(rule, match) for rule, match in hits if not source.cleared(document, document.source, rule, match)]
            hits += source.contradictions(document, document.source, rules.of_kind("source"))
        kept = [(rule.id, match) for rule, match in hits if rule.source in (None, source_lang) and selects(own, rule.id)]
        if not document.provenance.translated:
            kept = [(name, match) for name, match in kept if rules.by_id[name].kind == _WHOLE]
        return Inspected(replace(document, source=None), tuple(kept), extract(document, table))

    return inspect


def audits(
    config: Config,
    documents: Iterable[Document | Failure],
    *,
    rules: RuleSet,
    table: aliases.AliasTable,
    fluency: Fluency,
    keep_documents: bool = False,
    policy: Policy | None = None,
) -> Iterator[Audit | Failure]:
    """One audit a document, in order, a window at a time; a file that could not be read comes through as it is."""
    stream = iter(documents)
    first = list(islice(stream, config.window))
    jobs = config.jobs or (run.cores() if len(first) == config.window else 1)
    executor: run.Executor[Document, Inspected] = run.local(partial(inspector, config, rules, table), jobs=jobs)
    try:
        window = first
        while window:
            yield from _window(config, window, executor, rules, fluency, policy or Policy(), keep_documents=keep_documents)
            window = list(islice(stream, config.window))
    finally:
        executor.close()


def _window(
    config: Config,
    window: Sequence[Document | Failure],
    executor: run.Executor[Document, Inspected],
    rules: RuleSet,
    fluency: Fluency,
    policy: Policy,
    *,
    keep_documents: bool,
) -> Iterator[Audit | Failure]:
    inspected = list(executor.map([item for item in window if isinstance(item, Document)]))
    try:
        scores, seen = _scores([item.document for item in inspected], fluency)
    except ModelError as error:  # a model is made ready at the first sentence that the cache lacks; without it the audit goes on
        fluency = Fluency(missing=f"not scored: {error}")
        scores, seen = [() for _ in inspected], [None for _ in inspected]
    hits = [[(rules.by_id[name], match) for name, match in item.hits if name in rules.by_id] for item in inspected]
    unverified = [0] * len(hits)
    if fluency.scorer is not None:
        for found, item, values in zip(hits, inspected, scores, strict=True):
            if item.document.provenance.translated:
                own = for_file(config, item.document.path)
                found.extend(improbable.improbable(item.document, values, [r for r in rules.of_kind("fluency") if selects(own, r.id)]))
    verification = fluency.calibration.verification if fluency.calibration else None
    if fluency.scorer is not None and verification is not None:
        batch = [(item.document, found) for item, found in zip(inspected, hits, strict=True)]
        hits = verify(batch, fluency.scorer, verification, cache=fluency.cache)
    else:  # what a model's gains are worth has to have been measured
        unverified = [sum(bool(rule.verify) for rule, _ in found) for found in hits]
        hits = [[(rule, match) for rule, match in found if not rule.verify] for found in hits]
    hits = [_with_eye(config, item.document, found, one, fluency, rules) for item, found, one in zip(inspected, hits, seen, strict=True)]
    done = iter(
        _audit(config, item, found, values, fluency, left, rules, policy, keep_document=keep_documents)
        for item, found, values, left in zip(inspected, hits, scores, unverified, strict=True)
    )
    for read in window:
        yield next(done) if isinstance(read, Document) else read


def _scores(documents: Sequence[Document], fluency: Fluency) -> tuple[list[tuple[Score, ...]], list[Seen | None]]:
    """The scores of each document, and what the eye saw of it in the same pass."""
    if fluency.scorer is None:
        return [() for _ in documents], [None for _ in documents]
    wanted = [document for document in documents if document.provenance.translated]
    seen: Sequence[Seen | None] = [None for _ in wanted]
    if fluency.eye is None:
        scores = score(wanted, fluency.scorer, cache=fluency.cache, calibration=fluency.calibration)
    else:
        from auditor.learned.look import look

        reader = cast("Reader", fluency.scorer)  # the eye is there only with a model that tells more
        scores, seen = look(wanted, reader, fluency.eye.head, cache=fluency.cache, calibration=fluency.calibration)
    found = iter(zip(scores, seen, strict=True))
    unscored = [(tuple(Score(s.id, 0.0, 0) for s in document.segments), None) for document in documents]
    both = [next(found) if document.provenance.translated else none for document, none in zip(documents, unscored, strict=True)]
    return [one for one, _ in both], [one for _, one in both]


def _with_eye(
    config: Config, document: Document, hits: list[tuple[Rule, Match]], seen: Seen | None, fluency: Fluency, rules: RuleSet
) -> list[tuple[Rule, Match]]:
    if fluency.eye is None or seen is None:
        return hits
    own = for_file(config, document.path)
    learned = [rule for rule in rules.of_kind("learned") if selects(own, rule.id)]
    return eye.agreed(hits, list(eye.marked(document, seen, fluency.eye, learned, sensitivity=config.sensitivity)))


def _audit(
    config: Config,
    item: Inspected,
    hits: Sequence[tuple[Rule, Match]],
    scores: tuple[Score, ...],
    fluency: Fluency,
    unverified: int,
    rules: RuleSet,
    policy: Policy,
    *,
    keep_document: bool,
) -> Audit:
    document = item.document

    def ran(glob: str) -> bool:
        """Whether a rule of this name was at work on this text."""
        found = [rule for rule in rules if fnmatchcase(rule.id, glob) and rule.kind != "across"]
        source_lang = document.provenance.source_lang
        able = [rule for rule in found if fluency.eye or rule.kind != "learned"]
        return any(rule.source in (None, source_lang) and (fluency.scorer or not (rule.verify or rule.kind == "fluency")) for rule in able)

    audit = Audit(
        path=document.path,
        part=document.origin.part,
        provenance=document.provenance,
        words=len(document.text.split()),
        sentences=len(document.segments),
        findings=(),
        scores=scores,
        extract=item.extract,
        quality=Quality(None, None, None, None, 0, 0),
        triage=Triage.FINE,
        reasons=(),
        skipped=tuple(_skipped(document, fluency, unverified)),
        document=document if keep_document else None,
    )
    return _settled(config, audit, document, settle_findings(document, judge(document, hits), policy, known=rules.by_id, ran=ran))


def _settled(config: Config, audit: Audit, document: Document, settled: Settled) -> Audit:
    """The audit with its findings, and what follows from those that are to be acted on: score and triage."""
    measured = quality(settled.findings, document.segments, words=audit.words)
    decision, reasons = triage(settled.findings, audit.provenance, measured, min_score=for_file(config, audit.path).gate_min_score)
    if settled.signed_off:
        decision, reasons = Triage.FINE, (f"signed off by {settled.signed_off}",)
    return replace(
        audit,
        findings=settled.findings,
        decided=settled.decided,
        signed_off=settled.signed_off,
        remarks=settled.remarks,
        quality=measured,
        triage=decision,
        reasons=reasons,
    )


def _skipped(document: Document, fluency: Fluency, unverified: int) -> Iterator[str]:
    """What could not be checked of a document, and why."""
    yield from document.notices
    if document.provenance.source_lang is None:
        yield "source language unknown: only the rules for any source ran; name it with --source-lang"
    if fluency.scorer is None:
        yield f"fluency: {fluency.missing}"
    elif fluency.blind:
        yield f"learned eye: {fluency.blind}"
    if unverified:
        yield f"{unverified} possible finding{'s' * (unverified > 1)} withheld: a language model has to confirm {'them' if unverified > 1 else 'it'}"


def scored(
    config: Config, documents: Iterable[Document | Failure], fluency: Fluency
) -> Iterator[tuple[Document, tuple[Score, ...]] | tuple[Failure, tuple[()]]]:
    """Fluency alone: each document with a score for each of its segments, in order."""
    stream = iter(documents)
    while window := [item if isinstance(item, Failure) else prepared(config, item) for item in islice(stream, config.window)]:
        scores = iter(_scores([item for item in window if isinstance(item, Document)], replace(fluency, eye=None))[0])
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
    policy: Policy | None = None,
) -> Report:
    """The whole run: every audit, the files that could not be read, and what the texts of the folder say differently of one name."""
    policy = policy or Policy()
    done: list[Audit] = []
    failures: list[Failure] = []
    table = alias_table(config)
    keep = keep_documents or policy.is_of_the_whole
    for item in audits(config, documents, rules=rules, table=table, fluency=fluency, keep_documents=keep, policy=policy):
        if isinstance(item, Failure):
            failures.append(item)
        else:
            done.append(item)
    together = _across(config, (item.extract for item in done), rules, table)
    settled = across_settled(together, policy)
    stale: tuple[tuple[str, str, int], ...] = ()
    if policy.is_of_the_whole:
        before = _before(config, policy, done, rules=rules, table=table, fluency=fluency)
        whole = settle_whole(done, together, policy, before)
        settled, stale = whole.across, tuple((*place, number) for place, number in sorted(whole.stale.items()))
        done = [_settled(config, audit, audit.document, said) for audit, said in zip(done, whole.audits, strict=True) if audit.document]
        done = done if keep_documents else [replace(audit, document=None) for audit in done]
    unused = fluency.scorer is not None and bool(done) and not any(item.scores for item in done)
    run_of = signature(rules, Fluency(missing="could not be run") if unused else fluency)
    return Report(
        run_of,
        tuple(done),
        tuple(failures),
        across=settled.findings,
        notices=notices,
        decided=settled.decided,
        policy=(*policy.remarks, *remarks(done, policy, run_of, stale)),
        stale=stale,
    )


def _across(config: Config, extracts: Iterable[Extract], rules: RuleSet, table: aliases.AliasTable) -> tuple[Finding, ...]:
    found = judge_across(across(extracts, table), rules.of_kind("across"))
    return tuple(finding for finding in found if selects(for_file(config, finding.at.path), finding.rule))


def _before(config: Config, policy: Policy, now: Sequence[Audit], *, rules: RuleSet, table: aliases.AliasTable, fluency: Fluency) -> Counts:
    """How often each finding stood in the files that the change touched, as they were."""
    if policy.change is None:
        return {}
    texts = (document for _, document in change.documents(policy.change, limit=config.max_bytes))
    old = [item for item in audits(config, texts, rules=rules, table=table, fluency=fluency) if isinstance(item, Audit)]
    paths = {relative(audit.path, policy.folder) for audit in old}
    rest = [audit.extract for audit in now if policy.change.is_unchanged(audit.path)]
    together = _across(config, (*rest, *(audit.extract for audit in old)), rules, table)
    marks = list(places([finding for audit in old for finding in audit.findings], policy.folder))
    marks += [place for place in places(together, policy.folder) if place[0][1] in paths]
    return counted(marks, "").counts


def signature(rules: RuleSet, fluency: Fluency) -> Run:
    """What stands beside every figure of a run."""
    model = fluency.scorer.signature if fluency.scorer else f"none ({fluency.missing})"
    return Run(__version__, rules.digest, len(rules), model)

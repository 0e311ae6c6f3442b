"""The order of the stages, and the only file that knows it: load, examine (`auditor.stages`), settle, reduce, report.

What is loaded here is all that copy needs which was audited before (`auditor.results`); the stages are loaded at the first text that was not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING

from auditor import __version__
from auditor.config import Config, for_file, selects, variants
from auditor.errors import UsageError, nearest
from auditor.lm import Fluency
from auditor.mqm.score import quality, triage
from auditor.policy import change
from auditor.policy.baseline import Counts, counted, relative
from auditor.policy.remarks import remarks
from auditor.policy.settle import Policy, Settled, across_settled, places, settle_whole
from auditor.policy.settle import settle as settle_findings
from auditor.results import Examined, Results
from auditor.rules.model import RuleSet, Unread
from auditor.types import Audit, Document, Extract, Failure, Finding, Report, Rule, Run, Score, Status, Triage

if TYPE_CHECKING:
    from auditor.names.aliases import AliasTable
    from auditor.stages import Examiner

Documents = Iterator[Document | Failure]


@dataclass(frozen=True, slots=True)
class _Rules:
    """What is to be known of a run's rules before they are read."""

    digest: str
    number: int
    warnings: tuple[str, ...]


def rule_set(config: Config, results: Results | None = None) -> tuple[RuleSet, tuple[str, ...]]:
    """The rules of a run and warnings: those of the program and the project's .auditor/packs, less what is selected for no file.

    With `results` that know of them, the packs are read when a rule is asked for.
    """
    known = results.recall(_Rules, "rules") if results else None
    if known is not None:
        return Unread(known.digest, known.number, lambda: _read(config)[0]), known.warnings
    rules, warnings = _read(config)
    if results:
        results.keep(_Rules(rules.digest, len(rules), warnings), "rules")
    return rules, warnings


def _read(config: Config) -> tuple[RuleSet, tuple[str, ...]]:
    from auditor import stages

    rules, of_files = stages.rules(config), variants(config)
    ids = [rule.id for rule in rules]
    patterns = dict.fromkeys(pattern for variant in of_files for pattern in (*variant.select, *variant.ignore, *variant.demote))
    warnings = tuple(warning for pattern in patterns if (warning := _unmatched(pattern, ids)))
    kept = tuple(rule for rule in rules if any(selects(variant, rule.id) for variant in of_files) and rule.target in (None, config.target_lang))
    return RuleSet(tuple(_in_house(config, rule) for rule in kept), rules.digest), warnings


def _in_house(config: Config, rule: Rule) -> Rule:
    """The rule with the status that it has in this newsroom."""
    demoted = any(fnmatchcase(rule.id, glob) for glob in config.demote)
    return replace(rule, status=Status.PREVIEW) if demoted and rule.status is Status.STABLE else rule


def _unmatched(pattern: str, ids: Sequence[str]) -> str:
    """A warning for a glob that selects no rule; UsageError for the plain name of a rule that does not exist."""
    if any(fnmatchcase(name, pattern) for name in ids):
        return ""
    if not any(sign in pattern for sign in "*?["):
        raise UsageError(f"there is no rule “{pattern}”{nearest(pattern, ids)}")
    return f"no rule matches “{pattern}”"


def alias_table(config: Config) -> AliasTable:
    """The alias table of a run: the program's and the project's, which wins."""
    from auditor.names import aliases

    return aliases.of_run(config)


@dataclass(frozen=True, slots=True)
class _Work:
    """What a run works with; rules and names are read when a text needs them. `results`: what earlier runs found."""

    config: Config
    rules: RuleSet
    table: Callable[[], AliasTable]
    fluency: Fluency
    results: Results | None = None


def audits(
    config: Config,
    documents: Iterable[Document | Failure],
    *,
    rules: RuleSet,
    table: AliasTable,
    fluency: Fluency,
    keep_documents: bool = False,
    policy: Policy | None = None,
) -> Iterator[Audit | Failure]:
    """One audit a document, in order, a window at a time; a file that could not be read comes through as it is."""
    work = _Work(config, rules, lambda: table, fluency)
    return (item for _, item in _audits(work, documents, policy or Policy(), keep_documents=keep_documents))


def _audits(
    work: _Work, documents: Iterable[Document | Failure], policy: Policy, *, keep_documents: bool = False
) -> Iterator[tuple[bytes, Audit | Failure]]:
    """The same, each with the key of its text where results are kept."""
    stream = iter(documents)
    with ExitStack() as stack:
        examine = _Later(work, stack)
        while window := list(islice(stream, work.config.window)):
            done = iter(_examined(work, [item for item in window if isinstance(item, Document)], examine))
            for read in window:
                if isinstance(read, Failure):
                    yield b"", read
                else:
                    key, one = next(done)
                    yield key, _audit(work, one, policy, keep_document=keep_documents)


def _examined(work: _Work, texts: Sequence[Document], examine: _Later) -> list[tuple[bytes, Examined]]:
    """Each text as it is known, or else as it is examined now, with its key."""
    results = work.results
    if results is None:
        return [(b"", one) for one in examine(texts)] if texts else []
    keyed = [(results.text_key(text, work.fluency), text) for text in texts]
    known = results.examined(dict(keyed))
    missing = {key: text for key, text in keyed if key not in known}
    if missing:
        fresh = dict(zip(missing, examine(list(missing.values())), strict=True))
        if examine.model == work.fluency.signature:  # else the model that was known could not be opened
            results.keep_examined(fresh.items())
        known |= fresh
    return [(key, known[key]) for key, _ in keyed]


class _Later:
    """What examines the texts of a run, made when the first text has to be."""

    def __init__(self, work: _Work, stack: ExitStack) -> None:
        self._work, self._stack = work, stack
        self._examiner: Examiner | None = None

    def __call__(self, texts: Sequence[Document]) -> list[Examined]:
        if self._examiner is None:
            from auditor.stages import Examiner

            work = self._work
            self._examiner = Examiner(work.config, work.rules, work.table(), work.fluency, whole=len(texts) == work.config.window)
            self._stack.callback(self._examiner.close)
        return self._examiner.examine(texts)

    @property
    def model(self) -> str:
        """The signature of the model that was at work."""
        return self._examiner.model if self._examiner else self._work.fluency.signature


def _audit(work: _Work, item: Examined, policy: Policy, *, keep_document: bool) -> Audit:
    document, rules, fluency = item.document, work.rules, work.fluency

    def ran(glob: str) -> bool:
        """Whether a rule of this name was at work on this text."""
        found = [rule for rule in rules if fnmatchcase(rule.id, glob) and rule.kind != "across"]
        source_lang = document.provenance.source_lang
        able = [rule for rule in found if fluency.sees or rule.kind not in ("learned", "edit")]
        return any(rule.source in (None, source_lang) and (fluency.is_there or not (rule.verify or rule.kind == "fluency")) for rule in able)

    audit = Audit(
        path=document.path,
        part=document.origin.part,
        provenance=document.provenance,
        words=item.quality.words,
        sentences=len(document.segments),
        findings=item.findings,
        scores=item.scores,
        extract=item.extract,
        quality=item.quality,
        triage=Triage.FINE,
        reasons=(),
        skipped=item.skipped,
        document=document if keep_document else None,
    )
    return _settled(work.config, audit, document, settle_findings(document, item.findings, policy, known=lambda: rules.by_id, ran=ran))


def _settled(config: Config, audit: Audit, document: Document, settled: Settled) -> Audit:
    """The audit with its findings, and what follows from those that are to be acted on: score and triage."""
    same = settled.findings == audit.findings
    measured = audit.quality if same else quality(settled.findings, document.segments, words=audit.words)
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


def scored(
    config: Config, documents: Iterable[Document | Failure], fluency: Fluency
) -> Iterator[tuple[Document, tuple[Score, ...]] | tuple[Failure, tuple[()]]]:
    """Fluency alone: each document with a score for each of its segments, in order."""
    from auditor import stages

    stream, alone = iter(documents), replace(fluency.opened(), eye=None)
    while window := [item if isinstance(item, Failure) else stages.prepared(config, item) for item in islice(stream, config.window)]:
        scores = iter(stages.scores([item for item in window if isinstance(item, Document)], alone)[0])
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
    results: Results | None = None,
) -> Report:
    """The whole run: every audit, the files that could not be read, and what the texts of the folder say differently of one name."""
    policy = policy or Policy()
    done: list[Audit] = []
    keys: list[bytes] = []
    failures: list[Failure] = []
    work = _Work(config, rules, cache(partial(alias_table, config)), fluency, results)
    for key, item in _audits(work, documents, policy, keep_documents=keep_documents or policy.is_of_the_whole):
        if isinstance(item, Failure):
            failures.append(item)
        else:
            done.append(item)
            keys.append(key)
    together = _across(work, [(key, item.extract) for key, item in zip(keys, done, strict=True)])
    settled = across_settled(together, policy)
    stale: tuple[tuple[str, str, int], ...] = ()
    if policy.is_of_the_whole:
        before = _before(work, policy, list(zip(keys, done, strict=True)))
        whole = settle_whole(done, together, policy, before)
        settled, stale = whole.across, tuple((*place, number) for place, number in sorted(whole.stale.items()))
        done = [_settled(config, audit, audit.document, said) for audit, said in zip(done, whole.audits, strict=True) if audit.document]
        done = done if keep_documents else [replace(audit, document=None) for audit in done]
    unused = fluency.is_there and bool(done) and not any(item.scores for item in done)
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


def explained(report: Report, rules: RuleSet, results: Results | None = None) -> Mapping[str, Rule]:
    """The rules of a report's findings by id, as far as a format needs them: not what they look for."""
    found = [finding for audit in report.audits for finding in (*audit.findings, *audit.decided)]
    ids = sorted({finding.rule for finding in (*found, *report.across, *report.decided)})
    known = results.recall(tuple[Rule, ...], "explained", ids) if results else None
    if known is None:
        known = tuple(replace(rules.by_id[name], params={}) for name in ids if name in rules.by_id)
        if results:
            results.keep(known, "explained", ids)
    return {rule.id: rule for rule in known}


def _across(work: _Work, extracts: Sequence[tuple[bytes, Extract]]) -> tuple[Finding, ...]:
    """What the texts say differently of one name; extracts with the keys of their texts."""
    keys = [key.hex() for key, _ in extracts]
    known = work.results.recall(tuple[Finding, ...], "across", keys) if work.results else None
    if known is not None:
        return known
    from auditor.judge.across import judge_across
    from auditor.names.across import across

    found = judge_across(across((extract for _, extract in extracts), work.table()), work.rules.of_kind("across"))
    kept = tuple(finding for finding in found if selects(for_file(work.config, finding.at.path), finding.rule))
    if work.results:
        work.results.keep(kept, "across", keys)
    return kept


def _before(work: _Work, policy: Policy, now: Sequence[tuple[bytes, Audit]]) -> Counts:
    """How often each finding stood in the files that the change touched, as they were."""
    if policy.change is None:
        return {}
    texts = (document for _, document in change.documents(policy.change, limit=work.config.max_bytes))
    old = [(key, item) for key, item in _audits(work, texts, Policy()) if isinstance(item, Audit)]
    paths = {relative(audit.path, policy.folder) for _, audit in old}
    rest = [(key, audit.extract) for key, audit in now if policy.change.is_unchanged(audit.path)]
    together = _across(work, [*rest, *((key, audit.extract) for key, audit in old)])
    marks = list(places([finding for _, audit in old for finding in audit.findings], policy.folder))
    marks += [place for place in places(together, policy.folder) if place[0][1] in paths]
    return counted(marks, "").counts


def signature(rules: RuleSet, fluency: Fluency) -> Run:
    """What stands beside every figure of a run."""
    return Run(__version__, rules.digest, len(rules), fluency.signature)

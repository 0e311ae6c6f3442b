"""What is done with each text: detect, score, verify, judge; the only file that knows the order of these. Nothing here knows what was decided.

Loaded at the first text that was not audited before: rules, names and all that detection needs come with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING, cast

from auditor import run
from auditor.config import Config, for_file, is_given, project, selects
from auditor.detect import KINDS
from auditor.detect.kind import Resources
from auditor.detect.stage import detector
from auditor.edits.propose import SCHEMA as EDIT
from auditor.edits.propose import book
from auditor.errors import ModelError
from auditor.fluency.document import score
from auditor.judge import edits, eye, improbable
from auditor.judge.across import SCHEMA as ACROSS
from auditor.judge.findings import judge
from auditor.judge.source import infer
from auditor.judge.verify import verify
from auditor.lm import Fluency
from auditor.mqm.score import quality
from auditor.names.aliases import AliasTable
from auditor.names.extract import extract
from auditor.results import Examined
from auditor.rules import loader
from auditor.rules.model import RuleSet
from auditor.story import source
from auditor.text import language, lexicon
from auditor.text.provenance import settle
from auditor.text.segment import segment
from auditor.types import Document, Extract, Match, Rule, Score

if TYPE_CHECKING:  # they load numpy
    from auditor.edits.hints import Watch
    from auditor.edits.weigh import Weighed
    from auditor.fluency.scorer import Reader
    from auditor.learned.look import Seen

SCHEMAS = {
    **{name: kind.schema for name, kind in KINDS.items()},
    "fluency": improbable.SCHEMA,
    "learned": eye.SCHEMA,
    "edit": EDIT,
    "across": ACROSS,
    "source": source.SCHEMA,
}
"""What a rule of each kind may hold."""

_WHOLE = "language"
"""The kind whose finding stands for a text that was not translated; nothing else is said of such a text."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a worker sends back: the document with its source language settled, its hits by rule id, and its extract."""

    document: Document
    hits: tuple[tuple[str, Match], ...]
    extract: Extract


def rules(config: Config) -> RuleSet:
    """The rules of a run: those of the program and the project's .auditor/packs."""
    return loader.load([loader.packs_folder(), *project(config, "packs")], SCHEMAS, trusted=(loader.packs_folder(),))


def prepared(config: Config, document: Document) -> Document:
    """A document as it was read, with its segments and its source language as far as that is stated."""
    document = replace(document, provenance=replace(document.provenance, target_lang=config.target_lang))
    source_lang = for_file(config, document.path).source_lang
    given = is_given(config, "source_lang")
    return source.settled(settle(segment(document), flag=source_lang if given else None, override=None if given else source_lang))


def inspector(config: Config, rules: RuleSet, table: AliasTable) -> Callable[[Document], Inspected]:
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


class Examiner:
    """Examines texts a window at a time; holds the processes that detection runs in."""

    def __init__(self, config: Config, rules: RuleSet, table: AliasTable, fluency: Fluency, *, whole: bool) -> None:
        """`whole`: the first window is full; detection may then go to other processes."""
        opened = fluency.opened()
        if opened.eye is not None and not (rules.of_kind("learned") or rules.of_kind("edit")):
            opened = replace(opened, eye=None, scales=None)  # nobody asks what it sees
        self._config, self._rules, self._fluency = config, rules, opened
        jobs = config.jobs or (run.cores() if whole else 1)
        self._executor: run.Executor[Document, Inspected] = run.local(partial(inspector, config, rules, table), jobs=jobs)

    @property
    def model(self) -> str:
        """The signature of the model that was at work, or why none was."""
        return self._fluency.signature

    def examine(self, documents: Sequence[Document]) -> list[Examined]:
        """What is found in each text, in order; it does not depend on the others."""
        config, rules, fluency = self._config, self._rules, self._fluency
        inspected = list(self._executor.map(documents))
        watch = _watch(fluency, rules, config.target_lang)
        try:
            values_of, seen = scores([item.document for item in inspected], replace(fluency, scorer=watch, cache=watch) if watch else fluency)
        except ModelError as error:  # a model is made ready at the first sentence that the cache lacks; without it the audit goes on
            self._fluency, watch = (fluency := Fluency(missing=f"not scored: {error}")), None
            values_of, seen = [() for _ in inspected], [None for _ in inspected]
        hits = [[(rules.by_id[name], match) for name, match in item.hits if name in rules.by_id] for item in inspected]
        if fluency.scorer is not None:
            for found, item, values in zip(hits, inspected, values_of, strict=True):
                if item.document.provenance.translated:
                    own = for_file(config, item.document.path)
                    found.extend(improbable.improbable(item.document, values, [r for r in rules.of_kind("fluency") if selects(own, r.id)]))
        hits, unverified = _verified(inspected, hits, fluency)
        weighed = _weighed(inspected, seen, watch, fluency) if watch else [() for _ in inspected]
        hits = [
            _with_eye(config, item.document, found, one, heavy, fluency, rules)
            for item, found, one, heavy in zip(inspected, hits, seen, weighed, strict=True)
        ]
        return [
            _examined(item, found, values, tuple(_skipped(item.document, fluency, left)))
            for item, found, values, left in zip(inspected, hits, values_of, unverified, strict=True)
        ]

    def close(self) -> None:
        """Ends the processes."""
        self._executor.close()


def _verified(
    inspected: Sequence[Inspected], hits: list[list[tuple[Rule, Match]]], fluency: Fluency
) -> tuple[list[list[tuple[Rule, Match]]], list[int]]:
    """The hits of each text that stand, and how many are withheld because no model could confirm them."""
    verification = fluency.calibration.verification if fluency.calibration else None
    if fluency.scorer is not None and verification is not None:
        batch = [(item.document, found) for item, found in zip(inspected, hits, strict=True)]
        return verify(batch, fluency.scorer, verification, cache=fluency.cache), [0] * len(hits)
    # what a model's gains are worth has to have been measured
    unverified = [sum(bool(rule.verify) for rule, _ in found) for found in hits]
    return [[(rule, match) for rule, match in found if not rule.verify] for found in hits], unverified


def _examined(item: Inspected, hits: Sequence[tuple[Rule, Match]], scores: tuple[Score, ...], skipped: tuple[str, ...]) -> Examined:
    findings, words = judge(item.document, hits), sum(len(segment.text.split()) for segment in item.document.segments)
    measured = quality(findings, item.document.segments, words=words)
    return Examined(item.document, findings, scores, item.extract, skipped, measured)


def scores(documents: Sequence[Document], fluency: Fluency) -> tuple[list[tuple[Score, ...]], list[Seen | None]]:
    """The scores of each document, and what the eye saw of it in the same pass."""
    if fluency.scorer is None:
        return [() for _ in documents], [None for _ in documents]
    wanted = [document for document in documents if document.provenance.translated]
    seen: Sequence[Seen | None] = [None for _ in wanted]
    if fluency.eye is None:
        found = score(wanted, fluency.scorer, cache=fluency.cache, calibration=fluency.calibration)
    else:
        from auditor.learned.look import look

        reader = cast("Reader", fluency.scorer)  # the eye is there only with a model that tells more
        found, seen = look(wanted, reader, fluency.eye.head, cache=fluency.cache, calibration=fluency.calibration)
    pairs = iter(zip(found, seen, strict=True))
    unscored = [(tuple(Score(s.id, 0.0, 0) for s in document.segments), None) for document in documents]
    both = [next(pairs) if document.provenance.translated else none for document, none in zip(documents, unscored, strict=True)]
    return [one for one, _ in both], [one for _, one in both]


def _watch(fluency: Fluency, rules: RuleSet, target_lang: str) -> Watch | None:
    """What looks for edits in the pass that scores, where there are scales for the model and rules that say which."""
    allowed = rules.of_kind("edit")
    if fluency.scorer is None or fluency.eye is None or fluency.scales is None or not allowed:
        return None
    from auditor.edits.hints import Teller, Watch

    lookout = fluency.scales.lookout(book(allowed), lexicon.common(target_lang).__contains__)
    return Watch(cast("Teller", fluency.scorer), lookout, fluency.cache)


def _weighed(inspected: Sequence[Inspected], seen: Sequence[Seen | None], watch: Watch, fluency: Fluency) -> list[Sequence[Weighed]]:
    """The edits of each text that are worth a try, weighed."""
    from auditor.edits.weigh import weigh

    verification = fluency.calibration.verification if fluency.calibration else None
    if fluency.scorer is None or fluency.eye is None or fluency.scales is None or verification is None:
        return [() for _ in inspected]
    batch = [
        (item.document, watch.of(item.document, edits.doubted(item.document, one, fluency.eye, fluency.scales)) if one else ())
        for item, one in zip(inspected, seen, strict=True)
    ]
    return list(weigh(batch, fluency.scorer, verification, cache=fluency.cache))


def _with_eye(
    config: Config,
    document: Document,
    hits: list[tuple[Rule, Match]],
    seen: Seen | None,
    weighed: Sequence[Weighed],
    fluency: Fluency,
    rules: RuleSet,
) -> list[tuple[Rule, Match]]:
    """The hits with those of the edits and of the eye."""
    if fluency.eye is None or seen is None:
        return hits
    own = for_file(config, document.path)
    learned, allowed = ([rule for rule in rules.of_kind(kind) if selects(own, rule.id)] for kind in ("learned", "edit"))
    found = list(eye.marked(document, seen, fluency.eye, learned, sensitivity=config.sensitivity))
    if fluency.scales is None:
        return eye.agreed(hits, found)
    both = eye.agreed([*hits, *edits.slips(weighed, allowed, fluency.scales)], found)
    return edits.suggested(document, both, weighed, fluency.scales)


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

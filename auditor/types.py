"""The nouns of the program, all frozen: what one stage hands to the next. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Evidence = Mapping[str, str | float]
"""Why something is believed, as printable values by name (`convention`, `lm_gain_nats` …)."""


class Severity(StrEnum):
    """MQM severities."""

    NEUTRAL = "neutral"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for neutral to 3 for critical."""
        return tuple(Severity).index(self)


class Status(StrEnum):
    """How far a rule is trusted: only stable rules gate."""

    PREVIEW = "preview"
    STABLE = "stable"
    DEPRECATED = "deprecated"


class Scope(StrEnum):
    """What part of a news page a segment is."""

    HEADLINE = "headline"
    BODY = "body"
    QUOTE = "quote"
    CROSSHEAD = "crosshead"
    CAPTION = "caption"
    CREDIT = "credit"
    TEASER = "teaser"


class Triage(StrEnum):
    """What an editor does with a document."""

    FINE = "fine"
    FIX = "fix"
    HOLD = "hold"


CATEGORIES: Mapping[str, str] = {
    "terminology/inconsistent-with-resource": "a term or name that differs from the house's table",
    "terminology/inconsistent-use": "one thing named in two ways",
    "terminology/wrong-term": "a term that the field does not use for this",
    "accuracy/mistranslation": "says something other than the source, or a wrong sense of a word",
    "accuracy/addition": "stands in the text without belonging to it",
    "accuracy/omission": "something is missing",
    "accuracy/untranslated": "left in the source language",
    "accuracy/do-not-translate": "a name or title translated that keeps its form",
    "linguistic/grammar": "breaks a rule of grammar",
    "linguistic/punctuation": "a mark that is wrong, doubled, missing or foreign",
    "linguistic/spelling": "misspelt, fused or split",
    "linguistic/unintelligible": "cannot be understood",
    "linguistic/character-encoding": "broken characters",
    "linguistic/duplication": "printed twice",
    "style/unidiomatic": "nobody would write this in English",
    "style/awkward": "clumsy, repetitive or hard to read",
    "style/inconsistent": "two styles in one text",
    "locale/number-format": "a number written the source's way",
    "locale/date-format": "a date written the source's way",
    "locale/time-format": "a time written the source's way",
    "locale/currency-format": "an amount written the source's way",
    "markup/residue": "page furniture, credits or markup left in the copy",
}
"""MQM error types (typology/leaf) that rules may use, with what each means to an editor."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Code points, half-open, into the text as loaded."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Span) -> bool:
        """Whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Place:
    """Where a span stands: code points and bytes of a flat file; in a container (docx, jsonl) the part, code points of its text, no bytes."""

    part: str | None
    span: Span
    bytes: Span | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the readable text and where it stands in the decoded file. Different lengths: it was replaced as a whole (an entity)."""

    start: int
    length: int
    raw_start: int
    raw_length: int


@dataclass(frozen=True, slots=True)
class Origin:
    """How the text of a Document came out of its file; `io.place` reads it.
    `raw` is the file as decoded where markup makes it differ from the text (then `pieces` maps one onto the other, in order),
    else None: they are the same. `encoding` is None for containers. `invalid` lists the code points of the decoded file that
    each stand for one undecodable byte. `bom` is the length of a byte-order mark in bytes."""

    part: str | None = None
    encoding: str | None = "utf-8"
    bom: int = 0
    invalid: tuple[int, ...] = ()
    raw: str | None = None
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """One sentence, headline or other unit: `text` is exactly `document.text[span]`; `id` is its index in the document."""

    id: int
    text: str
    span: Span
    scope: Scope
    block: int
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which language the text was translated from: `source_lang` (ISO 639-1 or None) and `how` that is known (flag, front matter, sidecar,
    override, format field, path, outlet tag, source text, inferred, unknown); `confidence` is 1.0 unless inferred. `language` is the one the text
    stands in (None: too short to tell); `translated` is False when that is its source language."""

    source_lang: str | None = None
    how: str = "unknown"
    confidence: float = 1.0
    target_lang: str = "en"
    language: str | None = None
    translated: bool = True
    outlet: str | None = None
    date: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or line as the reader states it; `scope` is None where the format says nothing."""

    span: Span
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One text. `blocks` are its paragraphs in order, `quotations` the spans between quotation marks (marks included), `source` the source text."""

    path: str
    text: str
    origin: Origin = Origin()
    provenance: Provenance = Provenance()
    blocks: tuple[Block, ...] = ()
    segments: tuple[Segment, ...] = ()
    quotations: tuple[Span, ...] = ()
    notices: tuple[str, ...] = ()
    source: Document | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A bad example (spans marked, perhaps the text as mended) or, without spans, a near miss; `original` is its source text."""

    text: str
    spans: tuple[Span, ...] = ()
    fixed: str | None = None
    source_lang: str | None = None
    original: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What to look for. `id` is pack/name; `source` the language whose texts it is for, None for any; `params` the keys of its kind,
    dotted (`match.any`); `verify` is "lm" or ""."""

    id: str
    source: str | None
    target: str | None
    kind: str
    params: Mapping[str, object]
    message: str
    category: str
    severity: Severity
    status: Status = Status.PREVIEW
    suggest: tuple[str, ...] = ()
    verify: str = ""
    why: str = ""
    bad: tuple[Example, ...] = ()
    good: tuple[Example, ...] = ()
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to print instead; an empty text deletes the span. `safe` = an exact alias or a typographic change."""

    text: str
    safe: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """What a detector returns for a rule. `values` fills the placeholders of the message; `suggestions` replaces the rule's own when given;
    `occurrences` are further places of the same problem, `related` evidence (the majority form); `confidence` 0–1, None: the rule's default."""

    span: Span
    suggestions: tuple[Suggestion, ...] | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=dict)
    occurrences: tuple[Span, ...] = ()
    related: tuple[Span, ...] = ()
    confidence: float | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Peak:
    """A word that surprises the model: its span in the document, its surprisal in nats (summed over its tokens), and what of it and its
    neighbours native news does not explain (`fluency.adjusted`, nats; None: the model has no adjustment)."""

    span: Span
    surprisal: float
    adjusted: float | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """How probable a segment is in its document, as sums, so that every mean is a ratio of sums: of the natural log-probabilities of its `tokens`
    tokens (`logprob`) and of their squares. `percentile`: the share (0–100) of sentences of native news with a lower mean surprisal, or None."""

    segment: int
    logprob: float
    tokens: int
    squares: float = 0.0
    percentile: float | None = None
    peaks: tuple[Peak, ...] = ()

    @property
    def surprisal(self) -> float:
        """Mean surprisal in nats per token; 0.0 for a segment without tokens."""
        return -self.logprob / self.tokens if self.tokens else 0.0


@dataclass(frozen=True, slots=True)
class Located:
    """A place as readers of a report need it: `span` in the file (or part), 1-based line and column; `inner`: the same in `Document.text`."""

    path: str
    part: str | None
    span: Span
    bytes: Span | None
    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    inner: Span


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem that an editor is shown: further places in `occurrences`, evidence in `related`, `fingerprints` of all places, `at` first."""

    rule: str
    kind: str
    category: str
    severity: Severity
    confidence: float
    at: Located
    sentence: str
    scope: Scope
    message: str
    suggestions: tuple[Suggestion, ...]
    evidence: Evidence
    related: tuple[Located, ...]
    occurrences: tuple[Located, ...]
    rule_status: Status
    gating: bool
    source_lang: str | None
    fingerprint: str
    status: str = "new"
    fingerprints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as it stands in a text: its surface form, its romanisation skeleton, its first place and how often it occurs."""

    text: str
    skeleton: str
    at: Located
    count: int


@dataclass(frozen=True, slots=True)
class Extract:
    """The small, picklable part of a document that the folder-wide reduce works on."""

    path: str
    part: str | None
    names: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Quality:
    """The MQM score of a document, RQS = 100 · (1 − penalties / words), with an interval; None: too short to judge."""

    score: float | None
    low: float | None
    high: float | None
    score_all: float | None
    penalties: int
    words: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What is known of one document. `decided` findings never gate; `signed_off`: by whom, when; `remarks`: what is amiss in decisions on it."""

    path: str
    part: str | None
    provenance: Provenance
    words: int
    sentences: int
    findings: tuple[Finding, ...]
    scores: tuple[Score, ...]
    extract: Extract
    quality: Quality
    triage: Triage
    reasons: tuple[str, ...]
    skipped: tuple[str, ...]
    document: Document | None = None
    decided: tuple[Finding, ...] = ()
    signed_off: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """What produced a figure: printed beside every number. `model` is model@revision with engine and numeric mode, or “none” with the reason."""

    version: str
    rules_digest: str
    rules: int
    model: str

    @property
    def signature(self) -> str:
        """One line in the manner of sacreBLEU."""
        return f"auditor:{self.version}|rules:{self.rules}@{self.rules_digest[:12]}|model:{self.model}"


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be read."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run. `policy`: what earlier decisions do to it; `gate`: why it fails (None: not asked); `stale`: fingerprint, path, surplus."""

    run: Run
    audits: tuple[Audit, ...]
    failures: tuple[Failure, ...] = ()
    across: tuple[Finding, ...] = ()
    notices: tuple[str, ...] = ()
    decided: tuple[Finding, ...] = ()
    policy: tuple[str, ...] = ()
    gate: tuple[str, ...] | None = None
    stale: tuple[tuple[str, str, int], ...] = ()

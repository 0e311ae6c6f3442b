"""Which language a text stands in and which it came from; the only place that settles the source language and that asks langdetect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from auditor.errors import InputError, UsageError, nearest
from auditor.text.language import code_of, codes, language, names
from auditor.types import Document, Provenance

STATED_BEFORE_OVERRIDE = ("front matter", "sidecar")
"""What a reader found and a configured override does not outrank (see `settle`)."""

_TAG = re.compile(r"(?:^|[\s–—|•·:-])\s*(?P<outlet>[^–—|•()\[\]]{2,40}?)\s*[(\[](?P<language>[^\W\d_][^()\[\]\d]{1,30})[)\]]\s*$")
_TAG_MARK = re.compile(r"\s[–—|•·-]\s")
_HEAD_LINES = 6
_NOTE_BLOCKS = 3
_FOLDERS = 3
_SAMPLES = 3
_SAMPLE = 700
_TRUSTED = 0.9
_TRUSTED_LETTERS = 90
_SENTENCE_LETTERS = 60
_CONFIRMED_LETTERS = 30
_CONFIRMED_WORDS = 2
_PLAIN_SHARE = 0.3
_PLAIN_WORDS = 20
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_PLAIN_WORD = re.compile("[A-Za-z]+")
"""The same in ASCII, found in half the time."""


def settle(document: Document, *, flag: str | None = None, override: str | None = None) -> Document:
    """The document with its provenance settled; the first that answers gives the source language.

    `flag` (`--source-lang`), front matter and sidecar (as the reader found them: `provenance.how`), `override` (the configuration of the
    folder), the format's own field, a path pattern, the outlet's tag in the text. With none the language is unknown, unless the text
    itself stands in another language than the target: then that is its source, inferred. UsageError for a flag or override that names no
    language.
    """
    stated = document.provenance
    flag, override = _checked(flag, "--source-lang"), _checked(override, "source-lang")
    found: Provenance
    if flag:
        found = replace(stated, source_lang=flag, how="flag", confidence=1.0, detail="")
    elif stated.source_lang and stated.how in STATED_BEFORE_OVERRIDE:
        found = stated
    elif override:
        found = replace(stated, source_lang=override, how="override", confidence=1.0, detail="")
    elif stated.source_lang:
        found = stated
    else:
        found = _from_path(document) or _from_text(document) or stated
    return replace(document, provenance=_with_language(document, found))


def _checked(name: str | None, option: str) -> str | None:
    if not name:
        return None
    code = code_of(name)
    if code is None:
        raise UsageError(f"{option}: “{name}” is no language{nearest(name.casefold(), {*codes(), *names()})}")
    return code


def stated(name: str, *, path: str, where: str) -> str | None:
    """The code of a language that a file names, None for “und” and the like; InputError for what is no language."""
    if name.strip().casefold() in ("", "und", "mul", "zxx", "unknown", "none"):
        return None
    code = code_of(name)
    if code is None:
        raise InputError(f"{path}: {where}: “{name}” is no language{nearest(name.casefold(), {*codes(), *names()})}")
    return code


def _from_path(document: Document) -> Provenance | None:
    """`story.de.en.txt`, `story.de-en.txt`, or one of the last three folders named `de`, `de-en`, nearest first.

    A folder has to be named after a language that has a file here: there are two-letter folders of other meaning.
    """
    path, target = PurePosixPath(document.path.replace("\\", "/")), document.provenance.target_lang
    marks = [suffix[1:] for suffix in path.suffixes[-3:-1]]
    pairs = [marks] if len(marks) == 2 else []
    pairs += [mark.split("-") for mark in marks[-1:] if "-" in mark]
    for source, goal in (pair for pair in pairs if len(pair) == 2):
        if goal == target and len(source) == 2 and language(source).name:
            return replace(document.provenance, source_lang=source, how="path", detail=path.name)
    for folder in reversed(path.parts[:-1][-_FOLDERS:]):
        source, _, goal = folder.partition("-")
        if source in codes() and source != target and goal in ("", target):
            return replace(document.provenance, source_lang=source, how="path", detail=f"{folder}/")
    return None


def _from_text(document: Document) -> Provenance | None:
    """The outlet's tag at the end of a line near the top (“– DW (German)”), or a note “Translated from German” near either end."""
    for line in _top_lines(document):
        tag = _TAG.search(line)
        code = _named(tag["language"], document) if tag and _TAG_MARK.search(line) else None
        if tag and code:
            outlet = _TAG_MARK.split(line[: tag.start("language") - 1])[-1].strip()
            return replace(
                document.provenance, source_lang=code, how="outlet tag", outlet=document.provenance.outlet or outlet, detail=tag.group().strip()
            )
    note = _note(document.provenance.target_lang)
    blocks = document.blocks
    for block in dict.fromkeys((*blocks[:_NOTE_BLOCKS], *blocks[-_NOTE_BLOCKS:])):
        found = note.search(document.text, block.span.start, block.span.end)
        code = _named(found["language"], document) if found else None
        if found and code:
            return replace(document.provenance, source_lang=code, how="outlet tag", detail=found.group().strip())
    return None


def _top_lines(document: Document) -> Iterator[str]:
    for block in document.blocks[:_HEAD_LINES]:
        yield document.text[block.span.start : block.span.end]


def _named(name: str, document: Document) -> str | None:
    code = names().get(name.strip().casefold())
    return code if code != document.provenance.target_lang else None


@cache
def _note(target: str) -> re.Pattern[str]:
    """A note stands by itself or speaks of “this article”: “The book was translated from German” is none."""
    openers = "|".join(re.escape(opener) for opener in sorted(language(target).translation_notes, key=len, reverse=True))
    if not openers:
        return re.compile(r"(?!)(?P<language>)")
    about = r"(?:this|the)\s+(?:article|text|story|report|interview|piece)\s+(?:was|has been|is)\s+(?:\w+\s+){0,3}"
    return re.compile(rf"(?i:^\W*(?:{about})?(?:{openers}))\s+(?P<language>[^\W\d_]+)", re.MULTILINE)


def _with_language(document: Document, found: Provenance) -> Provenance:
    guess = language_of(document.text, expected=found.target_lang)
    if guess is None:
        return found
    code, probability = guess
    if code == found.target_lang:
        return replace(found, language=code, translated=True)
    if found.source_lang is None:
        return replace(found, source_lang=code, how="inferred", confidence=probability, language=code, translated=False)
    return replace(found, language=code, translated=False)


def language_of(text: str, *, expected: str = "") -> tuple[str, float] | None:
    """The language that all of a text stands in, with its probability; None where that can't be told.

    A text whose samples are plainly in the `expected` language by its function words is not put to langdetect, which takes most of the
    time of an audit otherwise: three words in ten. That settles 94 % of 1,540 English texts and took no sample of 2,783 texts in seven
    other languages for English.

    Looks at up to three samples of 700 characters (start, middle, end) with at least 90 letters each, which have to agree. Where
    langdetect may be trusted was measured on single sentences of news copy by their number of letters, at a probability of 0.9 or more:
    of English ones, native or machine-translated, it called another language 105 of 208 below 15 letters, 5 % at 15 to 30, 0.5 % at 30
    to 45, 1 of 680 at 45 to 60, none of 2,100 from 60 on; from 60 letters on it knew 99 % of German, French, Russian, Czech and Ukrainian
    sentences and took none of 1,900 for another language.
    """
    samples = [sample for sample in _samples(text) if _is_long(sample)]
    if not samples:
        return None
    if expected and all(_plainly(sample, expected) for sample in samples):
        return expected, 1.0
    found = [_detect(sample) for sample in samples]
    probability = min(chance for _, chance in found)
    if len({code for code, _ in found}) > 1 or probability < _TRUSTED:
        return None
    return found[0][0], probability


def _is_long(sample: str) -> bool:
    """Whether the sample has letters enough; mostly its start tells."""
    return sum(map(str.isalpha, sample[: 2 * _TRUSTED_LETTERS])) >= _TRUSTED_LETTERS or len(_LETTER.findall(sample)) >= _TRUSTED_LETTERS


def _plainly(sample: str, code: str) -> bool:
    """Whether the sample holds enough function words; capitalised words are left out: they are names."""
    words = list(filter(str.islower, (_PLAIN_WORD if sample.isascii() else _WORD).findall(sample)))
    known = language(code).function_words
    return len(words) >= _PLAIN_WORDS and sum(map(known.__contains__, words)) >= _PLAIN_SHARE * len(words)


def sentence_language(text: str) -> tuple[str, float] | None:
    """The language of one suspicious sentence, with its probability; None where that can't be told.

    From 60 letters on langdetect is trusted (figures at `language_of`), from 30 on only with two function words of the language that it
    names and more of them than of any other: of 900 English sentences of that length it then called none foreign, and named no wrong
    language for 500 foreign ones, of which it knew 44 %.
    """
    letters = len(_LETTER.findall(text))
    if letters < _CONFIRMED_LETTERS:
        return None
    code, probability = _detect(text[: 2 * _SAMPLE])
    if probability < _TRUSTED or (letters < _SENTENCE_LETTERS and not _confirmed(text, code)):
        return None
    return code, probability


def _confirmed(text: str, code: str) -> bool:
    found = [word.lower() for word in _WORD.findall(text)]
    counts = {other: sum(word in language(other).function_words for word in found) for other in codes()}
    best = counts.pop(code, 0)
    return best >= _CONFIRMED_WORDS and best > max(counts.values())


def _samples(text: str) -> Iterable[str]:
    if len(text) <= _SAMPLE * _SAMPLES:
        return [text]
    middle = (len(text) - _SAMPLE) // 2
    return text[:_SAMPLE], text[middle : middle + _SAMPLE], text[-_SAMPLE:]


def _detect(text: str) -> tuple[str, float]:
    """langdetect's best guess; “und” where there is nothing to go by."""
    found = _detector()(text)
    return (str(found[0].lang).split("-")[0], float(found[0].prob)) if found else ("und", 0.0)


@cache
def _detector() -> Any:  # noqa: ANN401  langdetect has no types
    """langdetect's function, seeded and loaded once: without a seed it gives another answer each time; its profiles take 0.5 s."""
    from langdetect import DetectorFactory, detect_langs
    from langdetect.lang_detect_exception import LangDetectException

    DetectorFactory.seed = 0

    def detect(text: str) -> list[Any]:
        try:
            return list(detect_langs(text))
        except LangDetectException:
            return []

    return detect

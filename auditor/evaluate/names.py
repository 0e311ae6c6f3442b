"""How well names are judged: their convention, foreign or English, the English form, and names that are to be left alone."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from auditor import __version__
from auditor.errors import InputError
from auditor.names.aliases import AliasTable, Form
from auditor.names.convention import NameJudgement, judge_name
from auditor.names.gazetteer import weights_folder
from auditor.names.skeleton import bare

_DRAWN = 4000
_BINS = 10
_FLOOR = 1e-4
_THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.98)
Row = Mapping[str, str]


def page(data: Path, table: AliasTable, validated: Path | None) -> Iterator[str]:
    """A Markdown page, line by line. `data` holds normalise.tsv and hard_negatives.tsv; `validated` what models/names/train.py --validate wrote.

    InputError for a file that cannot be read or lacks a column.
    """
    weights = hashlib.sha256(b"".join((weights_folder() / name).read_bytes() for name in ("convention.npz", "gazetteer.zip"))).hexdigest()
    yield "# How names are judged"
    yield ""
    yield f"Signature: `auditor:{__version__}|aliases:{len(table)}@{table.digest[:12]}|names:{weights[:12]}|data:{data.name}`"
    if validated is not None:
        yield from _convention(validated)
    rows = _rows(data / "normalise.tsv", ("variant", "kind", "langs", "en_accepted"))
    yield from _forms(rows, table)
    yield from _known(rows, table)
    yield from _left_alone(_rows(data / "hard_negatives.tsv", ("name", "also_variant_of")), table)


def _rows(path: Path, columns: Sequence[str]) -> list[Row]:
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            missing = sorted(set(columns) - set(reader.fieldnames or ()))
            if missing:
                raise InputError(f"{path}: line 1: lacks the column “{missing[0]}”")
            return list(reader)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error


def _convention(path: Path) -> Iterator[str]:
    try:
        with np.load(path) as arrays:
            among, at_all, gold, kind = (arrays[name] for name in ("among", "at_all", "gold", "kind"))
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{path}: is not what train.py --validate writes ({error})") from error
    variants = kind == "variant"
    chances, right = among[variants], gold[variants]
    hit, sure = right[np.arange(len(right)), chances.argmax(axis=1)], chances.max(axis=1)
    order = np.argsort(-sure, kind="stable")
    running = np.cumsum(hit[order]) / np.arange(1, len(hit) + 1)
    reached = np.flatnonzero(running >= 0.95)
    answered = (reached.max() + 1) / len(hit) if len(reached) else 0.0
    yield from ("", "## Convention, seven foreign languages, cross-validated over entities", "", "| measure | value |", "|---|---|")
    yield f"| names | {len(hit):,} |"
    yield f"| the most probable convention is right | {_share(hit.mean(), len(hit))} |"
    yield f"| answered at 0.95 right | {answered:.3f} |"
    yield f"| expected calibration error, {_BINS} bins | {_calibration(sure, hit):.4f} |"
    for size in (3, 5, 8, 12):
        yield f"| right for a document of {size} names | {_documents(chances, right, size):.3f} |"
    yield from ("", f"A document is drawn {_DRAWN:,} times: a convention by its share of the rows, then names that it writes so.")
    yield from ("", "## Foreign or English, cross-validated", "", "| called foreign from | foreign names | names to leave alone | English forms |")
    yield "|---|---|---|---|"
    for threshold in _THRESHOLDS:
        groups = (at_all[kind == name] for name in ("variant", "hard", "english"))
        yield f"| {threshold} | {' | '.join(f'{(group >= threshold).mean():.4f}' if len(group) else '–' for group in groups)} |"


def _calibration(sure: NDArray[np.float64], hit: NDArray[np.bool_]) -> float:
    """The mean distance between probability and share right, over bins of equal width, weighted by names."""
    number = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    bins = [number == each for each in range(_BINS) if (number == each).any()]
    return float(sum(inside.mean() * abs(sure[inside].mean() - hit[inside].mean()) for inside in bins))


def _documents(chances: NDArray[np.float64], gold: NDArray[np.bool_], size: int) -> float:
    """How often the names of a document together give its convention; the prior of the conventions is counted once."""
    draw = np.random.default_rng(0)
    prior = gold.sum(axis=0) / gold.sum()
    logs, names = np.log(chances + _FLOOR), [np.flatnonzero(column) for column in gold.T]
    right = 0
    for _ in range(_DRAWN):
        code = draw.choice(len(prior), p=prior)
        picked = draw.choice(names[code], size, replace=False)
        right += int((logs[picked].sum(axis=0) - (size - 1) * np.log(prior)).argmax() == code)
    return right / _DRAWN


def _forms(rows: Sequence[Row], table: AliasTable) -> Iterator[str]:
    counts: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        found = judge_name(row["variant"], table, source_lang=row["langs"].split(",")[0])
        kind = "places" if row["kind"] == "place" else "persons, organisations, terms, acronyms"
        right = _is_one_of(found, row["en_accepted"].split("|"))
        for how in ("all", found.how or "nothing"):
            counts[kind, how, "rows"] += 1
            counts[kind, how, "changed"] += found.changed
            counts[kind, how, "right"] += found.changed and right
    yield from ("", "## English form, source language given", "")
    yield from ("| names | known by | rows | changed | of them right | rightly changed of all |", "|---|---|---|---|---|---|")
    for kind in sorted({key[0] for key in counts}):
        total = counts[kind, "all", "rows"]
        for how in ("alias", "skeleton", "rule", "all"):
            changed, hits = counts[kind, how, "changed"], counts[kind, how, "right"]
            precision = _share(hits / changed, changed) if changed else "–"
            yield f"| {kind} | {how} | {total:,} | {changed:,} | {precision} | {hits / total:.3f} |"


def _known(rows: Sequence[Row], table: AliasTable) -> Iterator[str]:
    """Names that the table holds: every foreign spelling in it, and the rows of an entity one of whose right forms a row accepts.

    A row's spelling that the table accepts as English is left as it is by choice, and counted apart: so is a form that the table prints for
    the entity and the row does not list.
    """
    held: dict[str, list[tuple[bool, bool]]] = {}
    choices: Counter[str] = Counter()
    right = {_folded(form): entity for entity in table.entities for form in entity.full.right}
    for entity in table.entities:
        for form, part in ((entity.full, "full names"), (entity.short, "surnames, singulars")):
            if form is None:
                continue
            for code, spelling in _spellings(form):
                found = judge_name(spelling, table, source_lang=None if code == "und" else code)
                held.setdefault(f"the table’s spellings, {part}", []).append((found.changed, _is_one_of(found, form.right)))
    for row in rows:
        accepted = row["en_accepted"].split("|")
        named = {right[_folded(form)].id for form in accepted if _folded(form) in right}
        if named:
            found = judge_name(row["variant"], table, source_lang=row["langs"].split(",")[0])
            correct = _is_one_of(found, accepted)
            held.setdefault("rows of entities that it holds", []).append((found.changed, correct))
            if found.how == "alias" and not found.changed:
                choices["left: the table accepts the spelling as English"] += 1
                continue
            if found.changed and not correct and found.entity_id in named:
                choices["changed into another right form of the same entity"] += 1
                correct = True
            held.setdefault("the same, choices of the table counted as such", []).append((found.changed, correct))
    yield from ("", "## Names of entities that the table holds", "")
    yield from ("| names | number | changed | of them right | rightly changed of all |", "|---|---|---|---|---|")
    for name, judged in held.items():
        changed, hits = sum(changed for changed, _ in judged), sum(changed and right for changed, right in judged)
        precision = _share(hits / changed, changed) if changed else "–"
        yield f"| {name} | {len(judged):,} | {changed:,} | {precision} | {hits / len(judged):.3f} |"
    yield from ("", "Choices of the table in the rows: " + "; ".join(f"{what}, {count:,}" for what, count in sorted(choices.items())) + ".")


def _spellings(form: Form) -> Iterator[tuple[str, str]]:
    for group in (form.variants, form.only):
        for code, surfaces in group.items():
            yield from ((code, surface) for surface in surfaces)


def _is_one_of(found: NameJudgement, forms: Iterable[str]) -> bool:
    return found.canonical is not None and _folded(found.canonical) in {_folded(form) for form in forms}


def _left_alone(rows: Sequence[Row], table: AliasTable) -> Iterator[str]:
    names = [row["name"] for row in rows if not row["also_variant_of"]]
    yield from ("", "## Names that are right as they are", "", "| source language | names | changed |", "|---|---|---|")
    for source in (None, "fr", "de", "pl"):
        changed = sum(judge_name(name, table, source_lang=source).changed for name in names)
        yield f"| {source or 'not given'} | {len(names):,} | {_share(changed / len(names), len(names))} |"


def _folded(form: str) -> str:
    return re.sub(r"[^a-z0-9]", "", bare(form))


def _share(value: float, count: int) -> str:
    """A share with its 95 % interval by Wilson."""
    z = 1.96
    centre = (value + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * (value * (1 - value) / count + z * z / (4 * count * count)) ** 0.5
    return f"{value:.3f} ({max(0.0, centre - half):.3f}–{min(1.0, centre + half):.3f})"

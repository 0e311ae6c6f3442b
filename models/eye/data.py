"""Assembles the texts that the eye learns from: licensed rows alone, none that shares a source document or seven words in a row with the gold.

    python models/eye/data.py SHARED OUT

writes OUT/train.jsonl (`set`, `head`, `doc`, `text`, `spans` [[start, end, weight, category, severity]]; `by` and `lang`, the translator and
the source language, where people marked the errors). SHARED is the folder of the data sets,
which are not part of this repository.
"""

from __future__ import annotations

import argparse
import collections
import json
import math
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from scars import scarred

from auditor.text.segment import segment
from auditor.types import Document

Row = dict[str, Any]
_LICENSED = {
    "mqm-newstest2020-zhen": "mqm",
    "mqm-newstest2021-zhen": "mqm",
    "mqm-ted-zhen": "mqm",
    "bio-mqm": "bio",
    "mlqe-pe": "mlqe",
}
"""The sets of error spans whose licence lets weights be published (Apache-2.0, CC0), and the labelling style of each."""
_RUN = 7
_TRAINED_ON = "ntrex2019"
"""The part of the native English documents whose licence (CC BY-SA 4.0) allows it."""
_ARTICLES, _MODERN = 500, 110
_QUOTES = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})
_WANTED = {
    "bio-mqm": 65_000, "mlqe-pe": 24_000, "mlqe-pe.pe": 10_000, "demetr": 40_000,
    "native_open": 64_000, "native_open.scarred": 60_000, "native_open.single": 6_000, "native_open.single.scarred": 6_000,
    "ntrex": 34_000, "ntrex.scarred": 30_000, "ntrex.single": 2_000, "ntrex.single.scarred": 2_000,
}  # fmt: skip
"""Words of each set that are enough (more changed little); of those that are not named, all."""
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})


def rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def runs(text: str) -> set[str]:
    """The runs of seven words, or of twelve characters of a script without blanks."""
    words = re.findall(r"\w+", text.casefold())
    out = {" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}
    dense = "".join(re.findall(r"[\u3040-\u9fff]", text))
    return out | {dense[at : at + 12] for at in range(len(dense) - 11)}


def gold_runs(shared: Path) -> set[str]:
    found: set[str] = set()
    for path in (shared / "gold/docs").glob("*.txt"):
        found |= runs(path.read_text(encoding="utf-8"))
    for row in rows(shared / "gold/sources.jsonl"):
        for one in row["segments"]:
            found |= runs(one["source"] or "")
    return found


def clean_of(found: Iterable[Row], forbidden: set[str]) -> list[Row]:
    """The rows less every document of which one segment shares a run with the gold."""
    found = list(found)
    bad = {row["doc"] for row in found if not forbidden.isdisjoint(runs(row["text"]) | runs(row.get("src") or ""))}
    print(f"{len(bad)} of {len({row['doc'] for row in found})} documents share a run with the gold and are left out")
    return [row for row in found if row["doc"] not in bad]


def spans(row: Row) -> list[list[Any]]:
    """Spans with the share of the raters who marked them."""
    share = 1 / max(1, row["n_raters"])
    return [
        [one["start"], one["end"], share, one["cat"], one["severity"]]
        for one in row["spans"]
        if one["cat"] != "omission" and one["end"] > one["start"] and one["severity"] != "neutral"
    ]


def annotated(shared: Path) -> Iterator[Row]:
    for path in sorted((shared / "eval").glob("spans.*.jsonl")):
        for row in rows(path):
            if row["dataset"] in _LICENSED:
                number = re.search(r"\|(\d+)\|", row["id"])
                yield {
                    "set": row["dataset"],
                    "head": _LICENSED[row["dataset"]],
                    "doc": f"{row['dataset']}|{row['doc_id']}",
                    "by": row["system"],
                    "family": row["system_family"] if row["dataset"] != "mlqe-pe" else f"mlqe-{row['src_lang']}",
                    "lang": row["src_lang"],
                    "at": int(number[1]) if number else None,
                    "src": row["src"],
                    "text": row["tgt"],
                    "spans": spans(row),
                }


def joined(found: Sequence[Row], draw: random.Random) -> Iterator[Row]:
    """The segments of one document by one translator as one text, where they follow each other (three may be missing)."""
    groups: dict[tuple[str, str], list[Row]] = collections.defaultdict(list)
    for number, row in enumerate(found):
        alone = row["head"] == "mlqe"
        groups[row["doc"], f"{row['by']}{number if alone else ''}"].append(row)
    for group in groups.values():
        part: list[Row] = []
        for row in group:
            far = part and row["at"] is not None and not 0 < row["at"] - part[-1]["at"] <= 4
            if part and (far or sum(len(one["text"]) for one in part) > 3000):
                yield merged(part, draw)
                part = []
            part.append(row)
        yield merged(part, draw)


def merged(part: Sequence[Row], draw: random.Random) -> Row:
    between = draw.choice(["\n\n", "\n", " "])
    text, marked = "", []
    for row in part:
        text += between if text else ""
        marked += [[start + len(text), end + len(text), *more] for start, end, *more in row["spans"]]
        text += row["text"].rstrip()
    known = {"set": part[0]["set"], "head": part[0]["head"], "doc": part[0]["doc"], "by": part[0]["family"], "lang": part[0]["lang"]}
    return {**known, "text": text, "spans": marked}


def pairs(shared: Path) -> Iterator[Row]:
    """DEMETR: the good and the bad version; what was only left out has no span and is no row."""
    for number, row in enumerate(rows(shared / "eval/challenge.jsonl")):
        if row["dataset"] == "demetr" and row["bad_spans"] and not row["phenomenon"].startswith(("full_lower", "tokenized", "punc", "final_punc")):
            doc = f"demetr|{number}"
            marked = [[one[0], one[1], 1.0, "other", row["severity"]] for one in map(_ends, row["bad_spans"])]
            yield {"set": "demetr", "head": "demetr", "doc": doc, "src": row["src"], "text": row["bad"], "spans": marked}
            yield {"set": "demetr", "head": "demetr", "doc": doc, "src": row["src"], "text": row["good"], "spans": []}


def _ends(one: Any) -> tuple[int, int]:  # noqa: ANN401
    return (one["start"], one["end"]) if isinstance(one, dict) else (one[0], one[1])


def post_edited(shared: Path) -> Iterator[Row]:
    """MLQE-PE: the machine's sentence as a person mended it."""
    for row in rows(shared / "eval/postedits.jsonl"):
        if row["dataset"] == "mlqe-pe":
            text = row["pe"]
            yield {"set": "mlqe-pe.pe", "head": "mlqe", "doc": row["doc_id"], "src": row["src"], "text": text, "spans": []}


def native(shared: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """Openly licensed native news: a name, and its paragraphs as sentences. Wikinews (CC BY 2.5), NTREX's English originals (CC BY-SA 4.0)."""
    for row in rows(shared / "eval/native_open.jsonl"):
        document = segment(Document("", row["text"]))
        blocks: dict[int, list[str]] = collections.defaultdict(list)
        for one in document.segments:
            blocks[one.block].append(one.text)
        yield f"native_open|{row['id']}", list(blocks.values())
    for row in rows(shared / "eval/mt_vs_human.native_en.jsonl"):
        if row["testset"] == _TRAINED_ON:
            yield f"ntrex|{row['doc_id']}", [[one] for one in row["segments"]]


def formatted(paragraphs: Sequence[Sequence[str]], draw: random.Random) -> str:
    """The text as paragraphs, one sentence a line or paragraph, one block, or paragraphs of another length; sometimes a stretch of it."""
    sentences = [one for paragraph in paragraphs for one in paragraph]
    if draw.random() < 0.3 and len(sentences) > 6:
        size = draw.randint(1, min(12, len(sentences)))
        start = draw.randrange(len(sentences) - size + 1)
        sentences = sentences[start : start + size]
        paragraphs = [sentences]
    how = draw.random()
    if how < 0.3:
        text = draw.choice(["\n\n", "\n"]).join(" ".join(paragraph) for paragraph in paragraphs)
    elif how < 0.6:
        text = draw.choice(["\n\n", "\n"]).join(sentences)
    elif how < 0.8:
        text = " ".join(sentences)
    else:
        text = ""
        for one in sentences:
            text += ("" if not text else draw.choice([" ", " ", "\n\n"])) + one
    return text.translate(_STRAIGHT) if draw.random() < 0.5 else text


def synthetic(shared: Path, draw: random.Random, neighbours: dict[str, list[str]]) -> Iterator[Row]:
    """Each native text clean and with scars, each time in another format (the short ones twice), and some of its sentences by themselves."""
    for name, paragraphs in native(shared):
        source = name.split("|", maxsplit=1)[0]
        for _ in range(1 if source == "native_open" else 2):
            text = formatted(paragraphs, draw)
            yield {"set": source, "head": "native", "doc": name, "text": text, "spans": []}
            text, marked = scarred(formatted(paragraphs, draw), rate=draw.choice([0.01, 0.03, 0.06, 0.1]), draw=draw, neighbours=neighbours)
            yield {
                "set": f"{source}.scarred",
                "head": "synth",
                "doc": name,
                "text": text,
                "spans": [[s, e, 1.0, kind, "major"] for s, e, kind in marked],
            }
        sentences = [one for paragraph in paragraphs for one in paragraph if len(one.split()) > 4]
        for one in draw.sample(sentences, min(3, len(sentences))):
            yield {"set": f"{source}.single", "head": "native", "doc": name, "text": one, "spans": []}
            text, marked = scarred(one, rate=0.06, draw=draw, neighbours=neighbours)
            yield {
                "set": f"{source}.single.scarred",
                "head": "synth",
                "doc": name,
                "text": text,
                "spans": [[s, e, 1.0, kind, "major"] for s, e, kind in marked],
            }


def enough(found: Sequence[Row]) -> list[Row]:
    """Of each set texts in random order up to its number of words."""
    kept: list[Row] = []
    words: collections.Counter[str] = collections.Counter()
    order = list(found)
    random.Random(1).shuffle(order)
    for row in order:
        size = len(row["text"].split())
        if words[row["set"]] + size / 2 <= _WANTED.get(row["set"], math.inf):
            words[row["set"]] += size
            kept.append(row)
    return kept


def measured(shared: Path) -> Iterator[tuple[str, list[Row]]]:
    """What the eye is measured on and never trained on: the gold, and native news in its own format and in that of the other set."""
    marks: dict[str, dict[str, list[list[Any]]]] = {"A": collections.defaultdict(list), "B": collections.defaultdict(list)}
    for who, found in marks.items():
        for row in rows(shared / f"gold/annotator_{who}.jsonl"):
            found[row["path"]].append([row["start"], row["end"], row["category"], row["severity"]])
    gold = sorted((shared / "gold/docs").glob("*.txt"))
    yield "gold", [{"id": p.name, "text": p.read_text(encoding="utf-8"), **{who: marks[who][p.name] for who in "AB"}} for p in gold]
    articles = rows(shared / "eval/native_large.jsonl")
    random.Random(7).shuffle(articles)
    articles = [row for row in articles if row["words"] <= 1500][:_ARTICLES]
    yield "large_own", [{"id": row["id"], "text": row["text"]} for row in articles]
    plain = [(row["id"], re.sub(r"\s*[–—]\s*", " - ", row["text"].translate(_QUOTES))) for row in articles]
    yield "large_lines", [{"id": name, "text": "\n\n".join(one.text for one in segment(Document("", text)).segments)} for name, text in plain]
    english = [row for row in rows(shared / "eval/mt_vs_human.native_en.jsonl") if row["testset"] != _TRAINED_ON]
    yield "en_lines", [{"id": row["id"], "text": "\n\n".join(row["segments"])} for row in english]
    fours = [[" ".join(row["segments"][at : at + 4]) for at in range(0, len(row["segments"]), 4)] for row in english]
    yield "en_paras", [{"id": row["id"], "text": "\n\n".join(paragraphs)} for row, paragraphs in zip(english, fours, strict=True)]
    modern = [row for name in ("de", "other") for row in rows(shared / f"eval/mt_vs_human.{name}.jsonl")]
    modern = [row for row in modern if row["year"] in (2021, 2022) and row["label"] == "mt" and row["domain"] == "news"]
    random.Random(3).shuffle(modern)
    yield "modern", [{"id": row["id"], "text": "\n\n".join(row["segments"])} for row in modern[:_MODERN]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--measure", action="store_true", help="write the texts that the eye is measured on instead")
    parser.add_argument("--neighbours", type=Path, required=True, help="JSON: word -> words of similar use (models/eye/neighbours.py)")
    arguments = parser.parse_args()
    if arguments.measure:
        arguments.out.mkdir(parents=True, exist_ok=True)
        for name, texts in measured(arguments.shared):
            lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in texts]
            (arguments.out / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
        return
    draw = random.Random(0)
    neighbours = json.loads(arguments.neighbours.read_text(encoding="utf-8"))
    forbidden = gold_runs(arguments.shared)
    marked = clean_of(annotated(arguments.shared), forbidden)
    out = list(joined(marked, draw))
    for more in (pairs(arguments.shared), post_edited(arguments.shared), synthetic(arguments.shared, draw, neighbours)):
        out += clean_of(more, forbidden)
    out = enough(out)
    arguments.out.mkdir(parents=True, exist_ok=True)
    with (arguments.out / "train.jsonl").open("w", encoding="utf-8") as file:
        for row in out:
            kept = {key: row[key] for key in ("set", "head", "text", "spans", "doc", "by", "lang") if key in row}
            file.write(json.dumps(kept, ensure_ascii=False) + "\n")
    counts: collections.Counter[str] = collections.Counter()
    words: collections.Counter[str] = collections.Counter()
    for row in out:
        counts[row["set"]] += 1
        words[row["set"]] += len(row["text"].split())
    for name in counts:
        print(f"{name}: {counts[name]} texts, {words[name]} words")


if __name__ == "__main__":
    main()

"""Scores findings on the two seeds against gold.jsonl. Usage: python seeds/score.py FINDINGS.jsonl

A target is met by a finding that overlaps it, is at most three times as long (or at most twelve words), and speaks of the problem: its message, rule or category
contains one of the target's `about` words. Targets of one `group` are met by any of them. A finding that overlaps no gold span is outside. The exit code is 1 unless every
target is met, at most four findings are outside, and none of those is major.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path, PurePath

HERE = Path(__file__).parent
MOST_OUTSIDE = 4


def rows(path):
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]


def places(finding):
    return [finding, *({"path": finding["path"], **place} for place in finding.get("occurrences", []))]


def on(place, gold):
    same = PurePath(place["path"]).name == PurePath(gold["path"]).name
    return same and place["start"] < gold["end"] and gold["start"] < place["end"]


def touches(finding, gold):
    return any(on(place, gold) for place in places(finding))


def meets(finding, gold):
    said = f"{finding['message']} {finding['rule']} {finding['category']}".casefold()
    if not any(word in said for word in gold.get("about", [""])):
        return False
    sizes = [len(place.get("text", gold["text"]).split()) for place in places(finding) if on(place, gold)]
    return any(size <= max(12, 3 * len(gold["text"].split())) for size in sizes)


def judge(found, gold):
    """What was missed, what is outside gold, and how many of the lesser spans were touched."""
    groups = defaultdict(list)
    for index, target in enumerate(gold):
        if target["must"]:
            groups[target.get("group", index)].append(target)
    missed = [targets[0]["text"] for targets in groups.values() if not any(meets(f, t) for t in targets for f in found)]
    outside = [f for f in found if f["severity"] != "neutral" and not any(touches(f, g) for g in gold)]
    lesser = [g for g in gold if not g["must"]]
    touched = sum(any(touches(f, g) for f in found) for g in lesser)
    return {"targets": len(groups), "missed": missed, "outside": outside, "lesser": len(lesser), "touched": touched}


def passes(result):
    major = [f for f in result["outside"] if f["severity"] in ("major", "critical")]
    return not result["missed"] and len(result["outside"]) <= MOST_OUTSIDE and not major


if __name__ == "__main__":
    result = judge(rows(sys.argv[1]), rows(HERE / "gold.jsonl"))
    print("missed:", result["missed"])
    print("outside:", [(f["rule"], f["text"]) for f in result["outside"]])
    print(f"targets {result['targets'] - len(result['missed'])}/{result['targets']}, lesser spans touched {result['touched']}/{result['lesser']}")
    sys.exit(not passes(result))

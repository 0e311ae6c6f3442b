"""How long the desk takes for each thing that an editor does, over 10,000 findings in 500 texts: milliseconds of the processor and of the clock.

python tests/benchmarks/review.py [--database postgresql://…] [--findings 10000] [--texts 500]
"""

# ruff: noqa: T201 (a script)

import argparse
import contextlib
import resource
import statistics
import tempfile
import time
from pathlib import Path

from auditor import pipeline
from auditor.config import Config
from auditor.policy.settle import Policy
from auditor.review.desk import Desk
from auditor.review.found import Found, group_key
from auditor.review.merging import merge, put_groups
from auditor.review.model import Filters
from auditor.review.project import project
from auditor.review.store import rows
from auditor.review.store.tables import opened
from auditor.review.working import Copy, digest
from auditor.rules.model import RuleSet
from auditor.types import Span

SENTENCE = "The delegates of group {number} met in the hall on Monday and spoke at some length of the harvest. "
SEVERITIES = ("minor", "minor", "major", "minor", "critical")


def filled(folder, database, findings, texts):
    """A desk whose store holds as many findings: every tenth group stands in forty places, the others in one."""
    engine = opened(database, file=folder / "review.sqlite")
    rules = RuleSet((), "none")
    work = project(engine, Config(folder=folder), rules, Policy(), folder=folder, file=folder / "decisions.jsonl", inbox=folder, lease=60.0)
    each = findings // texts
    with rows.writing(engine) as link:
        holding = []
        for number in range(texts):
            body = "".join(SENTENCE.format(number=number * each + index) for index in range(each)) + "\n"
            path = folder / f"text-{number:04}.txt"
            path.write_text(body, encoding="utf-8")
            data = body.encode()
            copy = Copy(str(path), "", data)
            values = {"path": path.name, "file": str(path), "number": number, "data": data, "sha": digest(data), "working": body}
            values |= {"working_sha": copy.standing_sha(), "language": ("de", "fr", "es")[number % 3], "words": len(body.split())}
            text_id = rows.put_text(link, **values)
            places, start = [], 0
            for index in range(each):
                nth = number * each + index
                at = body.index("met in", start)
                start = at + 1
                words = f"met in {nth % (findings // 400)}" if nth % 10 == 0 else f"met in {nth}"
                severity = SEVERITIES[nth % 5]
                rule = f"de-en/rule-{nth % 300}" if nth % 10 else "de-en/rule-0"
                key, mark = group_key(rule, words, ["gathered in"]), f"{nth:016}"
                options = '[["gathered in", false, null]]'
                message = "“met in” reads like German."
                places.append(
                    Found(
                        key, rule, words, "met in", Span(at, at + 6), mark, mark, "style/unidiomatic", severity, 0.7 + nth % 30 / 100, True,
                        "body", message, "[]", options, True, "open", "",
                    )
                )  # fmt: skip
            holding.append((text_id, number, places))
        put_groups(link, [(number, item) for _, number, places in holding for item in places])
        for text_id, _, places in holding:
            merge(link, text_id, places, sees=lambda _: False)
        rows.recount(link)
    return Desk(work)


def timed(times, name, action, *arguments, **options):
    start, work = time.perf_counter(), time.process_time()
    done = action(*arguments, **options)
    times.setdefault(name, []).append((1000 * (time.process_time() - work), 1000 * (time.perf_counter() - start)))
    return done


def measured(desk, rounds):
    """Milliseconds by action."""
    times = {}
    for number in range(rounds):
        page = timed(times, "first paint: queue of 60", desk.queue, Filters(), None, 60)
        timed(times, "choices", desk.choices)
        timed(times, "progress", desk.progress, Filters())
        timed(times, "queue, one file", desk.queue, Filters(file=f"text-{number:04}.txt"), None, 60)
        timed(times, "queue, language and rule", desk.queue, Filters(language="fr", rule="de-en/rule-1*"), None, 60)
        timed(times, "queue, words", desk.queue, Filters(words="met in 99"), None, 60)
        after = timed(times, "queue, next stretch", desk.queue, Filters(), page.next, 60)
        single = [item for item in after.items if item.places == 1]
        for item, action in zip(single, ("accept", "dismiss", "query"), strict=False):
            timed(times, "item", desk.item, item.key, "Mary")
            timed(times, "lease", desk.lease, item.key, "Mary")
            if action == "accept":
                timed(times, "accept, one place", desk.accept, item.key, item.version, "Mary", "gathered in")
            else:
                timed(times, f"{action}, one place", getattr(desk, action), item.key, item.version, "Mary")
        timed(times, "undo", desk.undo, "Mary")
        view = timed(times, "text", desk.text, f"text-{400 - number:04}.txt")
        timed(times, "edit, with the audit in place", desk.edit, view.path, view.version, "Mary", 4, 13, "envoys")
        timed(times, "texts", desk.texts)
    many = [item for item in desk.queue(Filters(rule="de-en/rule-0"), None, 60).items if item.open > 20]
    for item in many[:3]:
        timed(times, f"accept in {item.open} places of {item.files} texts", desk.accept, item.key, item.version, "Mary", "gathered in")
        timed(times, f"undo of {item.open} places", desk.undo, "Mary")
    timed(times, "diff", desk.diff)
    timed(times, "change report, csv", desk.changes, "csv")
    return times


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", default="")
    parser.add_argument("--findings", type=int, default=10_000)
    parser.add_argument("--texts", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=20)
    asked = parser.parse_args()
    table = pipeline.alias_table(Config())
    pipeline.alias_table = lambda _: table
    with tempfile.TemporaryDirectory() as work, contextlib.ExitStack() as stack:
        start = time.perf_counter()
        desk = filled(Path(work), asked.database, asked.findings, asked.texts)
        stack.callback(desk.close)
        total = desk.queue(Filters(), None, 1).total
        print(f"{asked.findings:,} findings, {total:,} groups, {asked.texts:,} texts; filled in {time.perf_counter() - start:.1f} s")
        print(f"{'milliseconds':45} {'processor: median':>18} {'worst':>8} {'clock: median':>15} {'worst':>8}")
        desk.idle()
        for name, values in measured(desk, asked.rounds).items():
            spent, passed = ([value[which] for value in values] for which in (0, 1))
            print(f"{name:45} {statistics.median(spent):18.1f} {max(spent):8.1f} {statistics.median(passed):15.1f} {max(passed):8.1f}")
        size = sum(file.stat().st_size for file in Path(work).glob("review.sqlite*")) / 1e6
        print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB; store {size:,.1f} MB")


if __name__ == "__main__":
    main()

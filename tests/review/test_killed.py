"""A desk that is killed in the middle of its work has lost nothing that it had confirmed."""

import json
import signal
import subprocess
import sys
import time

import pytest

from auditor.policy import decisions
from auditor.review.model import Filters

WORK = """
import sys
from pathlib import Path
from auditor import pipeline
from auditor.config import Config
from auditor.lm import Fluency
from auditor.policy.settle import Policy
from auditor.review.desk import open_desk
from auditor.review.model import Filters
from auditor.rules.model import RuleSet
read = pipeline.rule_set
pipeline.rule_set = lambda config: (RuleSet(tuple(rule for rule in read(config)[0] if rule.id == "en/word-twice"), "one"), ())
config, none = Config(folder=Path.cwd()), Fluency(missing="none")
rules, _ = pipeline.rule_set(config)
audited = lambda texts, policy: pipeline.report(config, texts, rules=rules, fluency=none, keep_documents=True, policy=policy)
desk = open_desk(config, ["copy"], audited=audited, policy=Policy(), database=sys.argv[1])
print("ready", flush=True)
while True:
    for item in desk.queue(Filters(), None, 100).items:
        done = desk.accept(item.key, item.version, "Mary", item.options[0].text)
        print("fixed", item.key, flush=True)
    while True:
        try:
            done = desk.undo("Mary")
        except Exception:
            break
        print("open", done.key, flush=True)
"""


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "copy"
    folder.mkdir()
    for number, words in enumerate(("the the", "a a", "by by", "with with", "for for")):
        (folder / f"{number}.txt").write_text(f"Talks number {number} went on {words} long table in Bonn.\n", encoding="utf-8")
    return folder


def test_what_was_confirmed_is_there_after_a_kill(desks, copy, tmp_path, database):
    confirmed = {}
    for turn in range(3):
        process = subprocess.Popen([sys.executable, "-c", WORK, database], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert process.stdout.readline() == "ready\n", process.stderr.read()
        time.sleep(0.13 * (turn + 1))
        process.send_signal(signal.SIGKILL)
        said = process.communicate()[0].splitlines()
        complete = [line.split() for line in said if len(line.split()) == 2]
        confirmed |= {key: state for state, key in complete}
        last = complete[-1][1] if complete else ""
        desk = desks(database=database)
        states = {item.key: item.state for state in ("open", "fixed") for item in desk.queue(Filters(state=state), None, 100).items}
        differing = [key for key, state in confirmed.items() if states[key] != state]
        assert len(differing) <= 1, "at most the one decision that was being made when the process died, and whose answer was never given"
        assert last not in differing or len(complete) == 0 or states[last] in ("open", "fixed")
        confirmed = dict(states)
        if not database:
            file = tmp_path / ".auditor" / "decisions.jsonl"
            held = decisions.read(file)
            assert len(held) == len(desk.export().splitlines())
            assert {json.loads(line)["at"] for line in desk.export().splitlines()} == {one.at for one in held}
        for item in desk.queue(Filters(state=""), None, 100).items:
            place = desk.item(item.key).places[0]
            words = desk.text(place.path).text[place.start : place.end]
            assert words == (item.options[0].text if item.state == "fixed" else item.text)
        desk.close()

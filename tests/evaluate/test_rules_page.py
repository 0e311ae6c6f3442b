"""The table of measured rules is that of the rules that are there: `auditor evaluate … -o reports/rules.md` writes it anew."""

import re
from pathlib import Path

from auditor import stages
from auditor.rules import loader

_PAGE = Path(__file__).parents[2] / "reports" / "rules.md"


def test_the_page_was_measured_on_the_rules_of_today() -> None:
    folder = loader.packs_folder()
    rules = loader.load([folder], stages.SCHEMAS, trusted=(folder,))
    signature = re.search(r"rules:(\d+)@([0-9a-f]+)", _PAGE.read_text(encoding="utf-8"))
    assert signature is not None
    assert (int(signature[1]), signature[2]) == (len(rules), rules.digest[:12]), "reports/rules.md is stale: run `auditor evaluate` again"

import os
import subprocess
from functools import cache, partial
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor import pipeline
from auditor.cli.fixing import mend
from auditor.config import Config
from auditor.io.read import content
from auditor.types import Audit

COPY = "Talks resume\n\nAlexander Lukaschenko met them. They said « nothing ».\n\nEnlarge image\n\nThey left.\n"
MENDED = COPY.replace("Lukaschenko", "Lukashenko").replace("« nothing »", "“nothing”")


def fix(auditor, *arguments, **more):
    return auditor("fix", *arguments, "-s", "de", "--model", "none", **more)


def test_a_diff_is_printed_that_git_applies_and_nothing_is_changed(auditor, tmp_path):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "a.txt").write_text(COPY, encoding="utf-8")
    (tmp_path / "copy" / "b.txt").write_text(COPY.rstrip(), encoding="utf-8")
    ran = fix(auditor, "copy")
    assert ran.code == 0
    assert (tmp_path / "copy" / "a.txt").read_text(encoding="utf-8") == COPY
    assert "would mend 6 places in 2 files" in ran.err
    assert "2 more with --unsafe" in ran.err
    subprocess.run(["git", "apply", "-"], input=ran.out.encode(), cwd=tmp_path, check=True)
    assert (tmp_path / "copy" / "a.txt").read_text(encoding="utf-8") == MENDED
    assert (tmp_path / "copy" / "b.txt").read_text(encoding="utf-8") == MENDED.rstrip()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_file_keeps_its_encoding_its_mark_and_its_line_ends(auditor, tmp_path, encoding, end):
    path = tmp_path / "a.txt"
    path.write_bytes(COPY.replace("\n", end).encode(encoding))
    path.chmod(0o640)
    ran = fix(auditor, path, "--write")
    assert (ran.code, ran.out) == (0, "")
    assert path.read_bytes() == MENDED.replace("\n", end).encode(encoding)
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_unsafe_makes_deletions_and_diff_prints_them(auditor, tmp_path):
    (tmp_path / "a.txt").write_text(COPY, encoding="utf-8")
    ran = fix(auditor, "a.txt", "--write", "--unsafe", "--diff")
    assert "-Enlarge image" in ran.out
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == MENDED.replace("Enlarge image\n\n", "")


def test_where_nothing_is_to_mend_nothing_is_touched(auditor, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Talks resume\n\nThey met in Geneva.\n", encoding="utf-8")
    os.utime(path, (1, 1))
    ran = fix(auditor, path, "--write")
    assert (ran.code, ran.out) == (0, "")
    assert "nothing to mend in 1 file" in ran.err
    assert path.stat().st_mtime == 1


def test_containers_are_mended(auditor, tmp_path):
    word = docx.Document()
    paragraph = word.add_paragraph("They met Alexander Luka")
    paragraph.add_run("schenko").bold = True
    word.save(str(tmp_path / "a.docx"))
    (tmp_path / "b.html").write_text("<p>They met Alexander <b>Lukaschenko</b> &amp; co.</p>", encoding="utf-8")
    (tmp_path / "c.jsonl").write_text('{"id": 1.0}\n{"text":"They met Alexander Lukaschenko."}\n', encoding="utf-8")
    ran = fix(auditor, ".", "--write")
    assert ran.code == 2
    assert "line 1: has none of the fields" in ran.err
    assert docx.Document(str(tmp_path / "a.docx")).paragraphs[0].text == "They met Alexander Lukashenko"
    assert (tmp_path / "b.html").read_text(encoding="utf-8") == "<p>They met Alexander <b>Lukashenko</b> &amp; co.</p>"
    assert (tmp_path / "c.jsonl").read_text(encoding="utf-8") == '{"id": 1.0}\n{"text":"They met Alexander Lukashenko."}\n'


def test_what_cannot_be_mended_is_said(auditor, tmp_path):
    page = "<p>They met Alexan<b>der Luka</b>schenko.</p>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    ran = fix(auditor, "a.html", "--write")
    assert ran.code == 0
    assert "a.html: line 1: " in ran.err
    assert "is not mended: markup stands inside" in ran.err
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == page


def test_standard_input_is_mended_to_standard_output(auditor):
    assert fix(auditor, "-", "--write", stdin=COPY).out == MENDED
    assert "+++ b/wire.txt" in fix(auditor, "-", "--stdin-filename", "wire.txt", stdin=COPY).out


@pytest.mark.parametrize(("arguments", "said"), [([], "which files"), (["no.txt"], "no.txt"), (["a.txt", "--color", "pink"], "--color")])
def test_usage_errors_are_a_2(auditor, tmp_path, arguments, said):
    (tmp_path / "a.txt").write_text(COPY, encoding="utf-8")
    ran = fix(auditor, *arguments)
    assert ran.code == 2
    assert said in ran.err


def test_a_file_that_cannot_be_written_is_a_2_and_stays(auditor, tmp_path, monkeypatch):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(COPY, encoding="utf-8")
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda self, to: 1 / 0 if to.name == "b.txt" and _refuse() else replace(self, to))
    ran = fix(auditor, "a.txt", "b.txt", "--write")
    assert ran.code == 2
    assert "b.txt: cannot be written" in ran.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.txt"]
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == MENDED
    assert (tmp_path / "b.txt").read_text(encoding="utf-8") == COPY


def _refuse():
    raise OSError(28, "No space left on device")


def test_named_files_are_left_out_only_when_that_is_forced(auditor, tmp_path):
    (tmp_path / "auditor.toml").write_text('exclude = ["old/"]\n', encoding="utf-8")
    (tmp_path / ".gitignore").write_text("*.tmp.txt\nbuild/\n", encoding="utf-8")
    names = ["old/a.txt", "build/deep/b.txt", "c.tmp.txt", "d.txt.source.txt", "e.py", "f.txt"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(COPY, encoding="utf-8")
    assert fix(auditor, *names).out.count("+++ b/") == len(names)
    forced = fix(auditor, *names, "--force-exclude").out
    assert [line for line in forced.splitlines() if line.startswith("+++")] == ["+++ b/f.txt"]


@cache
def audited():
    config = Config(source_lang="de", model="none")
    rules, _ = pipeline.rule_set(config)
    return partial(pipeline.audits, config, rules=rules, table=pipeline.alias_table(config), fluency=pipeline.Fluency(), keep_documents=True)


def once(data, path, *, unsafe):
    audits = [item for item in audited()(content(data, path)) if isinstance(item, Audit)]
    return mend(path, data, audits, audited(), unsafe=unsafe, limit=1_000_000).new if audits else data


PIECES = [
    *("Alexander Lukaschenko", "Lukaschenko", "said", "« nothing »", "„so“", "the the", "U.S.", "US", "Kiew", "1.200 Euro", "3,5 percent"),
    *(" ,", "..", "\n\n", "\n", "Enlarge image", "(dpa)", "and", "Selenskyj", "al-Sudani", "Al-Sudani", "He", "he", "??", "“", "”", "'"),
    *("14.30 Uhr", "–", "again", ".", "A.", "😀"),
]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=30).map(" ".join), st.sampled_from(["utf-8", "utf-16"]), st.booleans())
def test_mending_twice_is_mending_once(text, encoding, unsafe):
    data = text.encode(encoding)
    first = once(data, "a.txt", unsafe=unsafe)
    assert once(first, "a.txt", unsafe=unsafe) == first


def test_fixes_that_bring_each_other_back_leave_the_file_alone_and_that_is_said(auditor, tmp_path):
    packs = tmp_path / ".auditor" / "packs"
    packs.mkdir(parents=True)
    rule = 'kind = "phrase"\ncategory = "style/awkward"\nseverity = "minor"\nmessage = "m"\nsuggest = ["{}"]\nmatch.any = ["{}"]\n'
    (packs / "en.toml").write_text(f"[to-b]\n{rule.format('bbb', 'aaa')}[to-a]\n{rule.format('aaa', 'bbb')}", encoding="utf-8")
    (tmp_path / "a.txt").write_text("They saw aaa there.\n", encoding="utf-8")
    ran = fix(auditor, "a.txt", "--unsafe", "--write", "--select", "en/to-*")
    assert "bring each other back" in ran.err
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "They saw aaa there.\n"


def test_what_a_file_excludes_is_relative_to_it_and_what_a_flag_excludes_to_the_working_folder(auditor, tmp_path):
    (tmp_path / "auditor.toml").write_text('exclude = ["/copy/old.txt", "/new.txt"]\n', encoding="utf-8")
    (tmp_path / "copy").mkdir()
    for name in ("old.txt", "new.txt"):
        (tmp_path / "copy" / name).write_text(COPY, encoding="utf-8")
    assert [line for line in fix(auditor, "copy").out.splitlines() if line.startswith("+++")] == ["+++ b/copy/new.txt"]
    flagged = fix(auditor, "copy", "--exclude", "/copy/new.txt").out
    assert [line for line in flagged.splitlines() if line.startswith("+++")] == ["+++ b/copy/old.txt"]

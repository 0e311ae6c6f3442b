import os
import threading

import pytest

from auditor.errors import UsageError
from auditor.io.write import write


def test_a_file_is_written_with_its_folder_and_replaced(tmp_path):
    path = tmp_path / "deep" / "a.txt"
    write(path, ["one\n", "é \ud800"])
    assert path.read_text(encoding="utf-8") == "one\né \\ud800"
    write(path, ["two"])
    assert path.read_text(encoding="utf-8") == "two"
    assert [file.name for file in path.parent.iterdir()] == ["a.txt"]


def test_a_failure_in_the_middle_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")

    def chunks():
        yield "new"
        raise OSError(28, "No space left on device")

    with pytest.raises(UsageError, match="No space left"):
        write(path, chunks())
    assert path.read_text(encoding="utf-8") == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


def test_a_pipe_is_written_to_and_stays_one(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    read = []
    reader = threading.Thread(target=lambda: read.append(path.read_text(encoding="utf-8")))
    reader.start()
    write(path, ["text"])
    reader.join()
    assert read == ["text"]
    assert path.is_fifo()


def test_a_link_stays_and_its_file_is_replaced(tmp_path):
    (tmp_path / "real.txt").write_text("old", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to("real.txt")
    write(tmp_path / "link.txt", ["new"])
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text(encoding="utf-8") == "new"


def test_a_folder_is_not_written_to(tmp_path):
    with pytest.raises(UsageError, match="cannot be written"):
        write(tmp_path, ["x"])

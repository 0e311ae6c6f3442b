"""What a folder holds, for `auditor init`: its texts and how their source language is known, its repository and host."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from itertools import islice
from pathlib import Path, PurePosixPath

from auditor import __version__
from auditor.cli.init import Folder, Seen
from auditor.io.files import find
from auditor.io.read import READERS, content
from auditor.text.provenance import settle
from auditor.types import Document

_MOST = 2000
_FURNITURE = re.compile(r"(readme|changelog|changes|contributing|license|licence|notice|authors|security|code_of_conduct|support)\b.*", re.IGNORECASE)
_REMOTE = re.compile(r"^\s*url\s*=\s*(?P<url>\S+)", re.MULTILINE)
_HOSTS = {"github": "github", "gitlab": "gitlab"}


def survey(folder: Path) -> Seen:
    """Looks through at most 2,000 texts; those that cannot be read are counted."""
    root = next((path for path in (folder, *folder.parents) if (path / ".git").exists()), folder)
    languages: dict[str, Counter[tuple[str, str]]] = {}
    furniture, unread = [], 0
    for path in islice(_texts(folder), _MOST):
        relative = PurePosixPath(path.relative_to(folder).as_posix())
        if len(relative.parts) == 1 and _FURNITURE.fullmatch(relative.name):
            furniture.append(f"/{relative.name}")
            continue
        documents = _documents(path)
        unread += not documents
        for document in documents:
            stated = document.provenance
            home = "/".join(relative.parts[:-1][:2])
            languages.setdefault(home, Counter())[stated.source_lang or "", stated.how] += 1
    folders = tuple(Folder(name, sum(found.values()), dict(sorted(found.items()))) for name, found in sorted(languages.items()))
    there = frozenset(name for name in (".github", ".gitlab-ci.yml", ".pre-commit-config.yaml") if (root / name).exists())
    return Seen(root, _host(root, there), _branch(root), folders, tuple(sorted(furniture)), unread, there)


def _texts(folder: Path) -> Iterator[Path]:
    for found in find(str(folder), suffixes=tuple(READERS), seen=set()):
        if isinstance(found, str):
            yield Path(found)


def _documents(path: Path) -> list[Document]:
    try:
        data = path.read_bytes()
    except OSError:
        return []
    return [settle(item) for item in islice(content(data, str(path)), 20) if isinstance(item, Document)]


def _host(root: Path, there: frozenset[str]) -> str:
    """By the address of the repository's remote, else by what its CI has left."""
    config = root / ".git" / "config"
    remotes = _REMOTE.findall(config.read_text(encoding="utf-8", errors="replace")) if config.is_file() else []
    named = next((host for sign, host in _HOSTS.items() for url in remotes if sign in url), "")
    return named or ("gitlab" if ".gitlab-ci.yml" in there else "github" if ".github" in there else "")


def _branch(root: Path) -> str:
    """The default branch as far as the clone knows it."""
    for name in ("refs/remotes/origin/HEAD", "HEAD"):
        head = root / ".git" / name
        if head.is_file() and (found := re.match(r"ref: refs/(?:remotes/origin|heads)/(\S+)", head.read_text(encoding="utf-8", errors="replace"))):
            return found[1]
    return "main"


def requirement() -> str:
    """What pip installs this program by elsewhere: the repository that it was installed from, else its version in the index."""
    try:
        said = json.loads(distribution("auditor").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, json.JSONDecodeError):
        said = {}
    version = said.get("vcs_info", {}) if isinstance(said, dict) else {}
    if version:
        return f"auditor @ {version['vcs']}+{said['url']}@{version['commit_id']}"
    return f"auditor=={__version__}"

"""What the tests of the page share: a folder of copy, a desk over it, the page in this process, and a browser over a process of its own."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import uuid
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy

from auditor import pipeline
from auditor.config import Config
from auditor.lm import Fluency
from auditor.names import aliases
from auditor.policy.settle import Policy
from auditor.review.desk import open_desk

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --disable-quic --no-first-run"

COPY = {
    "kyiv.txt": """---
source_language: de
---
Kyiv awaits <script>document.title = "taken"</script> envoys

President Selenskyj received the envoys on Monday. The the talks lasted three hours, according to & beyond.

“We will meet again <img src=x onerror=alert(1)>”, said Selenskyj.
""",
    "gas.txt": """---
source_language: de
---
Gas flows again

Selenskyj thanked the workers. The station had stood still for 1.250.000 hours, the the operator said.
""",
}


@pytest.fixture(scope="session")
def texts():
    """Two texts with findings and with hostile markup, by name."""
    return COPY


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Two texts with findings and with hostile markup, in a project of their own."""
    monkeypatch.chdir(tmp_path)
    copy = tmp_path / "copy"
    copy.mkdir()
    for name, text in COPY.items():
        (copy / name).write_bytes(text.encode())
    return copy


def audited(config):
    """What audits the texts of a desk in this process, without a language model."""

    def audit(texts, policy):
        rules, _ = pipeline.rule_set(config)
        return pipeline.report(config, texts, rules=rules, fluency=Fluency(missing="none"), keep_documents=True, policy=policy)

    return audit


def desk_over(config, paths, **options):
    """A desk that audits without a language model, also when it looks again: then alone, since no process is started for it here."""
    held = []

    def again(texts, policy):
        with held[0].project.lock:
            return audited(config)(texts, policy)

    held.append(open_desk(config, paths, **{"audited": audited(config), "again": again, **options}))
    return held[0]


@dataclass
class Running:
    """The page as a process of its own."""

    address: str
    process: subprocess.Popen
    arguments: list[str]
    cwd: Path

    @property
    def base(self):
        """The address without its path and token."""
        return "{0.scheme}://{0.netloc}".format(urlsplit(self.address))

    def kill(self):
        """As a machine that loses its power would end it."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def start(cwd, *arguments):
    """Starts `auditor review` and waits for the address, the first thing that it prints."""
    command = [sys.executable, "-m", "auditor.cli.main", "review", *map(str, arguments), "--no-browser", "--model", "none", "--quiet"]
    environment = {**os.environ, "AUDITOR_CACHE": str(cwd / "cache")}
    process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.PIPE, text=True)
    address = process.stdout.readline().strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=\S+", address), address
    return Running(address, process, list(arguments), cwd)


@pytest.fixture
def running():
    """Starts pages over a folder; all of them are ended with the test."""
    with contextlib.ExitStack() as stack:

        def run(cwd, *arguments):
            page = start(cwd, *arguments)
            stack.callback(lambda: page.process.poll() is None and page.kill())
            return page

        yield run


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium; its tests are skipped where it is not installed. Closed with its module: other tests need the loop of events."""
    playwright = pytest.importorskip("playwright.sync_api")
    if not Path(CHROMIUM).exists():
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield opened
        opened.close()


@dataclass
class Editor:
    """Somebody at the page: keys, and what she sees."""

    page: object
    errors: list[str] = field(default_factory=list)

    def press(self, *keys):
        """Presses keys, each of which leads to an answer of the program, and waits until the page shows it."""
        for key in keys:
            with self.page.expect_response(lambda answer: "/static/" not in answer.url and "/release" not in answer.url):
                self.page.keyboard.press(key)
            self.settle()

    def settle(self):
        """Waits until the page shows the last answer."""
        self.page.wait_for_selector("#page:not(.busy)")

    def go(self, name):
        """To a page of the bar by the keyboard alone: through the links with the tabulator."""
        self.tab_to(f"nav a:text('{name}')")
        self.press("Enter")

    def tab_to(self, selector, most=80):
        """Presses the tabulator until the element has the focus."""
        wanted = self.page.locator(selector).first
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if wanted.evaluate("node => node === document.activeElement"):
                return
        raise AssertionError(f"the tabulator does not lead to {selector}")

    @property
    def heading(self):
        """What the page is about."""
        return self.page.inner_text("h1")

    @property
    def said(self):
        """What the live region says last."""
        self.page.wait_for_selector("#said:not(:empty)")
        return self.page.inner_text("#said")


@pytest.fixture
def editor(browser):
    """Opens the page for somebody; anything that goes wrong in the browser fails the test."""
    with contextlib.ExitStack() as stack:
        editors = []

        def opened(address, **options):
            context = browser.new_context(**{"base_url": address.partition("?")[0], "viewport": {"width": 1280, "height": 900}, **options})
            stack.callback(context.close)
            one = Editor(context.new_page())
            one.page.on("pageerror", lambda error: one.errors.append(str(error)))
            one.page.on("dialog", lambda dialog: (one.errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))
            one.page.on("console", lambda said: one.errors.append(said.text) if said.type == "error" and "status of 4" not in said.text else None)
            one.page.goto(address)
            editors.append(one)
            return one

        yield opened
        assert not [error for one in editors for error in one.errors]


def _postgres_programs():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(path) for path in [shutil.which("initdb")] if path]
    return found[-1].parent if found else None


@pytest.fixture(scope="session")
def postgres():
    """The address of a PostgreSQL server for these tests alone, on a socket; AUDITOR_TEST_POSTGRES names another one."""
    named = os.environ.get("AUDITOR_TEST_POSTGRES")
    if named:
        yield named
        return
    programs = _postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="auditor-pg"))
    who = {}
    if os.getuid() == 0:  # the server refuses to run as root
        try:
            shutil.chown(folder, "postgres", "postgres")
        except LookupError:
            pytest.skip("there is no user postgres to run the server")
        who = {"user": "postgres", "group": "postgres", "extra_groups": []}
    data = folder / "data"

    def run(program, *arguments):
        done = subprocess.run([programs / program, *arguments], capture_output=True, text=True, cwd=folder, check=False, **who)
        assert done.returncode == 0, done.stderr

    run("initdb", "-D", data, "-U", "auditor", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
    run("pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", f"-k {folder} -c listen_addresses='' -c fsync=off", "start")
    try:
        yield f"postgresql://auditor@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    """The address of an empty database of either kind, as --database takes it."""
    if request.param == "sqlite":
        yield ""
        return
    server = sqlalchemy.make_url(request.getfixturevalue("postgres"))
    name = f"review_{uuid.uuid4().hex[:12]}"
    host = server.query.get("host")
    plain = server.set(drivername="postgresql+pg8000", query={})
    options = {"unix_sock": f"{host}/.s.PGSQL.{server.port or 5432}"} if host else {}
    engine = sqlalchemy.create_engine(plain, isolation_level="AUTOCOMMIT", connect_args=options)
    with engine.connect() as link:
        link.exec_driver_sql(f"CREATE DATABASE {name}")
    yield server.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as link:
        link.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


@dataclass
class Clock:
    """A clock that a test turns."""

    now: float = 1_800_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture(scope="session")
def few_rules():
    """A rule set that is built fast: a handful of rules of several kinds, none of which needs a language model."""
    from auditor.rules.model import RuleSet

    rules, _ = pipeline.rule_set(Config())
    kinds = ("repetition", "punctuation", "romanisation", "consistency", "residue", "across")
    return RuleSet(tuple(rule for rule in rules if not rule.verify and rule.kind in kinds), "few")


@cache
def _own_table():
    """The alias table that comes with the program, read once."""
    return aliases.of_run(Config())


@pytest.fixture
def desks(tmp_path, monkeypatch, few_rules):
    """Opens desks over the folder of a test, all on one clock; they are closed with the test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pipeline, "rule_set", lambda *_: (few_rules, ()))
    read_aliases = pipeline.alias_table

    def table(config):
        own = (config.folder or Path()) / ".auditor" / "aliases"
        return read_aliases(config) if own.exists() else _own_table()

    monkeypatch.setattr(pipeline, "alias_table", table)
    clock = Clock()
    with contextlib.ExitStack() as stack:

        def opened(*paths, database="", **options):
            config = replace(Config(), folder=tmp_path)
            named = [str(path) for path in paths] or ["copy"]
            desk = desk_over(config, named, **{"policy": Policy(), "database": database, **options})
            stack.callback(desk.close)
            return replace(desk, project=replace(desk.project, clock=clock))

        opened.clock = clock
        yield opened

import asyncio
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

lsp = pytest.importorskip("lsprotocol.types")
client = pytest.importorskip("pygls.lsp.client")

from auditor.lsp import Positions, _text_edits  # noqa: E402  both need the extra

COPY = "Talks 😀 resume\n\n😀 “Alexander Lukaschenko” met them.\u2028They 😀 saw Kiew, and Lukaschenko left.\n\nEnlarge image\n"
TEXTS = st.text(st.sampled_from("ab😀é\r\n\u2028\x0b\ud83d "), max_size=30)


def units(text, encoding="utf-16-le", width=2):
    return len(text.encode(encoding, "surrogatepass")) // width


@given(TEXTS, st.data())
def test_positions_count_utf_16_units_and_lines_as_the_protocol_does(text, data):
    offset = data.draw(st.integers(0, len(text)))
    before = text[:offset].replace("\r\n", "\n")
    if before.endswith("\r") and text[offset : offset + 1] == "\n":
        return
    lines = before.replace("\r", "\n").split("\n")
    at = Positions(text).position(offset)
    assert (at.line, at.character) == (len(lines) - 1, units(lines[-1]))


def applied(text, edits):
    """The text with the edits made as a client makes them."""
    starts = [0]
    for number, sign in enumerate(text):
        if sign == "\n" or (sign == "\r" and text[number + 1 : number + 2] != "\n"):
            starts.append(number + 1)

    def offset(at):
        index = starts[at.line]
        while units(text[starts[at.line] : index]) < at.character:
            index += 1
        return index

    for edit in sorted(edits, key=lambda edit: edit.range.start, reverse=True):
        text = text[: offset(edit.range.start)] + edit.new_text + text[offset(edit.range.end) :]
    return text


@given(st.text(st.sampled_from("ab😀é\r\n\u2028 "), max_size=30), st.text(st.sampled_from("ab😀é\r\n\u2028 "), max_size=30))
def test_text_edits_lead_from_the_old_text_to_the_new(old, new):
    if "\r" not in old + new:
        assert applied(old, _text_edits(old, new, Positions(old))) == new


class Editor:
    """An editor by pygls's own client: what the server published, by text."""

    def __init__(self):
        self.client = client.LanguageClient("editor", "1")
        self.published = asyncio.Queue()
        self.messages = asyncio.Queue()

        @self.client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params):
            self.published.put_nowait(params)

        @self.client.feature(lsp.WINDOW_SHOW_MESSAGE)
        def shown(params):
            self.messages.put_nowait(params.message)

    async def start(self, folder, *, encodings=None):
        await self.client.start_io(sys.executable, "-m", "auditor.cli.main", "lsp", "--stdio", "-s", "de", cwd=folder)
        capabilities = lsp.ClientCapabilities(general=lsp.GeneralClientCapabilities(position_encodings=encodings))
        answer = await self.client.initialize_async(lsp.InitializeParams(capabilities, root_uri=folder.as_uri()))
        self.client.initialized(lsp.InitializedParams())
        return answer

    async def open(self, path, text, language="plaintext"):
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(path.as_uri(), language, 1, text)))
        return await self.next()

    async def change(self, path, text, version):
        identifier = lsp.VersionedTextDocumentIdentifier(version=version, uri=path.as_uri())
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(identifier, [lsp.TextDocumentContentChangeWholeDocument(text)]))
        return await self.next()

    async def next(self):
        return (await asyncio.wait_for(self.published.get(), 60)).diagnostics

    async def actions(self, path, at, only=None):
        context = lsp.CodeActionContext([], only=only)
        return await self.client.text_document_code_action_async(lsp.CodeActionParams(lsp.TextDocumentIdentifier(path.as_uri()), at, context))

    async def hover(self, path, at):
        return await self.client.text_document_hover_async(lsp.HoverParams(lsp.TextDocumentIdentifier(path.as_uri()), at))

    async def stop(self):
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await asyncio.wait_for(self.client.stop(), 20)


def edit_with(folder, session):
    async def run():
        editor = Editor()
        try:
            return await session(editor, folder)
        finally:
            await editor.stop()

    return asyncio.run(run())


def slices(text, diagnostics):
    lines = text.replace("\r\n", "\n").split("\n")
    found = []
    for diagnostic in diagnostics:
        line = lines[diagnostic.range.start.line].encode("utf-16-le")
        assert diagnostic.range.end.line == diagnostic.range.start.line
        found.append((diagnostic.code, line[2 * diagnostic.range.start.character : 2 * diagnostic.range.end.character].decode("utf-16-le")))
    return found


def where(diagnostics, code, number=0):
    return [d for d in diagnostics if d.code == code][number].range


def test_an_editor_sees_findings_fixes_and_reasons_and_settings_are_read_again(tmp_path):
    async def session(editor, folder):
        path = folder / "copy" / "a.txt"
        path.parent.mkdir()
        path.write_text(COPY, encoding="utf-8")
        answer = await editor.start(folder)
        assert answer.server_info.name == "auditor"
        found = await editor.open(path, COPY)
        said = slices(COPY, found)
        assert {"Kiew", "Alexander Lukaschenko", "Lukaschenko", "Enlarge image"} <= {text for _, text in said}
        rule = next(code for code, text in said if text == "Kiew")
        kiew = next(d for d, (_, text) in zip(found, said, strict=True) if text == "Kiew")
        assert kiew.source == "auditor"

        (best, *_) = await editor.actions(path, kiew.range)
        assert (best.title, best.is_preferred, best.kind) == ("Print “Kyiv”", True, "quickfix")
        (changes,) = best.edit.changes.values()
        assert applied(COPY, changes) == COPY.replace("Kiew", "Kyiv")

        (everything,) = await editor.actions(path, kiew.range, only=[lsp.CodeActionKind.SourceFixAll])
        (changes,) = everything.edit.changes.values()
        mended = COPY.replace("Kiew", "Kyiv").replace("Lukaschenko", "Lukashenko")
        assert applied(COPY, changes) == mended

        hover = await editor.hover(path, kiew.range.start)
        assert "Print instead: Kyiv" in hover.contents.value
        assert rule.replace("-", "\\-") in hover.contents.value
        assert await editor.hover(path, lsp.Position(0, 0)) is None

        assert "Kiew" not in {text for _, text in slices(mended, await editor.change(path, mended, 2))}

        (folder / "auditor.toml").write_text(f'ignore = ["{rule}", "und/*", "en/*"]\n', encoding="utf-8")
        editor.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([]))
        assert not {code for code, _ in slices(mended, await editor.next())} & {rule}
        (folder / "auditor.toml").write_text('ignroe = ["x"]\n', encoding="utf-8")
        editor.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([]))
        message = await asyncio.wait_for(editor.messages.get(), 60)
        (folder / "auditor.toml").write_text("", encoding="utf-8")
        editor.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([]))
        assert "Enlarge image" in {text for _, text in slices(mended, await editor.next())}
        return message

    assert "did you mean “ignore”" in edit_with(tmp_path, session)


def test_markup_and_lines_of_json_have_their_findings_and_fixes_in_place(tmp_path):
    page = "<html><body><p>R&amp;D 😀</p>\r\n<p>In <i>😀</i> Kiew &amp; Co. they met Alexander <b>Lukaschenko</b>.</p></body></html>\r\n"
    rows = '{"text": "Nothing."}\n{"id": 1, "title": "T\\u00e4lks 😀", "text": "They \\"met\\" in Kiew\\n\\nand left."}\n'

    async def session(editor, folder):
        await editor.start(folder)
        results = []
        for name, text in (("a.html", page), ("b.jsonl", rows)):
            path = folder / name
            found = await editor.open(path, text)
            kiew = next(d for d, (_, words) in zip(found, slices(text, found), strict=True) if words == "Kiew")
            (best, *_) = await editor.actions(path, kiew.range)
            (changes,) = best.edit.changes.values()
            results.append(applied(text, changes) == text.replace("Kiew", "Kyiv"))
            broken = await editor.change(path, "{\n" if name.endswith("jsonl") else "", 2)
            results.append([d.message for d in broken])
        return results

    html, nothing, line, failure = edit_with(tmp_path, session)
    assert (html, nothing, line) == (True, [], True)
    assert "is not JSON" in failure[0]


def test_ignored_files_are_left_alone(tmp_path):
    (tmp_path / ".auditorignore").write_text("old/\n", encoding="utf-8")
    (tmp_path / "auditor.toml").write_text("", encoding="utf-8")
    (tmp_path / "old").mkdir()
    path = Path(tmp_path / "old" / "a.txt")
    path.write_text(COPY, encoding="utf-8")

    async def session(editor, folder):
        await editor.start(folder)
        return list(await editor.open(path, COPY))

    assert edit_with(tmp_path, session) == []

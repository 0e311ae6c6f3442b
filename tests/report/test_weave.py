import html
from html.parser import HTMLParser
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.report.markup import Html, closing, element, join, opening, text
from auditor.report.weave import Layer, paragraphs, share, weave
from auditor.types import Block, Document, Span


class Reader(HTMLParser):
    """What each layer covers, read back from the markup; fails on bad nesting."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.covered: dict[str, str] = {}
        self.text = ""
        self.ids: list[str] = []
        self.after: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag == "br":
            self._take("\n")
            return
        self.ids += [values["id"]] if values.get("id") else []
        self.after += [values["data-after"] or ""] if "data-after" in values else []
        self.open.append(tag + (values.get("data-layer") or ""))
        if values.get("data-layer"):
            self.covered.setdefault(values["data-layer"] or "", "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().startswith(tag)

    def handle_data(self, data: str) -> None:
        self._take(data.replace("\n", ""))

    def _take(self, data: str) -> None:
        self.text += data
        for name in self.open:
            if name.startswith("mark"):
                self.covered[name[4:]] += data


def layer(name: int, span: Span) -> Layer:
    start = opening("mark", id=f"l{name}", data_layer=name)
    return Layer(span, start, opening("mark", data_layer=name), closing("mark"), element("sup", data_after=name), depth=name)


@st.composite
def texts_with_layers(draw: st.DrawFn) -> tuple[str, list[Layer]]:
    content = draw(st.text(st.sampled_from('ab<&"\n ;é'), min_size=1, max_size=40))
    spans = draw(st.lists(st.tuples(st.integers(0, len(content)), st.integers(0, len(content))), max_size=8))
    return content, [layer(number, Span(*sorted(span))) for number, span in enumerate(spans)]


@given(texts_with_layers())
@settings(deadline=None, max_examples=200)
def test_every_layer_covers_exactly_its_span(case: tuple[str, list[Layer]]) -> None:
    content, layers = case
    reader = Reader()
    reader.feed(weave(content, Span(0, len(content)), layers))
    reader.close()
    assert reader.text == content
    assert not reader.open
    assert reader.covered == {str(number): content[each.span.start : each.span.end] for number, each in enumerate(layers)}
    assert sorted(reader.ids) == sorted(f"l{number}" for number in range(len(layers)))
    assert sorted(reader.after) == sorted(str(number) for number in range(len(layers)))


@given(texts_with_layers(), st.lists(st.integers(0, 40), max_size=6))
@settings(deadline=None, max_examples=200)
def test_paragraphs_hold_everything_that_can_be_read(case: tuple[str, list[Layer]], cuts: list[int]) -> None:
    content, layers = case
    ends = sorted(min(cut, len(content)) for cut in cuts)
    blocks = tuple(Block(Span(start, end)) for start, end in zip(ends[::2], ends[1::2], strict=False))
    spans = paragraphs(Document("a.txt", content, blocks=blocks))
    assert all(before.end <= after.start for before, after in pairwise(spans))
    held = {offset for span in spans for offset in range(span.start, span.end)}
    assert all(content[offset].isspace() for offset in range(len(content)) if offset not in held)
    reader = Reader()
    for span, shared in zip(spans, share(layers, spans), strict=True):
        assert all(span.covers(each.span) for each in shared)
        reader.feed(weave(content, span, shared))
    for number, each in enumerate(layers):
        inside = "".join(content[offset] for offset in range(each.span.start, each.span.end) if offset in held)
        assert reader.covered.get(str(number), "") == inside
    assert len(reader.ids) == len(set(reader.ids))
    assert len(reader.after) == len(set(reader.after))


def test_overlapping_layers_are_cut_and_go_on() -> None:
    woven = weave("abcdef", Span(0, 6), [layer(0, Span(0, 4)), layer(1, Span(2, 6))])
    assert woven == (
        '<mark id="l0" data-layer="0">ab<mark id="l1" data-layer="1">cd</mark></mark><sup data-after="0"></sup>'
        '<mark data-layer="1">ef</mark><sup data-after="1"></sup>'
    )


def test_markup_cannot_be_made_from_text() -> None:
    assert text('<b a="x">&\u202e') == "&lt;b a=&quot;x&quot;&gt;&amp;⟨U+202E⟩"
    assert element("a", text("<"), title='"><script>', hidden=True, lang=None) == '<a title="&quot;&gt;&lt;script&gt;" hidden>&lt;</a>'
    assert html.unescape(join((Html("a"), Html("b")), Html("-"))) == "a-b"

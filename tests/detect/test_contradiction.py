"""The contradiction kind: figures that cannot all be true are marked, those that can are not, whatever stands around them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.text.language import language
from auditor.text.segment import segment
from auditor.types import Document, Provenance

TOTALS = 'find = "totals"\npersons = ["people", "men", "women", "children"]\n'
DIRECTIONS = 'find = "directions"\nrising = ["rose", "increas(?:e|ed)"]\nfalling = ["fell", "drop(?:ped)?"]\n'
ENGLISH = language("en")
MANY = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
DAYS = st.dates(date(1924, 1, 1), date(2099, 12, 31))


def marked(find, parameters, text, day=None):
    document = segment(Document("x.txt", text, provenance=Provenance(date=day)))
    return [text[match.span.start : match.span.end] for match in find("contradiction", parameters, text, document=document)]


def said(day, weekday, style):
    month = ENGLISH.months[day.month - 1]
    return style.format(weekday=ENGLISH.weekdays[weekday], day=day.day, month=month, year=day.year)


STYLES = [
    "{weekday}, {day} {month} {year}",
    "{weekday} {month} {day}, {year}",
    "{weekday} ({month} {day}, {year})",
    "{weekday}, the {day}th of {month} {year}",
]


@MANY
@given(day=DAYS, wrong=st.integers(1, 6), style=st.sampled_from(STYLES))
def test_a_weekday_is_that_of_its_date(find, day, wrong, style):
    right, other = said(day, day.weekday(), style), said(day, (day.weekday() + wrong) % 7, style)
    assert marked(find, 'find = "weekdays"\n', f"They met on {right} in Moos.") == []
    assert marked(find, 'find = "weekdays"\n', f"They met on {other} in Moos.") == [other]


@MANY
@given(today=DAYS, back=st.integers(0, 40), wrong=st.integers(1, 6))
def test_without_a_year_the_date_of_the_text_says_which(find, today, back, wrong):
    day = today - timedelta(days=back)
    if day.year < 1924 or (day.month, day.day) == (2, 29):
        return
    right, other = (said(day, number % 7, "{weekday}, {day} {month}") for number in (day.weekday(), day.weekday() + wrong))
    assert marked(find, 'find = "weekdays"\n', f"They met on {right} in Moos.", today.isoformat()) == []
    assert marked(find, 'find = "weekdays"\n', f"They met on {other} in Moos.", f"{today.isoformat()}T08:00:00Z") == [other]
    assert marked(find, 'find = "weekdays"\n', f"They met on {other} in Moos.") == []


@pytest.mark.parametrize(
    "text",
    [
        "From Monday to Friday, 7 May 2021, they met.",
        "On Saturday and Sunday, May 8 and 9, 2021, they met.",
        "They met on Monday, 30 February 2021.",
        "They met on Monday, 4 May 1821.",
        "The Monday, 4 to 7 May 2021, was long. On Sunday 3-4 May 2021 it rained.",
    ],
)
def test_days_that_say_nothing(find, text):
    assert marked(find, 'find = "weekdays"\n', text, "2021-05-10") == []


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Agnes Brandner, 43, left. The 34-year-old Brandner came back.", ["34"]),
        ("Agnes Brandner, 43, left. Brandner, aged 43, came back.", []),
        ("Agnes Brandner, 43, left. The 34-year-old Josef Brandner came back.", []),
        ("Agnes Brandner (43) left. Agnes Brandner (34) came back.", []),
        ("The 43-year-old baker Agnes Brandner left. Agnes Brandner, 34 years old, came back.", ["34"]),
        ("A 43-year-old Republican left. County Republican, 34, came.", []),
        ("Her 17-year-old daughter Agnes’s Moos school. In Moos, 34, they said.", []),
    ],
)
def test_one_person_is_of_one_age(find, text, spans):
    assert marked(find, 'find = "ages"\n', text) == spans


@MANY
@given(parts=st.lists(st.integers(2, 40), min_size=2, max_size=3), off=st.integers(-1, 3))
def test_parts_add_up(find, parts, off):
    nouns = ("men", "women", "children")
    listed = [f"{part} {noun}" for part, noun in zip(parts, nouns, strict=False)]
    text = f"The fire hurt {sum(parts) + off} people: {', '.join(listed[:-1])} and {listed[-1]}."
    assert marked(find, TOTALS, text) == ([str(sum(parts) + off)] if off else [])


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Twelve people died (five men, six women and two children) on the road.", ["Twelve"]),
        ("Twenty-one people died – twelve men and nine women.", []),
        ("Twelve people died, among them two men and three women.", []),
        ("Twelve people died: two men and three women were from Moos.", []),
        ("1,200 people came: 700 men and 400 women.", ["1,200"]),
    ],
)
def test_wholes_in_words_and_brackets(find, text, spans):
    assert marked(find, TOTALS, text) == spans


@MANY
@given(old=st.integers(1, 99), new=st.integers(1, 99), unit=st.sampled_from([" percent", "%", " million", " billion"]))
def test_what_rises_ends_higher(find, old, new, unit):
    rises, falls = (f"The debt {verb} from {old}{unit} to {new}{unit} in May." for verb in ("rose", "fell"))
    assert bool(marked(find, DIRECTIONS, rises)) == (new < old)
    assert bool(marked(find, DIRECTIONS, falls)) == (new > old)
    assert bool(marked(find, DIRECTIONS, f"The debt rose to {new}{unit} from {old}{unit} in May.")) == (new < old)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("It rose from 5.2 to 4.8 percent.", ["rose from 5.2 to 4.8 percent"]),
        ("It fell from 1.2 million to 900,000 in May.", []),
        ("It rose from 1.2 million to 900,000 in May.", ["rose from 1.2 million to 900,000"]),
        ("It rose from 3 to 2.5 billion.", ["rose from 3 to 2.5 billion"]),
        ("He rose from 12 to 8 in the table, and from 5 percent to 3 seats.", []),
        ("It rose from 9 a.m. to 5 p.m. and fell from 3-2 to 4-5.", []),
        ("The increase from $5.2 million to $4.8 million was a surprise.", ["increase from $5.2 million to $4.8 million"]),
        ("It rose from 1,2 percent to 1,1 percent.", []),
    ],
)
def test_amounts_of_one_kind_alone_are_compared(find, text, spans):
    assert marked(find, DIRECTIONS, text) == spans


def test_a_credit_is_not_read(find):
    text = "They met in Moos.\n\nPhoto: Monday, 4 May 2021"
    document = segment(Document("x.txt", text))
    document = replace(document, segments=tuple(s for s in document.segments))
    assert [match for match in find("contradiction", 'find = "weekdays"\n', text, document=document) if match.span.start > 20] == []

import datetime
from decimal import Decimal
from itertools import pairwise

import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.story.figures import figures


def read(text, code, *, strict=True):
    return [(figure.kind, figure.text, *sorted(map(str, figure.values))) for figure in figures(text, code, strict=strict)]


@pytest.mark.parametrize(
    ("code", "text", "value"),
    [
        ("de", "12.500 Menschen", 12500),
        ("de", "3,5 Millionen Euro", 3500000),
        ("de", "1,2 Mrd. Euro", 1200000000),
        ("de", "1 234 567,89 Euro", Decimal("1234567.89")),
        ("fr", "12 000 personnes", 12000),
        ("fr", "3,5 milliards", 3500000000),
        ("es", "15 mil millones de euros", 15000000000),
        ("es", "1.200 vecinos", 1200),
        ("it", "40 mila euro", 40000),
        ("ru", "1,4 миллионом заразившихся", 1400000),
        ("uk", "2,5 млрд гривень", 2500000000),
        ("pl", "30 tys. osób", 30000),
        ("ar", "٣٥ شخصا", 35),
        ("zh", "达350万人", 3500000),
        ("zh", "1500多万人", 15000000),
        ("ja", "約29億円", 2900000000),
        ("en", "$1.2bn", 1200000000),
        ("en", "twelve people", 12),
    ],
)
def test_a_number_has_the_value_that_its_language_gives_it(code, text, value):
    (found,) = figures(text, code, strict=True)
    assert found.values == {Decimal(value)}


def test_marks_are_read_both_ways_in_copy_that_may_have_kept_foreign_ones():
    assert read("12.500 people", "en", strict=False) == [("number", "12.500", "12.500", "12500")]
    assert read("5m tall", "en", strict=False) == [("number", "5m", "5", "5E+6")]


@pytest.mark.parametrize("text", ["Covid-19", "A380", "version 10.12.14", "https://example.org/2019/12", "1234567890123456789"])
def test_what_is_no_number(text):
    assert read(text, "en") == []


@pytest.mark.parametrize(
    ("code", "text", "dates"),
    [
        ("de", "am 24. Dezember 2019", ["(2019, 12, 24)"]),
        ("de", "am 24.12.2019", ["(2019, 12, 24)"]),
        ("en", "on December 24, 2019", ["(2019, 12, 24)"]),
        ("en", "on 24 Dec. 2019", ["(2019, 12, 24)"]),
        ("fr", "le 1er janvier 2020", ["(2020, 1, 1)"]),
        ("es", "el 24 de diciembre de 2019", ["(2019, 12, 24)"]),
        ("ru", "24 декабря 2019 года", ["(2019, 12, 24)"]),
        ("zh", "2019年12月24日", ["(2019, 12, 24)"]),
        ("en", "between September 11 and 14", ["(0, 9, 11)", "(0, 9, 14)"]),
        ("de", "vom 14. bis 16. August", ["(0, 8, 14)", "(0, 8, 16)"]),
        ("en", "06/07/2012", ["(2012, 6, 7)", "(2012, 7, 6)"]),
    ],
)
def test_dates(code, text, dates):
    assert [values for kind, _, *values in read(text, code) if kind == "date"] == [dates]


@pytest.mark.parametrize(
    ("code", "text"), [("de", "um 19.30 Uhr"), ("fr", "à 19h30"), ("en", "at 7:30 p.m."), ("en", "at 7: 30 pm"), ("ru", "в 19:30")]
)
def test_a_time_is_that_of_a_clock(code, text):
    assert [(kind, *values) for kind, _, *values in read(text, code)] == [("time", "450")]


def test_weekdays_agree_across_languages():
    (german,), (english,) = figures("Am Donnerstag", "de"), figures("On Thursday", "en")
    assert german.agrees(english)


def test_a_date_without_a_year_agrees_with_the_day_of_any_year():
    (short,), (long,), (other,) = (figures(text, "en") for text in ("March 13", "13 March 2021", "14 March 2021"))
    assert short.agrees(long)
    assert long.agrees(short)
    assert not short.agrees(other)


@settings(deadline=None, max_examples=60)
@given(st.decimals(0, 10**9, places=2, allow_nan=False), st.sampled_from(["de", "en", "fr", "es", "it", "pt", "nl", "pl", "cs", "ru", "uk"]))
def test_what_the_cldr_writes_is_read_back(number, code):
    (found,) = figures(format_decimal(number, format="#,##0.00", locale=code), code, strict=True)
    assert number in found.values


@settings(deadline=None, max_examples=60)
@given(
    st.dates(min_value=datetime.date(1900, 1, 1)),
    st.sampled_from(["de", "en", "fr", "es", "it", "pt", "nl", "pl", "cs", "ru", "uk", "zh", "ja"]),
)
def test_dates_of_the_cldr_are_read_back(date, code):
    if date.year > 2099:
        date = date.replace(year=2019, day=min(date.day, 28))
    found = [figure for figure in figures(format_date(date, format="long", locale=code), code) if figure.kind == "date"]
    assert [(date.year, date.month, date.day)] == [value for figure in found for value in figure.values]


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=80), st.sampled_from(["de", "en", "zh", "ar", "xx"]), st.booleans())
def test_any_text_can_be_read_and_places_are_exact(text, code, strict):
    found = figures(text, code, strict=strict)
    assert all(text[f.span.start : f.span.end] == f.text and f.values for f in found)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))

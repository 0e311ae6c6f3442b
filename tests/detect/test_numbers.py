"""The numbers kind: figures of the source, told by its facts, and what English prints."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CASES = [
    ("decimal-commas", "de", "It rose by 3,5 points to 12,25.", "It rose by 3.5 points to 12.25."),
    ("decimal-commas", None, "It rose by 3,5 percent, 12,25 in all.", "It rose by 3.5 percent, 12,25 in all."),
    ("decimal-commas", "en", "It rose from 3,5 to 1,200 and 1,234,567.", None),
    ("decimal-commas", "de", "See 3,5,7 and 1:3,5 or 2/3,5.", None),
    ("thousands-points", "de", "Some 1.200 people and 2.345.678 sheep.", "Some 1,200 people and 2,345,678 sheep."),
    ("thousands-points", None, "Some 1.200 people and 2.345.678 sheep.", "Some 1.200 people and 2,345,678 sheep."),
    ("thousands-points", "de", "It took 1.234. Version 1.200.3 is out; 0.125 of it.", None),
    ("thousands-spaces", "fr", "Some 12 000 people and 1\u202f250\u202f000 sheep.", "Some 12,000 people and 1,250,000 sheep."),
    ("thousands-spaces", "en", "Some 12 000 people.", None),
    ("thousands-spaces", "fr", "In 2019 300 people came to 12 000.", None),
    ("split-numbers", "it", "They sold 7 thousand 500 tickets to 2 million 300 thousand people.", "They sold 7,500 tickets to 2.3 million people."),
    ("split-numbers", "it", "They sold 7 thousand 5 times.", "They sold 7,005 times."),
    ("currencies-after", "de", "It costs 6,99 €, 1.200 € or 3 million €.", "It costs €6.99, €1,200 or €3 million."),
    ("currencies-after", "fr", "It costs 12 000 $ or 0,125 €.", "It costs $12,000 or €0.125."),
    ("currencies-after", "de", "It costs €6.99, 10 $5 notes or 5 $ millions.", None),
    ("spaced-percents", "fr", "It rose by 5 % and 6\u00a0%.", "It rose by 5% and 6%."),
    ("clocks", "fr", "It opens at 17h30, 9 h 05 and 00h15.", "It opens at 5:30 p.m., 9:05 a.m. and 12:15 a.m."),
    ("clocks", "fr", "It lasts 2h45.", "It lasts 2 hours 45 minutes."),
    ("clocks", "de", "It opens at 12 Uhr or 19.30 Uhr and shuts at 11:15 o’clock.", "It opens at 12 p.m. or 7:30 p.m. and shuts at 11:15 a.m."),
    ("clocks", "de", "It opens at seven o'clock, at 7 o'clock and at 19:30.", None),
    ("clocks", "fr", "The vote took place at 17h30, the count took 2h45.", "The vote took place at 5:30 p.m., the count took 2 hours 45 minutes."),
    ("clocks", "es", "It starts on Sunday (22.00 h.) and ends at 23:45 h.", "It starts on Sunday (10 p.m.) and ends at 11:45 p.m."),
    ("clocks", "es", "The flight took 2:45 hours and 22.00 hectares burnt.", None),
    ("pointed-clocks", "uk", "The alarm was on from 02.15 to 05.40.", "The alarm was on from 2:15 a.m. to 5:40 a.m."),
    ("pointed-clocks", "de", "It leaves at 17.00 on Monday, at 14.30 local time.", "It leaves at 5 p.m. on Monday, at 2:30 p.m. local time."),
    ("pointed-clocks", "de", "It closed at 17.35, up from 13.20 to 14.50 percent, at 17.00 euros.", None),
    ("pointed-clocks", None, "It leaves at 17.00 on Monday.", None),
    ("scores", "de", "Kiel won 2:1 against Hamburg and beat Moos 31:28 (15:12).", "Kiel won 2-1 against Hamburg and beat Moos 31-28 (15-12)."),
    ("scores", None, "After a 3:0 win they lead the table.", "After a 3-0 win they lead the table."),
    ("scores", "de", "They won at 10:30, in 2:08:15 or 1:45; odds of 3:1 and John 3:16 won hearts. They lost 2:05 minutes.", None),
    ("undivided-dates", "fr", "On Tuesday January 31 2023, and on Friday May 5.", "On Tuesday, January 31, 2023, and on Friday, May 5."),
    ("undivided-dates", "fr", "On Tuesday, January 31, on Tuesday 31 January, a Friday May 500 came.", None),
    ("goal-minutes", "de", "Kern (12.), Ott (45.+2) and Boll (7., 90.) scored.", "Kern (12), Ott (45+2) and Boll (7, 90) scored."),
    ("goal-minutes", "de", "He (28) scored (1.5 goals a match) in (2019.).", None),
    ("ordinal-days", "de", "On 3. May 2020 and the 1. March.", "On 3 May 2020 and the 1 March."),
    ("ordinal-days", "de", "In the 21. century and the 2. half.", "In the 21st century and the 2nd half."),
    ("ordinal-days", "de", "They came in 3. May was cold.", None),
    ("numeric-dates", "de", "Born on 01.02.1970, dead by 31. 12. 2001.", "Born on 1 February 1970, dead by 31 December 2001."),
    ("numeric-dates", "de", "Version 1.2.2020.5, the address 10.1.1.1990 and 32.01.2020.", None),
    ("foreign-months", "de", "From 24. Dezember 2020 to 3 März.", "From 24 December 2020 to 3 March."),
    ("foreign-months", "es", "El 8 de noviembre de 2020.", "El 8 November 2020."),
    ("foreign-months", "de", "From 24 December to 8 April.", None),
    ("foreign-months", None, "From 24 Dezember to 8 April.", None),
]


@pytest.mark.parametrize(("finder", "source_lang", "text", "expected"), CASES)
def test_figures(find, finder, source_lang, text, expected):
    matches = find("numbers", f'find = "{finder}"', text, source_lang=source_lang)
    mended = text
    for match in reversed(matches):
        mended = mended[: match.span.start] + match.suggestions[0].text + mended[match.span.end :]
    assert mended == (text if expected is None else expected)
    assert bool(matches) == (expected is not None)
    assert all(match.suggestions[0].safe for match in matches)


def test_words_before_which_a_rule_is_silent(find):
    text = "It took 1.200 seconds for 1.200 people."
    parameters = 'find = "thousands-points"\nbefore.except = ["seconds"]'
    assert [match.span.start for match in find("numbers", parameters, text, source_lang="de")] == [text.rindex("1.200")]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(home=st.integers(0, 120), away=st.integers(0, 120))
def test_every_score_after_a_verb_is_mended_but_no_time(find, home, away):
    text = f"Moos won {home}:{away} in Linz, at {home % 24:02}:{away % 60:02} they left."
    (match,) = find("numbers", 'find = "scores"', text)
    assert (text[match.span.start : match.span.end], match.suggestions[0].text) == (f"{home}:{away}", f"{home}-{away}")


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hour=st.integers(10, 23), minute=st.integers(0, 59), unit=st.sampled_from(["euros", "percent", "metres", "points", "million", "and"]))
def test_a_point_is_read_as_a_time_only_where_a_time_can_stand(find, hour, minute, unit):
    clock = f"{hour}.{minute:02}"
    assert len(find("numbers", 'find = "pointed-clocks"', f"It opens at {clock} on Monday.", source_lang="de")) == 1
    assert find("numbers", 'find = "pointed-clocks"', f"It stands at {clock} {unit} more.", source_lang="de") == []

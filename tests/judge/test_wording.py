from auditor.judge.wording import message, shorten
from auditor.types import Match, Rule, Severity, Span, Suggestion


def test_long_words_lose_their_middle_between_words():
    words = "He said that the talks would go on until the last of the ships had left the harbour for good."
    short = shorten(words, most=40)
    head, tail = short.split(" … ")
    assert len(short) <= 40
    assert words.startswith(f"{head} ")
    assert words.endswith(f" {tail}")
    assert shorten("short", most=40) == "short"
    assert len(shorten("x" * 100, most=40)) <= 40


def test_a_message_names_the_span_the_suggestion_and_the_values_of_the_match():
    rule = Rule("x/y", None, None, "phrase", {}, "“{match}” is {how}: {suggestion}.", "style/awkward", Severity.MINOR, suggest=("own",))
    assert message(rule, Match(Span(0, 1), values={"how": "odd"}), "a\nb") == "“a b” is odd: own."
    assert message(rule, Match(Span(0, 1), suggestions=(Suggestion("better"),), values={"how": "odd"}), "a") == "“a” is odd: better."

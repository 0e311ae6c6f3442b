import pytest

from auditor.mqm.gate import notices, verdict
from auditor.mqm.score import CALIBRATION, SHORT, Calibration, calibrated, penalties, quality, raw, triage
from auditor.types import (
    Audit,
    Extract,
    Finding,
    Located,
    Provenance,
    Report,
    Run,
    Scope,
    Segment,
    Severity,
    Span,
    Status,
    Triage,
)


def place(start, end):
    return Located("a.txt", None, Span(start, end), None, 1, start + 1, 1, end + 1, "x" * (end - start), Span(start, end))


def finding(severity=Severity.MINOR, start=0, *, gating=True, more=()):
    return Finding(
        "und/x", "phrase", "style/awkward", severity, 0.9, place(start, start + 3), "sentence", Scope.BODY, "“x” is odd.", (), {}, (),
        tuple(place(s, s + 3) for s in more), Status.STABLE if gating else Status.PREVIEW, gating, "de", "f",
    )  # fmt: skip


def segments(count, words):
    text = " ".join(["word"] * words)
    return [Segment(i, text, Span(i * 1000, i * 1000 + 900), Scope.BODY, i) for i in range(count)]


def test_penalties_count_every_occurrence_of_what_gates():
    found = [finding(), finding(Severity.MAJOR, more=(10, 20)), finding(Severity.CRITICAL, gating=False)]
    assert penalties(found) == 1 + 3 * 5
    assert penalties(found, gating=False) == 16 + 25


def test_the_score_is_100_times_one_minus_penalties_per_word():
    found = [finding(Severity.MAJOR), finding(Severity.MINOR, 1000)]
    measured = quality(found, segments(10, 20), words=200)
    assert measured.score == 97.0
    assert measured.low <= 97.0 <= measured.high
    assert measured.low < measured.high


def test_the_score_is_never_below_zero():
    assert quality([finding(Severity.CRITICAL)] * 9, segments(5, 20), words=100).score == 0.0


def test_a_clean_text_may_come_from_a_system_that_errs_and_the_longer_it_is_the_less():
    short, long = (quality([], segments(count, 20), words=20 * count) for count in (20, 200))
    assert (short.score, short.high) == (long.score, long.high) == (100.0, 100.0)
    assert short.low < long.low < 100.0


@pytest.mark.parametrize(
    ("penalty", "words", "rqs", "cqs"),
    [
        (0, 500, 100.0, 100.0),
        (10, 1000, 99.0, 90.0),  # ten points in a thousand words: at the passing threshold
        (20, 1000, 98.0, 80.0),
        (5, 250, 98.0, 80.0),
        (37, 820, 95.5, 54.9),
        (300, 1000, 70.0, 0.0),
        (700, 600, 0.0, 0.0),
    ],
)
def test_the_raw_and_the_calibrated_score(penalty, words, rqs, cqs):
    assert (raw(penalty, words), calibrated(penalty, words)) == (rqs, cqs)


def test_a_calibration_puts_what_is_acceptable_on_the_threshold():
    strict = Calibration(threshold=98, acceptable=2)
    assert strict.factor == 1.0
    assert calibrated(2, 1000, strict) == 98.0
    assert calibrated(8, 2000, Calibration(threshold=80, acceptable=4)) == 80.0
    assert calibrated(6, 500, Calibration(threshold=95, acceptable=25, reference=2000)) == 95.2
    assert CALIBRATION.named == "MSV 100, PT 90, APP 10 per RWC 1,000"


def test_a_short_text_has_no_score():
    assert quality([finding()], segments(1, 20), words=SHORT - 1).score is None


def test_a_text_of_front_matter_alone_has_no_score():
    assert quality([], [], words=300).score is None


def test_preview_findings_move_only_the_score_of_all():
    measured = quality([finding(gating=False)], segments(10, 10), words=100)
    assert (measured.score, measured.score_all) == (100.0, 99.0)


KNOWN = Provenance()


def decide(found, provenance=KNOWN, words=200):
    return triage(found, provenance, quality(found, segments(10, 20), words=words), min_score=90)


def test_triage():
    assert decide([]) == (Triage.FINE, ())
    assert decide([finding()])[0] is Triage.FIX
    assert decide([finding(gating=False)])[0] is Triage.FINE
    found = [finding(Severity.MAJOR), finding(), finding(Severity.MAJOR, gating=False), finding(gating=False)]
    assert decide(found) == (Triage.FIX, ("1 major, 1 minor, 1 major worth a look",))
    assert decide([finding(Severity.CRITICAL)])[0] is Triage.HOLD
    assert decide([finding(Severity.MAJOR)] * 5)[0] is Triage.HOLD
    assert decide([], Provenance(source_lang="de", translated=False)) == (Triage.HOLD, ("not translated: the text stands in its source language",))


def report(*findings, provenance=KNOWN, words=200):
    measured = quality(findings, segments(10, 20), words=words)
    done = Audit("a.txt", None, provenance, words, 10, findings, (), Extract("a.txt", None), measured, Triage.FIX, (), ())
    return Report(Run("0", "d", 1, "none"), (done,))


def test_the_gate():
    assert verdict(report(), fail_on="major", min_score=90) == ()
    assert verdict(report(finding()), fail_on="major", min_score=90) == ()
    assert len(verdict(report(finding()), fail_on="minor", min_score=0)) == 1
    assert "line 1" in verdict(report(finding(Severity.MAJOR)), fail_on="major", min_score=0)[0]
    assert verdict(report(finding(Severity.MAJOR, gating=False)), fail_on="major", min_score=90) == ()
    assert verdict(report(*[finding()] * 30), fail_on="major", min_score=90)[0].startswith("a.txt: score 85 is below 90 (95 % interval ")


def test_a_text_that_is_too_short_passes_with_a_notice():
    short = report(*[finding()] * 30, words=SHORT - 1)
    assert verdict(short, fail_on="major", min_score=90) == ()
    assert notices(short) == (f"a.txt: too short to judge ({SHORT - 1} words; a score needs {SHORT})",)
    assert notices(report()) == ()


def test_critical_and_untranslated_fail_whatever_the_threshold():
    assert verdict(report(finding(Severity.CRITICAL), words=50), fail_on="never", min_score=50)
    assert verdict(report(provenance=Provenance(translated=False)), fail_on="critical", min_score=0)
    assert verdict(report(finding(Severity.CRITICAL)), fail_on="never", min_score=0) == ()

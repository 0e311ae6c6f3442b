from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.story import align
from auditor.story.align import align_reference, align_source

OURS = [
    "The council voted to close the old bridge.",
    "Repairs will cost 3.5 million euros, the mayor said.",
    "“We have waited long enough,” he told reporters.",
    "About 14,500 cars use it every day.",
    "A second vote follows in May.",
]
THEIRS = [
    "The council has voted to close the old bridge.",
    "The repairs will cost 3.5 million euros, said the mayor.",
    "He told reporters: “We have waited long enough.”",
    "Some 14,500 cars use the bridge every day.",
    "A second vote will follow in May.",
]
GERMAN = [
    "Der Rat stimmte für die Sperrung der alten Brücke.",
    "Die Reparatur kostet 3,5 Millionen Euro, sagte der Bürgermeister.",
    "„Wir haben lange genug gewartet“, sagte er Journalisten.",
    "Etwa 14.500 Autos nutzen sie täglich.",
    "Eine zweite Abstimmung folgt im Mai.",
]


def pairs(beads):
    return [(list(bead.ours), list(bead.theirs)) for bead in beads]


ONE_TO_ONE = [([n], [n]) for n in range(5)]


def source(ours, theirs):
    return align_source(ours, theirs, target_lang="en", source_lang="de")


def test_sentences_in_the_same_order_are_paired():
    assert pairs(align_reference(OURS, THEIRS)) == ONE_TO_ONE
    assert pairs(source(OURS, GERMAN)) == ONE_TO_ONE


def test_a_missing_sentence_has_no_partner():
    assert ([1], []) in pairs(align_reference(OURS, THEIRS[:1] + THEIRS[2:]))
    assert ([], [3]) in pairs(align_reference(OURS[:3] + OURS[4:], THEIRS))


def test_two_sentences_may_stand_for_one():
    joined = [*OURS[:3], f"{OURS[3][:-1]}, and {OURS[4]}"]
    assert pairs(align_reference(joined, THEIRS))[-1] == ([3], [3, 4])


def test_texts_of_two_stories_have_no_pairs():
    other = ["Zoo visitors saw a young panda for the first time.", "Its keeper had kept quiet until Sunday."]
    assert all(not bead.ours or not bead.theirs for bead in align_reference(other, THEIRS))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(OURS), max_size=12), st.lists(st.sampled_from(GERMAN), max_size=12))
def test_every_sentence_stands_once_and_in_order(ours, theirs):
    for beads in (source(ours, theirs), align_reference(ours, theirs)):
        assert [n for bead in beads for n in bead.ours] == list(range(len(ours)))
        assert [n for bead in beads for n in bead.theirs] == list(range(len(theirs)))
        assert all(a.ours.stop == b.ours.start and a.theirs.stop == b.theirs.start for a, b in pairwise(beads))
        assert all(0 <= bead.likeness <= 1 for bead in beads)


def test_the_cost_is_bounded(monkeypatch):
    looked_at = []
    real = align._overlap
    monkeypatch.setattr(align, "MOST_CELLS", 2000)
    monkeypatch.setattr(align, "_overlap", lambda a, b: looked_at.append(1) or real(a, b))
    beads = align_reference(OURS * 40, THEIRS * 40)
    assert len(looked_at) < 3 * 2.5 * 2000
    assert sum(bead.ours == bead.theirs for bead in beads) > 150

"""The trained reading of the letters: features, probabilities, and what the names of a text say together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.names.aliases import AliasTable
from auditor.names.convention import judge_name, together
from auditor.names.gazetteer import gazetteer
from auditor.names.model import BUCKETS, FOREIGN, buckets, model, reading


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_probabilities_are_probabilities(name):
    among, foreign = reading(name)
    assert len(among) == len(FOREIGN)
    assert sum(among) == pytest.approx(1.0)
    assert 0.0 <= foreign <= 1.0


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_features_are_buckets_none_twice_and_the_same_again(name):
    found = buckets(name, gazetteer())
    assert len(found) == len(set(found))
    assert all(0 <= bucket < BUCKETS for bucket in found)
    assert found == buckets(name, gazetteer())
    assert found == buckets(name.upper().lower(), gazetteer()) or name.upper().lower() != name.lower()


def test_the_weights_have_the_shape_that_the_features_need():
    assert model().weights.shape == (BUCKETS, len(FOREIGN) + 1)
    assert model().weights.dtype == np.int8
    assert float(model().prior.sum()) == pytest.approx(1.0, abs=1e-4)


def test_names_together_are_surer_than_each_alone():
    names = ["Oleg Rybakov", "Mikhaïl Chichkine", "Ioulia Bachirova", "Hicham Moussa"]
    assert together(names)["fr"] > max(together([name])["fr"] for name in names) > 0.5
    assert sum(together(names).values()) == pytest.approx(1.0)
    assert together(reversed(names)) == together(names)


def test_without_names_the_prior_stands():
    assert together([]) == pytest.approx({code: float(share) for code, share in zip(FOREIGN, model().prior, strict=True)}, abs=1e-3)


def test_a_name_of_no_table_is_changed_by_rule_or_left():
    table = AliasTable()
    found = judge_name("Petropawliwka", table, source_lang="de")
    assert (found.canonical, found.how, found.changed) == ("Petropavlivka", "rule", True)
    assert judge_name("Petropawliwka", table, source_lang="fr").changed is False
    assert judge_name("Petropavlivka", table, source_lang="de").changed is False
    for name in ("Arnold Schwarzenegger", "Abdelaziz Bouteflika", "Mazara del Vallo", "David", "Tesla", "Sudan", "Myanmar"):
        for source in (None, "fr", "de", "es", "pl"):
            assert judge_name(name, table, source_lang=source).changed is False, (name, source)

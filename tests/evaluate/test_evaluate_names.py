"""The page of figures on names: what it counts, and its errors."""

import numpy as np
import pytest

from auditor.errors import InputError
from auditor.evaluate.names import page
from auditor.names.aliases import AliasTable


@pytest.fixture
def data(tmp_path):
    (tmp_path / "normalise.tsv").write_text(
        "variant\tkind\tlangs\ten_accepted\n"
        "Petropawliwka\tplace\tde\tPetropavlivka\nBerdytchiv\tplace\tfr,pt\tSomewhere else\nQuorzelow\tperson\tde\tQuorzelov\n",
        encoding="utf-8",
    )
    (tmp_path / "hard_negatives.tsv").write_text("name\talso_variant_of\nMazara del Vallo\t\nKiew\tKyiv\n", encoding="utf-8")
    return tmp_path


def test_changed_right_and_left_alone_are_counted(data):
    lines = list(page(data, AliasTable(), None))
    assert "| places | rule | 2 | 2 | 0.500 (0.095–0.905) | 0.500 |" in lines
    assert "| persons, organisations, terms, acronyms | all | 1 | 0 | – | 0.000 |" in lines
    assert any(line.startswith("| not given | 1 | 0.000") for line in lines)
    assert any(line.startswith("Signature: `auditor:") for line in lines)


def test_validated_probabilities_give_the_figures_of_the_convention(data, tmp_path):
    gold = np.repeat(np.eye(7, dtype=bool), 20, axis=0)
    among = np.where(gold, 0.94, 0.01)
    np.savez(tmp_path / "v.npz", among=among, at_all=np.full(140, 0.97), gold=gold, kind=np.array(["variant"] * 140))
    lines = list(page(data, AliasTable(), tmp_path / "v.npz"))
    assert "| answered at 0.95 right | 1.000 |" in lines
    assert "| expected calibration error, 10 bins | 0.0600 |" in lines
    assert "| right for a document of 5 names | 1.000 |" in lines


def test_errors_name_the_file_and_the_column(data, tmp_path):
    with pytest.raises(InputError, match=r"normalise\.tsv: cannot be read"):
        list(page(tmp_path / "none", AliasTable(), None))
    (data / "hard_negatives.tsv").write_text("nom\n", encoding="utf-8")
    with pytest.raises(InputError, match="lacks the column “also_variant_of”"):
        list(page(data, AliasTable(), None))
    (tmp_path / "bad.npz").write_bytes(b"nothing")
    with pytest.raises(InputError, match="is not what"):
        list(page(data, AliasTable(), tmp_path / "bad.npz"))

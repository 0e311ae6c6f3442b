from dataclasses import replace

import pytest

from auditor.errors import InputError, UsageError
from auditor.text.provenance import language_of, sentence_language, settle, stated
from auditor.text.segment import segment
from auditor.types import Document, Provenance

ENGLISH = "The council met on Tuesday evening and voted for the new swimming pool by a narrow margin, the mayor said. " * 3
GERMAN = "Der Rat hat am Dienstagabend getagt und mit knapper Mehrheit für das neue Schwimmbad gestimmt, sagte der Bürgermeister. " * 3
FRENCH = "Le conseil s’est réuni mardi soir et a voté à une courte majorité pour la nouvelle piscine, a déclaré le maire de la ville. " * 3


def document(text: str = ENGLISH, path: str = "story.txt", **said: object) -> Document:
    return segment(Document(path, text, provenance=replace(Provenance(), **said)))


def settled(*args: object, flag: str | None = None, override: str | None = None, **said: object) -> tuple[str | None, str]:
    found = settle(document(*args, **said), flag=flag, override=override).provenance
    return found.source_lang, found.how


def test_the_first_that_answers_wins() -> None:
    text = f"Pool opens – The Valley Echo (Russian)\n\n{ENGLISH}"
    path = "copy/pl/story.txt"
    assert settled(text, path, flag="de", override="es", source_lang="fr", how="front matter") == ("de", "flag")
    assert settled(text, path, override="es", source_lang="fr", how="front matter") == ("fr", "front matter")
    assert settled(text, path, override="es", source_lang="fr", how="sidecar") == ("fr", "sidecar")
    assert settled(text, path, override="es", source_lang="fr", how="format field") == ("es", "override")
    assert settled(text, path, source_lang="fr", how="format field") == ("fr", "format field")
    assert settled(text, path) == ("pl", "path")
    assert settled(text) == ("ru", "outlet tag")
    assert settled() == (None, "unknown")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("a/story.de.en.txt", "de"),
        ("story.fr-en.html", "fr"),
        ("de/story.txt", "de"),
        ("uk-en/2024/05/story.txt", "uk"),
        ("it/a/b/c/story.txt", None),
        ("en/story.txt", None),
        ("story.de.fr.txt", None),
        ("story.v1.en.txt", None),
        ("to/story.txt", None),
        ("story.txt", None),
    ],
)
def test_paths(path: str, code: str | None) -> None:
    assert settled(ENGLISH, path)[0] == code


@pytest.mark.parametrize(
    ("line", "code", "outlet"),
    [
        ("Pool opens – The Valley Echo (German)", "de", "The Valley Echo"),
        ("Pool opens | Echo [Deutsch]", "de", "Echo"),
        ("Pool opens - Écho de la vallée (français)", "fr", "Écho de la vallée"),
    ],
)
def test_an_outlets_tag_names_the_language(line: str, code: str, outlet: str) -> None:
    found = settle(document(f"{line}\n\n{ENGLISH}")).provenance
    assert (found.source_lang, found.how, found.outlet) == (code, "outlet tag", outlet)


@pytest.mark.parametrize(
    "line", ["Pool opens (dpa)", "Pool opens – Echo (AFP)", "Pool opens – Echo (English)", "Pool opens for all (German)", "Pool opens – Echo (1)"]
)
def test_other_brackets_are_no_tag(line: str) -> None:
    assert settled(f"{line}\n\n{ENGLISH}") == (None, "unknown")


def test_a_note_of_the_translation_counts_and_talk_of_books_does_not() -> None:
    assert settled(f"{ENGLISH}\n\nTranslated from Polish by Jane Doe.") == ("pl", "outlet tag")
    assert settled(f"{ENGLISH}\n\nThis article was originally published in Spanish.") == ("es", "outlet tag")
    assert settled(f"{ENGLISH}\n\nThe novel was translated from Polish last year.") == (None, "unknown")


def test_a_text_that_stands_in_its_source_language_is_not_translated() -> None:
    found = settle(document(GERMAN)).provenance
    assert (found.source_lang, found.how, found.language, found.translated) == ("de", "inferred", "de", False)
    tagged = settle(document(FRENCH), flag="fr").provenance
    assert (tagged.how, tagged.language, tagged.translated) == ("flag", "fr", False)


def test_a_text_half_in_its_source_language_is_translated() -> None:
    found = settle(document(ENGLISH * 8 + GERMAN * 8), flag="de").provenance
    assert found.translated
    assert found.language is None


def test_a_short_text_has_no_language() -> None:
    assert settle(document("Pool opens.")).provenance.language is None
    assert language_of("Schwimmbad eröffnet") is None


def test_english_is_english() -> None:
    found = settle(document(), flag="de").provenance
    assert (found.language, found.translated) == ("en", True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Der Rat hat am Dienstag mit knapper Mehrheit für das neue Schwimmbad gestimmt.", "de"),
        ("Der Rat hat für das neue Bad gestimmt, und zwar mit Mehrheit.", "de"),
        ("Le maire a dit qu’il ne voulait pas de cette piscine dans sa ville.", "fr"),
        ("The council voted for the new pool and its slide.", "en"),
        ("FC Barcelona, Real Madrid, Juventus Turin, Ajax Amsterdam", None),
        ("Ja.", None),
        ("", None),
    ],
)
def test_the_language_of_a_sentence(text: str, code: str | None) -> None:
    found = sentence_language(text)
    assert (found[0] if found else None) == code


def test_the_guess_is_the_same_each_time() -> None:
    assert len({language_of(FRENCH) for _ in range(5)}) == 1


def test_what_is_no_language_is_said() -> None:
    with pytest.raises(UsageError, match="--source-lang: “germn” is no language; did you mean “german”"):
        settle(document(), flag="germn")
    with pytest.raises(InputError, match=r"a\.md: front matter: “xx” is no language"):
        stated("xx", path="a.md", where="front matter")
    assert stated("und", path="a.md", where="front matter") is None
    assert stated("de-AT", path="a.md", where="front matter") == "de"

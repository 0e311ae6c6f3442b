"""How each convention spells a native name: Cyrillic letter by letter, other scripts from the English form; build time only.

Sources: Duden (de), the transliteration conventions of the French Wiktionary (fr), Fundéu (es), Onze Taal (nl), PWN (pl), scholarly
transliteration (it); English as BGN/PCGN simplified for Russian and the Ukrainian resolution of 2010.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

CONVENTIONS = ("en", "fr", "de", "es", "it", "pt", "nl", "pl")

_LETTERS = "абвгґдезиіклмнопрстуфхцчшщыэьъўђ"
_SPELLED: Mapping[str, Mapping[str, str]] = {
    code: dict(zip(_LETTERS, spelled.replace("-", " - ").split(), strict=True)) | {"ж": zh}
    for code, zh, spelled in (
        ("en", "zh", "a b v g g d e z i i k l m n o p r s t u f kh ts ch sh shch y e - - u đ"),
        ("fr", "j", "a b v g g d e z i i k l m n o p r s t ou f kh ts tch ch chtch y e - - ou đ"),
        ("de", "sch", "a b w g g d e s i i k l m n o p r s t u f ch z tsch sch schtsch y e - - u đ"),
        ("es", "zh", "a b v g g d e z i i k l m n o p r s t u f j ts ch sh sch y e - - u đ"),
        ("it", "ž", "a b v g g d e z i i k l m n o p r s t u f ch c č š šč y e - - u đ"),
        ("pt", "j", "a b v g g d e z i i k l m n o p r s t u f kh ts tch ch shch y e - - u đ"),
        ("nl", "zj", "a b v g g d e z i i k l m n o p r s t oe f ch ts tsj sj sjtsj y e - - oe đ"),
        ("pl", "ż", "a b w g g d e z i i k l m n o p r s t u f ch c cz sz szcz y e - - u đ"),
    )
}
_VOWELS = frozenset("аеёиоуыэюяіїє")
_SOFT = "еёиюяьіїє"
_GLIDE = {"en": "y", "fr": "i", "de": "j", "es": "y", "it": "j", "pt": "i", "nl": "j", "pl": "j"}
_FIRST_YE = {"en": "ye", "fr": "ie", "de": "je", "es": "ye", "it": "e", "pt": "ie", "nl": "je", "pl": "je"}
_YI = {"en": "i", "fr": "ï", "de": "ji", "es": "i", "it": "ï", "pt": "i", "nl": "i", "pl": "ji"}
_HARD_BG = {"en": "a", "fr": "a", "de": "a", "es": "a", "it": "ă", "pt": "a", "nl": "a", "pl": "y"}
_SHT_BG = {"en": "sht", "fr": "cht", "de": "scht", "es": "sht", "it": "št", "pt": "sht", "nl": "sjt", "pl": "szt"}
_PALATAL = {"n": "ń", "s": "ś", "z": "ź", "c": "ć"}


def cyrillic(word: str, script: str, code: str) -> str:
    """A Russian, Ukrainian, Belarusian or Bulgarian word (`script` ru, uk, be, bg) as the convention `code` spells it, capitalised."""
    letters = re.sub(r"[’ʼ]", "'", word.lower())
    out: list[str] = []
    for i, letter in enumerate(letters):
        before, after = letters[i - 1 : i], letters[i + 1 : i + 2]
        if letter == "ь" and code == "pl" and out and out[-1] in _PALATAL:
            out[-1] = _PALATAL[out[-1]]
        out.append(_letter(letter, before, after, script, code))
    text = "".join(out).replace("-", "").replace("\0", "-")
    if script != "bg":
        text = _adjective(text.replace("śk", "sk"), script, code)
    return re.sub(r"(^|[\s-])(\w)", lambda found: found[1] + found[2].upper(), text)


def _adjective(text: str, script: str, code: str) -> str:
    """-ский and -ський as each convention prints them."""
    if script == "ru" and code != "it":
        text = re.sub(r"(?<=s|c)k(?:ii|iy|ij|iï|i)\b", "ky" if code == "en" else "ki", text)
    elif code in ("pl", "es"):
        text = re.sub(r"(?<=s)k(?:y|yj)\b", "ki", text)
    return text


def _letter(letter: str, before: str, after: str, script: str, code: str) -> str:  # noqa: C901 (one case a letter)
    first = not before.isalpha() or before in _VOWELS or before in "ьъ"
    vowel_u = _SPELLED[code]["у"]
    if letter in "- ":
        return "\0" if letter == "-" else " "
    if letter == "г":
        spelled = "h" if script in ("uk", "be") else "g"
        return "gu" if spelled == "g" and code in ("fr", "es", "pt") and after and after in "еэиіїє" else spelled
    if letter in "еє":
        return _ye(letter, before, script, code, first=first)
    if letter == "ё":
        if code == "it":
            return "ë"
        if before and before in "жчшщ":
            return "o" if code in ("de", "fr", "nl", "es", "pl") else "e"
        return _GLIDE[code] + "o" if first or code in ("de", "pl") else "e"
    if letter in "юя":
        vowel = vowel_u if letter == "ю" else "a"
        if code == "pl":
            return ("j" if first else "" if before == "л" else "i") + vowel
        soft = script == "uk" and not first and code in ("en", "es")
        return ("i" if soft else _GLIDE[code]) + vowel
    if letter == "и":
        if script == "uk":
            return "i" if code == "es" else "y"
        return "y" if code == "pl" and before and before in "жшц" else "i"
    if letter == "ї":
        return {"en": "yi", "es": "yi", "nl": "ji"}.get(code, _YI[code]) if not before.isalpha() else _YI[code]
    if letter == "й":
        return _short_i(before, after, script, code)
    return _consonant(letter, before, after, script, code)


def _ye(letter: str, before: str, script: str, code: str, *, first: bool) -> str:
    if (script == "uk" and letter == "е") or script == "bg":
        return "e"
    if letter == "є":
        return _FIRST_YE[code] if first else "ie" if code in ("en", "fr", "es", "pl") else "je" if code in ("de", "nl", "it") else "e"
    if first:
        return "ie" if code == "es" and before.isalpha() else "e" if code == "pt" and before.isalpha() else _FIRST_YE[code]
    return "ie" if code == "pl" and before not in "жшцчщл" else "e"


def _short_i(before: str, after: str, script: str, code: str) -> str:
    last = not after.isalpha()
    if last and before in ("и", "ы") and before:
        if script == "uk":
            return {"en": "i", "fr": "ï", "pt": "i", "es": "", "pl": ""}.get(code, "j")
        return "j" if code == "it" else ""
    if code == "en":
        return "i" if script == "uk" or last else "y"
    if code == "fr":
        return "ï" if before and before in _VOWELS else "i"
    if code == "de" and last and script != "uk":
        return "i"
    return "i" if code in ("es", "pt") else "j"


def _consonant(letter: str, before: str, after: str, script: str, code: str) -> str:
    if letter == "л" and code == "pl":
        return "l" if after and after in _SOFT else "ł"
    if letter == "с" and code in ("fr", "de") and before and before in _VOWELS and after and after in _VOWELS and script != "bg":
        return "ss"
    if letter == "н" and code == "fr" and not after.isalpha() and before in ("и", "ы") and script != "uk":
        return "ne"
    if script == "bg" and letter in "ъщх":
        return _HARD_BG[code] if letter == "ъ" else _SHT_BG[code] if letter == "щ" else {"es": "j", "de": "ch", "pl": "ch", "nl": "ch"}.get(code, "h")
    return "" if letter == "'" else _SPELLED[code].get(letter, letter)


# From the English form, for scripts without short vowels or with a romanisation of their own: longest first; capitals mark what is done.
_FROM_ENGLISH: Mapping[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    code: tuple((re.compile(pattern), spelled) for pattern, spelled in rules)
    for code, rules in {
        "fr": (
            ("shch", "CHTCH"), ("sh", "CH"), ("ch", "TCH"), ("zh", "Z_"), ("j", "DJ"), ("Z_", "J"), ("ou|oo|u|w(?=[aei])|w$", "OU"),
            ("y(?=[aeou])", "i"), (r"(?<=[aeo])[yi](?![aeiou])", "ï"), (r"(?<=[aeiou])s(?=[aeiou])", "SS"), (r"\bbin\b", "BEN"),
        ),
        "de": (
            ("shch", "SCHTSCH"), ("sh|zh", "SCH"), ("ch", "TSCH"), ("kh", "CH"), ("j", "DSCH"), ("y(?=[aeiou])|(?<=[aeiou])y", "j"), ("oo|ou", "U"),
            ("ts|tz", "TZ"), ("z", "s"), ("v", "w"), ("TZ", "Z"), (r"(?<=[aeiou])s(?=[aeiou])", "S"),
        ),
        "es": (("kh", "J_"), ("j", "Y"), ("sh", "SH"), ("w", "U"), ("oo|ou", "U"), (r"\bal-", "al "), ("J_", "J")),
        "it": (("sh", "Š"), ("ch", "Č"), ("kh", "CH"), ("zh", "Ž"), ("j", "Ǧ"), ("y(?=[aeiou])", "j"), ("ts|tz", "C"), ("oo|ou", "U")),
        "pt": (("sh", "X"), ("ch", "TCH"), ("j", "DJ"), ("zh", "J"), ("w", "U"), ("y", "i"), ("oo|ou", "U")),
        "nl": (("shch", "SJTSJ"), ("sh", "SJ"), ("ch", "TSJ"), ("kh", "CH"), ("zh", "ZJ"), ("j", "DJ"), ("ou|oo|u", "OE"), ("y(?=[aeiou])", "j")),
        "pl": (
            ("shch", "SZCZ"), ("sh", "SZ"), ("ch", "CZ"), ("kh", "CH"), ("zh", "Ż"), ("j", "DŻ"), ("y(?=[aeiou])|(?<=[aeiou])y", "j"),
            ("ts|tz", "C"), ("v", "w"), ("q", "K"), ("oo|ou", "U"),
        ),
    }.items()
}  # fmt: skip


def unmarked(name: str) -> str:
    """The name without diacritics and apostrophes."""
    folded = unicodedata.normalize("NFD", name)
    return "".join(letter for letter in folded if not unicodedata.combining(letter) and letter not in "'’‘ʼʿʾ`")


def from_english(name: str, code: str) -> str:
    """An English romanisation as the convention `code` would have spelled the same native name, in lower case."""
    text = unmarked(name).lower()
    for pattern, spelled in _FROM_ENGLISH.get(code, ()):
        text = pattern.sub(spelled, text)
    return text.lower()

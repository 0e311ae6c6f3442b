"""Makes characters that cannot be seen, or that would command a terminal or turn the direction of a line, visible: the only place for that."""

from __future__ import annotations

import re

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = "\u2028\u2029\ufeff\u200b\u2060\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"
HIDDEN = re.compile(f"[\x00-\x1f\x7f-\x9f{_BIDI}{_UNSEEN}\ud800-\udfff]")
"""One character that is not printed as it stands: controls (line ends and tabs too), bidirectional controls, marks of no width that
carry no meaning in a script (joiners do, and stay), lone surrogates, what XML may not hold."""

_NAMES = {"\n": "⏎", "\t": "    ", "\r": "␍", "\x7f": "␡"}


def visible(text: str) -> str:
    """The text on one line, each hidden character as its control picture or as ⟨U+202E⟩."""
    return HIDDEN.sub(lambda found: picture(found.group()), text)


def picture(character: str) -> str:
    """What stands for one hidden character."""
    if character in _NAMES:
        return _NAMES[character]
    code = ord(character)
    return chr(0x2400 + code) if code < 0x20 else f"⟨U+{code:04X}⟩"

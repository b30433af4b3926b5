"""How wide a text is in a drawing, so that it can be folded and nothing lies over anything else.

Which font a reader's machine takes is not known. The widths are those of a wide one (DejaVu Sans), rounded up: in any other the
lines end a little earlier than they could.
"""

from __future__ import annotations

from collections.abc import Iterator

_WIDTHS = (
    (0.30, "ijlI.,:;'|!"),
    (0.42, 'frt()[]{}/\\ -"‘’·'),
    (0.54, "cksvxyzJ?–“”"),
    (0.66, "abdeghnopqu0123456789LTFEéèëïöüá+=<>→"),
    (0.72, "SPZYXVKABCR"),
    (0.80, "DGHNOQU"),
    (1.00, "mwMW…&%@—"),
)
_WIDTH = {char: width for width, chars in _WIDTHS for char in chars}
OTHER = 0.8
BOLD = 1.1


def width(text: str, size: float, bold: bool = False) -> float:
    """At most so wide is the text, in the unit of `size`, the height of the font."""
    return sum(_WIDTH.get(char, OTHER) for char in text) * size * (BOLD if bold else 1)


def fold(text: str, room: float, size: float, bold: bool = False) -> list[str]:
    """The text in lines that fit the room; a word that is wider by itself is broken."""
    lines: list[str] = []
    line = ""
    for word in _words(text, room, size, bold):
        longer = f"{line} {word}" if line else word
        if line and width(longer, size, bold) > room:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines or [""]


def shortened(text: str, room: float, size: float, lines: int, bold: bool = False) -> list[str]:
    """As `fold`, in at most so many lines; what does not fit ends in an ellipsis."""
    folded = fold(text, room, size, bold)
    if len(folded) <= lines:
        return folded
    last = folded[lines - 1]
    while last and width(f"{last}…", size, bold) > room:
        last = last[:-1]
    return [*folded[: lines - 1], f"{last.rstrip()}…"]


def _words(text: str, room: float, size: float, bold: bool) -> Iterator[str]:
    for word in text.split():
        while len(word) > 1 and width(word, size, bold) > room:
            fits = next(
                n for n in range(len(word) - 1, 0, -1) if n == 1 or width(word[:n], size, bold) <= room
            )
            yield word[:fits]
            word = word[fits:]
        yield word

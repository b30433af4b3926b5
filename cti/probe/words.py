"""How registrations call things, in Dutch and English: names of columns, and words in codes.

A guess from these is never taken for true by itself: it is written into a config that someone reads.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": (
        "id",
        "record",
        "registratienummer",
        "registratie id",
        "trajectnummer",
        "traject id",
        "plaatsingsnummer",
        "plaatsing id",
        "verblijf id",
        "stay id",
        "placement id",
        "nummer",
    ),
    "client": (
        "client",
        "cliënt",
        "clientnummer",
        "cliëntnummer",
        "cliëntcode",
        "deelnemer",
        "deelnemernummer",
        "bewoner",
        "klant",
        "zorgvrager",
    ),
    "recorded": (
        "recorded",
        "geregistreerd",
        "vastgelegd",
        "ingevoerd",
        "gewijzigd",
        "updated",
        "mutatie",
        "created",
    ),
    "retracted": ("retracted", "verwijderd", "ingetrokken", "vervallen", "deleted", "weg"),
    "situation": (
        "situation",
        "situatie",
        "voorziening",
        "woonvorm",
        "verblijfsvorm",
        "opvangvorm",
        "verblijf",
        "product",
        "soort",
    ),
    "begin": (
        "begin",
        "begindatum",
        "startdatum",
        "ingangsdatum",
        "van",
        "vanaf",
        "start",
        "aanvang",
        "from",
    ),
    "end": ("end", "eind", "einde", "einddatum", "tot", "until", "uitstroomdatum"),
    "destination": ("destination", "bestemming", "waarheen", "naar", "uitstroom naar", "vertrokken naar"),
    "expected": (
        "expected",
        "verwacht",
        "verwachte situatie",
        "verwachte voorziening",
        "gepland",
        "geplande situatie",
        "geplande voorziening",
        "planned",
    ),
    "expected_day": ("expected day", "verwachte datum", "verwacht op", "geplande datum", "planned date"),
    "worker": ("worker", "begeleider", "medewerker", "hulpverlener", "casemanager", "mentor", "behandelaar"),
    "team": ("team", "afdeling", "unit"),
    "fact": ("fact", "gegeven", "kenmerk"),
    "value": ("value", "waarde"),
    "day": ("day", "dag", "datum", "peildatum"),
    "closed": ("closed", "gesloten", "afgesloten", "dossier gesloten", "sluitdatum"),
    "closed_until": ("closed until", "gesloten tot", "afgesloten tot"),
}

SITUATIONS: tuple[tuple[str, str], ...] = (
    ("kept-home", r"behouden|kept (the )?home|afgewend"),
    ("at-risk", r"dreig|ontruim|huisuitzetting|preventie|vroegsignal|at.?risk|evict|prevention"),
    ("left", r"overleden|deceased|vertrokken|left|met onbekende bestemming"),
    ("unknown", r"onbekend|unknown"),
    ("crisis-shelter", r"crisis|nood ?opvang|nachtopvang|spoed|emergency|night shelter|\bco\b|\bno\b"),
    ("institution", r"ziekenhuis|detentie|gevangenis|kliniek|verpleeg|hospital|prison|jail|nursing|detox"),
    ("with-others", r"inwonen|familie|vrienden|bij anderen|naasten|with (family|friends|others)|doubl"),
    ("street", r"straat|buiten|dakloos|street|unsheltered|rough"),
    ("own-home", r"eigen (woning|huis)|zelfstandig|huurwoning|\bzw\b|own.?home|rental|tenancy|independent"),
    (
        "long-stay",
        r"beschermd|begeleid wonen|langdurig|doorstroom|\bbw\b|\bmo\b|long.?stay|transitional|supported|opvang",
    ),
)
"""What words in a code tell, the most telling first."""

CITIZEN = re.compile(r"bsn|burgerservice|sofi|ssn|social.?security", re.IGNORECASE)


def bare(text: str) -> str:
    """A name without case, accents and signs, its words apart: "clientNr" and "Cliëntnummer" are "client nummer"."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    letters = unicodedata.normalize("NFKD", apart).encode("ascii", "ignore").decode().casefold()
    words = (re.sub(r"nr$", "nummer", word) for word in re.findall(r"[a-z0-9]+", letters))
    return " ".join(re.sub(r"(?<=[a-z]{3})(nummer|code|datum)$", r" \1", word) for word in words)


def likeness(header: str, word: str) -> int:
    """How alike the name of a column and one of these words are: 3 the same, 2 the one begins or ends with the other, else 0."""
    mine, theirs = bare(header), bare(word)
    if mine == theirs or mine.replace(" ", "") == theirs.replace(" ", ""):
        return 3
    parts, wanted = mine.split(), theirs.split()
    if len(wanted) <= len(parts) and (parts[: len(wanted)] == wanted or parts[-len(wanted) :] == wanted):
        return 2
    return 0


def situation_of(code: str) -> str | None:
    """The situation that a code seems to stand for."""
    said = bare(code)
    return next((word for word, pattern in SITUATIONS if re.search(pattern, said)), None)

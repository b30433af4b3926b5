"""The codes of iWmo 3.2, and what they stand for by default (code lists COD002-VEKT, WMO020, WMO588, WMO002).

The lists are the standard's; the reading is the product's, and each line of it can be changed in the config.
"""

from __future__ import annotations

from collections.abc import Mapping

BASIS = "http://www.istandaarden.nl/iwmo/3_2/basisschema/schema"
"""The namespace of what all messages share."""

READ: Mapping[str, str] = {"301": "414", "305": "418", "307": "420"}
"""The messages that are read, with their BerichtCode: an allocation, a start and a stop of delivery."""

PASSED_OVER = frozenset(
    ("302", "306", "308", "315", "316", "317", "318", "319", "320", "323", "325"),
)
"""Return messages, requests and their answers, and claims: they begin and end no stay."""

CATEGORIES = tuple(f"{number:02}" for number in range(1, 19))

GUIDANCE = "guidance"
"""Beside the situations, what a product may stand for: guidance at home, of which it is told how a move-out is followed."""

SAYS_OF_PRODUCT: Mapping[str, str] = {
    **dict.fromkeys(CATEGORIES, ""),
    **dict.fromkeys(("15", "18"), "long-stay"),
    **dict.fromkeys(("16", "17"), "crisis-shelter"),
    **dict.fromkeys(("02", "05", "06", "10"), GUIDANCE),
}
"""02 guidance, 05 services around living, 06 other individual support, 10 other arrangements, 15 sheltered living, 16 shelter,
17 emergency shelter, 18 other sheltered living and shelter. All others say nothing."""

FORESEES_A_HOME = frozenset(("02", "05"))
"""Guidance that is allocated beforehand, to somebody who still stays with us, foresees an own home (domain book 4.2)."""

DECEASED, PAUSED = "deceased", "paused"
"""Beside the situations, what a reason may stand for: the client died; delivery is interrupted and the place is kept."""

SAYS_OF_REASON: Mapping[str, str] = {
    "02": DECEASED,
    **dict.fromkeys(("19", "23"), "own-home"),
    "20": PAUSED,
    "31": "left",
    **dict.fromkeys(("38", "39"), "long-stay"),
    **dict.fromkeys(("21", "22", "36", "37"), ""),
}
"""02 death, 19 as planned, 20 for the time being, 21 by the client alone, 22 by the provider alone, 23 early and agreed, 31 moved
to another municipality, 36 by the municipality, 37 by a request for change, 38 to another provider, 39 to other care."""

HOME = "own-home"

CHANGES = frozenset(f"{number:02}" for number in range(1, 15))
CHANGE_DECEASED, CHANGE_REMOVED = "02", "13"
ENDS_HERE = frozenset((None, "01", "04", "05", "14"))
"""RedenWijziging with which the Einddatum of an allocation still tells of a move home; the others say where else it goes."""

FIRST, REMOVED = "1", "3"
"""StatusAanlevering. The list has 2 and 9 as well; rule CS058 of the standard allows these two."""

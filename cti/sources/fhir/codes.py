"""What codes of public value sets stand for where the config says nothing else (domain, section 4.3)."""

from __future__ import annotations

from collections.abc import Mapping

SITUATIONS: Mapping[str, str] = {
    # HL7 v3 LivingArrangement
    "HL": "street",
    "M": "street",
    "T": "street",
    "CS": "crisis-shelter",
    "G": "long-stay",
    "I": "institution",
    "N": "institution",
    "X": "institution",
    "PR": "own-home",
    # housing status of UDS+
    "homeless-shelter": "crisis-shelter",
    "transitional": "long-stay",
    "doubling-up": "with-others",
    "permanent-supportive-housing": "own-home",
    # ICD-10-CM, as the Gravity project uses it; "homeless" alone does not tell where someone stays
    "Z59.01": "crisis-shelter",
    "Z59.02": "street",
    "Z59.811": "at-risk",
}

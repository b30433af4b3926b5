"""The settings of an `iwmo` source."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from cti.i18n import mark
from cti.sources.base import SourceOptions
from cti.sources.iwmo.codes import CATEGORIES, SAYS_OF_REASON
from cti.sources.settings import wrong

FactName = Literal["guidance", "language-need"]
LEAST_SECRET = 32

_PRODUCT = re.compile(rf"(?:\d{{4}}/)?(?:{'|'.join(CATEGORIES)})(?:/.{{1,5}})?")
_REASON = re.compile(rf"(?:(?:{'|'.join(CATEGORIES)})/)?(?:{'|'.join(SAYS_OF_REASON)})")


def _check_products(products: dict[str, str]) -> dict[str, str]:
    for name in products:
        if not _PRODUCT.fullmatch(name):
            raise wrong(
                mark(
                    '{key}: "{name}" is no product; write a category of the standard ("16"), a category with a code of the '
                    'municipality ("16/OVB"), or these after the number of one municipality ("0363/16/OVB")'
                ),
                name=name,
            )
    return products


def _check_reasons(reasons: dict[str, str]) -> dict[str, str]:
    for name in reasons:
        if not _REASON.fullmatch(name):
            raise wrong(
                mark(
                    '{key}: "{name}" is no RedenBeeindiging of the standard; write its code ("19"), or a product category '
                    'before it ("17/19")'
                ),
                name=name,
            )
    return reasons


def _check_ends(categories: tuple[str, ...]) -> tuple[str, ...]:
    for name in categories:
        if name not in CATEGORIES:
            raise wrong(mark('{key}: "{name}" is no product category of the standard'), name=name)
    return categories


def _check_secret(secret: SecretStr) -> SecretStr:
    # There are a thousand million citizen numbers: whoever guesses the key reads them all from their hashes.
    if len(secret.get_secret_value()) < LEAST_SECRET:
        text = mark(
            "{key}: shorter than {least} characters; make one with openssl rand -hex 32, and keep it as long as the database"
        )
        raise wrong(text, least=LEAST_SECRET)
    return secret


class Options(SourceOptions):
    """The settings of an `iwmo` source."""

    path: str = Field(description="The folder of messages, one file, or a pattern such as messages/*.xml.")
    pattern: str = Field(default="*.xml", description="Which files of the folder are messages.")
    secret: Annotated[SecretStr, AfterValidator(_check_secret)] = Field(
        description="The key with which citizen numbers are hashed into references of clients; never to be changed later."
    )
    products: Annotated[dict[str, str], AfterValidator(_check_products)] = Field(
        default_factory=dict,
        description='What products are: "16/OVB" = "long-stay"; "guidance" for guidance at home, "" for nothing.',
    )
    reasons: Annotated[dict[str, str], AfterValidator(_check_reasons)] = Field(
        default_factory=dict,
        description='Where a stop leads, by its reason: "19" = "own-home"; also "deceased", "paused", and "" for unknown.',
    )
    planned_ends: Annotated[tuple[str, ...], AfterValidator(_check_ends)] = Field(
        default=("15", "16", "17", "18"),
        description="The categories of which the end of an allocation foresees a move to an own home.",
    )
    facts: tuple[FactName, ...] = Field(
        default=("guidance", "language-need"),
        description="The facts that are read, where the vocabulary has them.",
    )

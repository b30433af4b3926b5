"""What products and reasons stand for: the defaults with the config's changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cti.core.vocabulary import Vocabulary
from cti.i18n import mark
from cti.problems import Problem, Problems, closest, problem
from cti.sources.iwmo.codes import (
    DECEASED,
    FORESEES_A_HOME,
    GUIDANCE,
    PAUSED,
    SAYS_OF_PRODUCT,
    SAYS_OF_REASON,
)
from cti.sources.iwmo.lines import Product
from cti.sources.iwmo.options import Options


@dataclass(frozen=True, slots=True)
class Meanings:
    """Words of products and of reasons, each by the key of the config. Longer keys go before shorter ones."""

    products: Mapping[str, str]
    reasons: Mapping[str, str]
    own: frozenset[str]
    """The keys of products that the config names itself."""

    def product(self, municipality: str, product: Product | None) -> str:
        """What a product stands for: a situation, "guidance", or "" for nothing; so does one that is not told."""
        return self.products[self._key(municipality, product)] if product is not None else ""

    def foresees_a_home(self, municipality: str, product: Product | None) -> bool:
        """Whether an allocation of this guidance beforehand foresees an own home."""
        if product is None or self.product(municipality, product) != GUIDANCE:
            return False
        return product.category in FORESEES_A_HOME or self._key(municipality, product) in self.own

    def reason(self, category: str, reason: str) -> str:
        """What a reason to stop stands for: a situation, "deceased", "paused", or "" for unknown."""
        return self.reasons.get(f"{category}/{reason}", self.reasons[reason])

    def _key(self, municipality: str, product: Product) -> str:
        exact = f"{product.category}/{product.code}"
        for key in (f"{municipality}/{exact}", exact, f"{municipality}/{product.category}"):
            if key in self.products:
                return key
        return product.category


def meanings(options: Options, vocabulary: Vocabulary) -> Meanings:
    """The mapping in force. Raises Problems for words that the vocabulary lacks."""
    products = {**SAYS_OF_PRODUCT, **options.products}
    reasons = {**SAYS_OF_REASON, **options.reasons}
    found = [
        *_unknown(options, "products", products, {*vocabulary.situations, GUIDANCE, ""}),
        *_unknown(options, "reasons", reasons, {*vocabulary.situations, DECEASED, PAUSED, ""}),
    ]
    if found:
        raise Problems(found)
    return Meanings(products, reasons, frozenset(options.products))


def _unknown(options: Options, setting: str, words: Mapping[str, str], known: set[str]) -> list[Problem]:
    written: Mapping[str, str] = getattr(options, setting)
    found = []
    for name, word in words.items():
        if word in known:
            continue
        if name in written:
            text = mark('source "{source}": {setting} = "{word}", a situation that the vocabulary lacks')
            field, guess = f"{setting}.{name}", closest(word, known)
        else:
            text = mark(
                'source "{source}": {name} is read as "{word}", which the vocabulary lacks; add it there, or give {name} another '
                "word under {setting}"
            )
            field, guess = setting, None
        found.append(
            problem(text, field=field, source=options.name, setting=field, name=name, word=word, guess=guess)
        )
    return found

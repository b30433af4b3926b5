"""The words that a schema may name one by one: those of the rules folder that is at hand, if there is one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from cti.core.vocabulary import UNKNOWN, FactKind, Labels, Vocabulary
from cti.rulebook.context import NO_WORKERS, ROLES
from cti.rulebook.folder import Loaded
from cti.sentences import label
from cti.workshop.schema.shapes import NAME, TEXT, Shape, one_of


@dataclass(frozen=True)
class Words:
    """What is known. `vocabulary` None: no rules folder is at hand, or its vocabulary cannot be read; then any word will do.

    `desks` are the config's staff desks, `languages` those that texts must be in, `steps` the ids of each rule's steps, `texts`
    the texts that are there.
    """

    lang: str
    vocabulary: Vocabulary | None = None
    languages: Sequence[str] = ()
    desks: Collection[str] = ()
    steps: Mapping[str, Sequence[str]] = field(default_factory=dict)
    texts: Sequence[str] = ()

    def situation(self) -> Shape:
        """The name of a situation."""
        if self.vocabulary is None:
            return NAME
        situations = {**self.vocabulary.situations}
        situations.setdefault(UNKNOWN, {})
        return self._labelled(situations)

    def answer_set(self) -> Shape:
        """The name of an answer set."""
        return NAME if self.vocabulary is None else one_of(self.vocabulary.answers)

    def role(self) -> Shape:
        """Who a prompt goes to: a role that every organisation has, or a desk of the config."""
        if self.vocabulary is None:
            return {"anyOf": [one_of(ROLES), {**TEXT, "not": {"enum": list(NO_WORKERS)}}]}
        return one_of(dict.fromkeys((*ROLES, *self.desks)))

    def facts(self, *types: str) -> dict[str, FactKind]:
        """The facts of these types; of any where none is named."""
        facts = {} if self.vocabulary is None else self.vocabulary.facts
        return {name: kind for name, kind in facts.items() if not types or kind.type in types}

    def called(self, kind: FactKind) -> str:
        """What the fact is called."""
        return label(self.lang, kind.label, kind.name)

    def values(self, kind: FactKind) -> Shape:
        """The words that a choice may take."""
        return self._labelled(kind.values)

    def _labelled(self, of: Mapping[str, Labels]) -> Shape:
        return one_of(of, [label(self.lang, labels, name) for name, labels in of.items()])


NAME_PATTERN = NAME["pattern"].removeprefix("^").removesuffix("$")


def words_of(loaded: Loaded, lang: str, languages: Sequence[str], desks: Collection[str]) -> Words:
    """The words of a rules folder, as far as it can be read."""
    lexicon = loaded.context.lexicon
    if lexicon.lost:
        return Words(lang, None, languages, desks)
    steps = {rule: tuple(of) for rule, of in loaded.steps.steps.items() if of is not None}
    return Words(lang, lexicon.vocabulary, languages, desks, steps, loaded.steps.texts)

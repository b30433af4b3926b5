"""The config file as JSON Schema, made of the models that read it, so that it has exactly their keys.

What pydantic cannot know is added here: how the values look that people write in words, and that a secret may stand in a file of
its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from cti.channels import options as mail
from cti.config import values
from cti.config.model import File
from cti.config.outside import FROM_FILE
from cti.core.people import ROLES as STAFF_ROLES
from cti.core.people import WEEKDAYS
from cti.rulebook.context import ROLES
from cti.sources import LISTS, TYPES, settings, source_module
from cti.sources.columns import CODED, coded_words
from cti.sources.iwmo.codes import DECEASED, GUIDANCE, PAUSED
from cti.workshop.schema.shapes import DAY, NAME, TEXT, Shape, clock, document, exactly, one_of, table, told
from cti.workshop.schema.words import Words

_MODE: Final[Literal["validation"]] = "validation"

_ID = exactly(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")
_ADDRESS = exactly(r"[^\s@<>,;:]+@[^\s@<>,;:]+")
_PACE = {**exactly(r"[1-9]\d{0,5} ?(?:second|minute|hour|day)s?"), "examples": ["5 minutes", "1 hour"]}
_QUIET = {
    **exactly(r"(?:[1-9]\d{0,3} ?(?:working )?(?:hour|day)s?)?"),
    "examples": ["16 working hours", "3 working days"],
}
_ZONE = {**TEXT, "examples": ["Europe/Amsterdam"]}
_DATES = {**TEXT, "examples": ["yyyy-mm-dd", "dd-mm-yyyy"]}

WRITTEN: Mapping[Callable[..., Any], Shape] = {
    values.read_day: DAY,
    values.read_time: clock(),
    values.read_weekday: one_of(WEEKDAYS),
    values.read_zone: _ZONE,
    values.read_country: {**exactly("(?:[A-Z]{2,4})?"), "examples": ["NL", "BE", "DE"]},
    values.read_id: {"anyOf": [_ID, {"type": "integer"}]},
    values.read_share: {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
    values.read_address: _ADDRESS,
    mail.read_address: _ADDRESS,
    settings.read_name: _ID,
    settings.read_pace: _PACE,
    settings.read_quiet: _QUIET,
    settings.read_zone: _ZONE,
    settings.read_date_format: _DATES,
    settings.read_overlap: {"anyOf": [_PACE, {"type": "integer", "minimum": 0}]},
}
"""How the values look that a reader takes before pydantic does. One without a shape is a KeyError, so that none is forgotten."""


class _Generator(GenerateJsonSchema):
    """Pydantic's schema, with the shapes of what is written, without the null that TOML does not have, and without titles."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        reader = schema["function"]["function"]
        if isinstance(getattr(reader, "__self__", None), type):
            return self.generate_inner(
                schema["schema"]
            )  # a model's own, which fills in keys that may be left out
        return dict(WRITTEN[reader])

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        # A default that is no plain value would be shown as nobody writes it: "PT5M".
        if not isinstance(schema.get("default"), bool | int | float | str):
            made.pop("default", None)
        return made

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        made.pop("title", None)
        for name in list(made.get("properties", {})):
            if name.endswith(FROM_FILE):
                text = f"A file that holds the {name}, in its place."
                made["properties"][f"{name}_file"] = told(TEXT, text)
                # It may stand in that file, or come from the environment.
                made["required"] = [other for other in made.get("required", []) if other != name]
        return made

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def config_schema(words: Words) -> Shape:
    """The schema of config.toml. Its descriptions are those of the models, in English, as the config's keys are."""
    models: dict[str, type[BaseModel]] = {"": File, "mail": mail.Options}
    models |= {kind: source_module(kind).Options for kind in TYPES}
    wanted = [(model, _MODE) for model in models.values()]
    references, made = models_json_schema(wanted, schema_generator=_Generator)
    defs: dict[str, Shape] = made["$defs"]
    shapes = {
        name: defs.pop(references[model, _MODE]["$ref"].split("/")[-1]) for name, model in models.items()
    }
    file = shapes.pop("")
    keys = file["properties"]
    keys["mail"] = told(shapes.pop("mail"), _about(file, "mail"))
    keys["desks"]["propertyNames"] = {**NAME, "not": {"enum": [*ROLES, "coordinator"]}}
    for kind, shape in shapes.items():
        shape["properties"]["type"] = told({"const": kind}, shape["properties"]["type"]["description"])
        _offer(kind, shape["properties"], words)
    keys["sources"] = told(
        {"type": "array", "items": {"oneOf": list(shapes.values())}}, _about(file, "sources")
    )
    if words.vocabulary is not None:
        _situations(defs["ProjectOptions"]["properties"], ("situation",), words)
    text = file.pop("description")
    return document(words.lang, "The config of cti", file, text, defs)


def _about(file: Shape, key: str) -> str:
    return str(file["properties"][key].get("description", ""))


# --- the vocabulary's words -------------------------------------------------------------------------------------------


def _offer(kind: str, keys: dict[str, Shape], words: Words) -> None:
    """Names the words that codes may stand for, and the facts that columns may be."""
    if kind in LISTS:
        _roles(keys)
        return
    if words.vocabulary is None:
        return
    if kind == "hmis-csv":
        _situations(keys, ("kept_home",), words)
        for key in ("project_types", "destinations"):
            keys[key]["additionalProperties"] = _or_nothing(words.situation())
        return
    if kind == "iwmo":
        for key, more in (("products", (GUIDANCE,)), ("reasons", (DECEASED, PAUSED))):
            possible = [*_or_nothing(words.situation())["enum"], *more]
            keys[key]["additionalProperties"] = {"enum": possible}
        return
    if "columns" in keys:
        keys["facts"]["propertyNames"] = one_of(words.facts())
    if "codes" not in keys:
        return
    columns: dict[str, Shape] = {}
    for name in (*CODED, *words.facts()):
        possible = list(coded_words(name, words.vocabulary) or ())
        word = one_of(["", *possible]) if possible else {"type": "string"}
        text = f"What the codes for {name} stand for."
        columns[name] = told({"type": "object", "additionalProperties": word}, text)
    keys["codes"] = told(table(columns, columns), keys["codes"]["description"])


def _roles(keys: dict[str, Shape]) -> None:
    """What the codes of a list of people stand for."""
    word = {"type": "string"}
    columns = {
        name: told({"type": "object", "additionalProperties": one}, f"What the codes for {name} stand for.")
        for name, one in (("role", one_of(["", *STAFF_ROLES])), ("team", word), ("language", word))
    }
    if "codes" in keys:
        keys["codes"] = told(table(columns, columns), keys["codes"]["description"])
    if "roles" in keys:
        keys["roles"]["additionalProperties"] = one_of(["", *STAFF_ROLES])


def _situations(keys: dict[str, Shape], names: tuple[str, ...], words: Words) -> None:
    for name in names:
        keys[name] = {**keys[name], **_or_nothing(words.situation())}
        keys[name].pop("type", None)


def _or_nothing(shape: Shape) -> Shape:
    return {"enum": ["", *shape["enum"]]}

"""What pydantic finds in a section of the config, in our words, with what was probably meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date, time
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cti.config.mistakes import Add, Call, Drop, KeyPath, Mistake, Put, lookup, mistake
from cti.config.values import WRONG
from cti.i18n import mark
from cti.problems import closest

M = TypeVar("M", bound=BaseModel)


def read_section(model: type[M], written: object, at: KeyPath = ()) -> tuple[M | None, list[Mistake]]:
    """The section that stands at path `at`, and all that is wrong with it.

    With mistakes the section is what remains without them, so that the rest can still be compared with other sections (None where
    something that must be there is missing): it is good for finding more mistakes, and for nothing else.
    """
    values = deepcopy(written)
    found: dict[tuple[KeyPath, str], Mistake] = {}
    for _ in range(5):
        try:
            return model.model_validate(values), list(found.values())
        except ValidationError as error:
            # From the back, so that what is taken out of a list does not move what is still to be taken out.
            details = sorted(error.errors(include_url=False), key=_place, reverse=True)
        wrong = {path for path, _ in found}
        for one in [_translated(detail, model, at) for detail in details]:
            name = str(one.params.get("name", ""))
            if (
                "missing" not in one.text or (*one.path, name) not in wrong
            ):  # else it is there, and was told of
                found.setdefault((one.path, one.text + name), one)
        renamed = _take_out(values, details, found, at)
        if not renamed and all(detail["type"] == "missing" for detail in details):
            break
    return None, list(found.values())


def _place(detail: ErrorDetails) -> list[str]:
    """Where it is, as it is sorted: the tenth of a list after the ninth."""
    return [part if isinstance(part, str) else f"{part:09}" for part in detail["loc"]]


def _take_out(
    values: Any, details: Sequence[ErrorDetails], found: dict[tuple[KeyPath, str], Mistake], at: KeyPath
) -> bool:
    """Takes what cannot be read out of the values, and gives a misspelt key its name. Whether a missing key was found so."""
    spelt = False
    for detail in details:
        path = tuple(part for part in detail["loc"] if not _branch(part))
        table = lookup(values, path[:-1]) if path[:-1] else values
        if not path or detail["type"] == "missing" or not isinstance(table, dict | list):
            continue
        part: Any = path[-1]
        taken = table.pop(part) if isinstance(table, list) or part in table else None
        called = next((one.mend for (where, _), one in found.items() if where == (*at, *path)), None)
        if isinstance(called, Call) and isinstance(table, dict) and called.key not in table:
            table[called.key] = taken
            for where in [key for key, one in found.items() if _misses(one, (*at, *path[:-1]), called.key)]:
                del found[where]
                spelt = True
    return spelt


def _misses(one: Mistake, table: KeyPath, key: str) -> bool:
    return one.path == table and one.params.get("name") == key and "missing" in one.text


def keys_of(model: type[BaseModel]) -> list[str]:
    """The keys that a section may have, as they are written."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _translated(detail: ErrorDetails, model: type[BaseModel], at: KeyPath) -> Mistake:
    kind, context, value = detail["type"], detail.get("ctx", {}), detail["input"]
    path = at + tuple(part for part in detail["loc"] if not _branch(part))
    if kind == WRONG:
        better = context["better"]
        guess = better.isoformat() if isinstance(better, date | time) else better
        mend = Put(better) if better is not None else None
        return Mistake(path, context["text"], {"guess": guess, **context["params"]}, mend)
    if kind == "extra_forbidden":
        return unknown_key(path, _allowed(model, detail["loc"]), value)
    if kind == "missing":
        return missing_key(path)
    if kind in ("literal_error", "enum"):
        choices = _choices(context.get("expected", ""))
        guess_word = _near(str(value), choices)
        text = mark("{key} = {value}: not one of {choices}")
        return mistake(path, text, Put(guess_word) if guess_word else None, guess=guess_word, choices=choices)
    if kind in _PLAIN:
        text, mended = _PLAIN[kind]
        better = mended(value, context)
        params = {
            name: bound for name, bound in context.items() if name in ("ge", "gt", "le", "lt", "min_length")
        }
        return mistake(path, text, Put(better) if better is not None else None, **params)
    return mistake(path, mark("{key} = {value}: {finding}"), finding=_sentence(detail["msg"]))


def unknown_key(path: KeyPath, allowed: Sequence[str], value: object = None) -> Mistake:
    """A key that its section does not have, and the one that was probably meant."""
    key = str(path[-1])
    guess = closest(key, allowed)
    mend = Call(guess) if guess else Drop() if not isinstance(value, dict | list) else None
    if len(path) == 1:
        return mistake(path, mark('there is no key or section "{name}"'), mend, name=key, guess=guess)
    return mistake(path, mark('{section} has no key "{name}"'), mend, name=key, guess=guess)


_EXAMPLES: dict[str, object] = {
    "name": "worker 1",
    "from": date(2026, 7, 6),
    "until": date(2026, 7, 24),
    "type": "csv",
    "path": "export",
    "host": "smtp.example.org",
    "sender": "cti@example.org",
}


def missing_key(path: KeyPath, example: object = None) -> Mistake:
    """A key that must be there; the path is the key's own."""
    key = str(path[-1])
    if example is None:
        example = "registration" if (path[0], key) == ("sources", "name") else _EXAMPLES.get(key)
    mend = Add(key, example) if example is not None else None
    return mistake(path[:-1], mark('{section}: "{name}" is missing'), mend, name=key)


def _branch(part: object) -> bool:
    """Whether pydantic added this part of a place: a member of a union, or that a key of a table is meant."""
    return isinstance(part, str) and (
        part == "[key]" or part in ("str", "int", "bool", "float") or "[" in part
    )


def _allowed(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The keys of the section in which the last part of `loc` stands."""
    here: type[BaseModel] = model
    for part in loc[:-1]:
        if isinstance(part, int):
            continue
        named = next((f for name, f in here.model_fields.items() if (f.alias or name) == part), None)
        inner = _section_type(named.annotation) if named is not None else None
        if inner is None:
            return []
        here = inner
    return keys_of(here)


def _section_type(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _section_type(arg))), None)


def _choices(expected: str) -> list[str]:
    return [word.strip().strip("'\"") for word in expected.replace(" or ", ",").split(",") if word.strip()]


_SPOKEN = {
    **{"werker": "worker", "begeleider": "worker", "social-worker": "worker", "medewerker": "worker"},
    **{"teamleider": "team-lead", "teamlead": "team-lead", "leader": "team-lead", "lead": "team-lead"},
    **{"beheerder": "administrator", "admin": "administrator", "leidinggevende": "manager"},
    **{"nederlands": "nl", "dutch": "nl", "nl-nl": "nl", "nl_nl": "nl", "ned": "nl"},
    **{"english": "en", "engels": "en", "en-gb": "en", "en_gb": "en", "en-us": "en", "eng": "en"},
    **{"ssl": "tls", "smtps": "tls", "start-tls": "starttls", "plain": "none", "no": "none", "geen": "none"},
    **{"map": "folder", "file": "folder", "files": "folder", "mail": "smtp", "email": "smtp"},
}


def _near(word: str, choices: Sequence[str]) -> str | None:
    spoken = _SPOKEN.get(word.strip().lower())
    return spoken if spoken in choices else closest(word, choices)


def _sentence(message: str) -> str:
    message = message.removeprefix("Value error, ").strip().rstrip(".")
    return message[:1].lower() + message[1:]


def _nothing(value: object, context: Mapping[str, Any]) -> object:
    return None


def _as_text(value: object, context: Mapping[str, Any]) -> object:
    return (
        str(value) if isinstance(value, int | float | date | time) and not isinstance(value, bool) else None
    )


def _as_number(value: object, context: Mapping[str, Any]) -> object:
    if isinstance(value, float):
        return round(value)
    digits = "".join(char for char in str(value) if char.isdigit())
    return int(digits) if digits and not isinstance(value, bool | list | dict) and len(digits) < 9 else None


def _as_truth(value: object, context: Mapping[str, Any]) -> object:
    word = str(value).strip().lower()
    return (
        True
        if word in ("yes", "ja", "y", "j", "on", "aan")
        else False
        if word in ("no", "nee", "n", "off", "uit")
        else None
    )


def _as_list(value: object, context: Mapping[str, Any]) -> object:
    if isinstance(value, str):
        return [part.strip() for part in value.replace(";", ",").split(",") if part.strip()]
    return [value] if value is not None and not isinstance(value, dict) else None


def _bound(name: str) -> Any:
    return lambda value, context: context[name]


_PLAIN: dict[str, tuple[str, Any]] = {
    "string_type": (mark("{key} = {value}: a text is wanted, between quotes"), _as_text),
    "string_too_short": (mark("{key} = {value}: this may not be empty"), _nothing),
    "too_short": (mark("{key} = {value}: this may not be empty"), _nothing),
    "int_parsing": (mark("{key} = {value}: not a whole number"), _as_number),
    "int_type": (mark("{key} = {value}: not a whole number"), _as_number),
    "int_from_float": (mark("{key} = {value}: not a whole number"), _as_number),
    "float_parsing": (mark("{key} = {value}: not a number"), _nothing),
    "float_type": (mark("{key} = {value}: not a number"), _nothing),
    "bool_parsing": (mark("{key} = {value}: true or false is wanted, without quotes"), _as_truth),
    "bool_type": (mark("{key} = {value}: true or false is wanted, without quotes"), _as_truth),
    "tuple_type": (mark('{key} = {value}: a list is wanted, as ["…", "…"]'), _as_list),
    "list_type": (mark('{key} = {value}: a list is wanted, as ["…", "…"]'), _as_list),
    "dict_type": (mark("{key} = {value}: a section with keys of its own is wanted here"), _nothing),
    "model_type": (mark("{key} = {value}: a section with keys of its own is wanted here"), _nothing),
    "model_attributes_type": (
        mark("{key} = {value}: a section with keys of its own is wanted here"),
        _nothing,
    ),
    "greater_than_equal": (mark("{key} = {value}: at least {ge} is wanted"), _bound("ge")),
    "greater_than": (mark("{key} = {value}: more than {gt} is wanted"), _nothing),
    "less_than_equal": (mark("{key} = {value}: at most {le} is wanted"), _nothing),
    "less_than": (mark("{key} = {value}: less than {lt} is wanted"), _nothing),
}

"""The organisation's texts: Markdown files with Jinja2 variables, read from its templates folder, else from the shipped one.

Below `prompts/` stands the text of each prompt, below `mail/` those of the messages, below `pages/` further ones; each file is
named NAME.LANGUAGE.md and begins with `# Title`, which is the subject of a mail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath
from types import CodeType
from typing import Any

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    ChoiceLoader,
    DictLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket
from markupsafe import Markup

from cti.post.markdown import escaped, split_title, to_html, to_text
from cti.sandbox import Sandbox

_PLAIN = (str, int, type(None))
_COMPILED_AT_ONCE = 1000
MAIL_LETTERS = 20_000_000
"""The longest mail: a team's inbox may be told of all its prompts at once, each with its text."""

_WORDED_AT_ONCE = 2000  # different messages kept; mails without content are few kinds, sent to many


class _Compiled(BytecodeCache):
    """Texts as they were compiled, by name and source: other rules, or another folder, bring few texts that are new."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return f"{name}, a file" if filename is not None else name  # errors tell a file's place by its name

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if len(self._kept) >= _COMPILED_AT_ONCE:
            self._kept.clear()
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code


_PROMPTS, _MAILS, _HTML = _Compiled(), _Compiled(), _Compiled()


class TextError(Exception):
    """A text that could not be made: its file (below the templates folder), the line where known, and what is wrong."""

    def __init__(self, file: str, line: int | None, what: str) -> None:
        self.file, self.line, self.what = file, line, what
        super().__init__(f"{file}:{line}: {what}" if line else f"{file}: {what}")


@dataclass(frozen=True)
class Text:
    """A text with its values filled in: `title` is plain, `body` is Markdown."""

    title: str
    body: str

    @cached_property
    def html(self) -> str:
        """The body as HTML, without the title."""
        return to_html(self.body)

    @cached_property
    def text(self) -> str:
        """The body as plain text, without the title."""
        return to_text(self.body)


@dataclass(frozen=True, slots=True)
class Worded:
    """A whole message: subject, text part, HTML part."""

    subject: str
    text: str
    html: str


class Texts:
    """The texts in some places, the first that has a file counting, each compiled once: make a new one to see changes.

    `places`: folders, or texts by their path ("prompts/crisis-intake/map-network.nl.md"). `languages`: the organisation's, the
    first being the default. A text that lacks in someone's language is given in the default.
    """

    def __init__(self, places: Sequence[Path | Mapping[str, str]], languages: Sequence[str]) -> None:
        self.languages = tuple(languages)
        loader = ChoiceLoader([_loader(place) for place in places])
        options: dict[str, Any] = {
            "loader": loader,
            "undefined": StrictUndefined,
            "keep_trailing_newline": True,
            "auto_reload": False,
            "cache_size": -1,
        }
        # Each value shows just its characters; nothing that a client's data holds becomes markup, let alone a template.
        shown: dict[str, Any] = {"finalize": escaped, "autoescape": False}
        self._prompts = Sandbox(bytecode_cache=_PROMPTS, **options, **shown)
        # In the mails a line that holds but a condition leaves no empty line; the prompts' authors count on plain Jinja2.
        self._mails = Sandbox(
            MAIL_LETTERS,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=_MAILS,
            **options,
            **shown,
        )
        self._html = Sandbox(MAIL_LETTERS, autoescape=True, bytecode_cache=_HTML, **options)
        self._loader = loader
        self._titles: dict[tuple[str, str], str | None] = {}
        self._worded: dict[tuple[str, str, tuple[tuple[str, object], ...]], Worded] = {}

    def prompt(self, path: str, language: str | None, values: Mapping[str, object]) -> Text:
        """The text of a prompt: `path` is a step's or a variant's `text` ("crisis-intake/map-network"). Raises TextError."""
        return _text(self._prompts, f"prompts/{path}", self._candidates(language), values)

    def page(self, name: str, language: str | None, values: Mapping[str, object]) -> Text:
        """A page beside the prompts: "conference" stands in `pages/conference.nl.md`. Raises TextError."""
        return _text(self._prompts, f"pages/{name}", self._candidates(language), values)

    def title(self, path: str, language: str | None, values: Callable[[], Mapping[str, object]]) -> str:
        """The title of a prompt's text alone; `values` is asked only where the title is made of them. Raises TextError."""
        key = (path, self.language(language))
        if key not in self._titles:
            self._titles[key] = self._fixed_title(path, language)
        return self._titles[key] or self.prompt(path, language, values()).title

    def mail(self, kind: str, language: str | None, values: Mapping[str, object]) -> Worded:
        """A message of this kind in the mail layout. Raises TextError.

        Where all values are plain, the result is kept: the same few messages go to many people.
        """
        spoken = self.language(language)
        plain = all(isinstance(value, _PLAIN) or value == () for value in values.values())
        key = (kind, spoken, tuple(values.items()) if plain else ())
        if plain and key in self._worded:
            return self._worded[key]
        text = _text(self._mails, f"mail/{kind}", self._candidates(language), values)
        layout = self._layout({"subject": text.title, "body": Markup(text.html), "language": spoken})
        worded = Worded(text.title, text.text, layout)
        if plain and len(self._worded) < _WORDED_AT_ONCE:
            self._worded[key] = worded
        return worded

    def language(self, wanted: str | None) -> str:
        """The language someone is written to: theirs if the organisation has it, else the default."""
        return wanted if wanted in self.languages else self.languages[0]

    def _candidates(self, language: str | None) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.language(language), *self.languages)))

    def _fixed_title(self, path: str, language: str | None) -> str | None:
        """The title where it is the same for everybody."""
        for spoken in self._candidates(language):
            try:
                source, _, _ = self._loader.get_source(self._prompts, f"prompts/{path}.{spoken}.md")
            except (TemplateNotFound, UnicodeDecodeError):
                continue
            parts = split_title(source.lstrip("\ufeff\n\r ").partition("\n")[0])
            return parts[0] if parts is not None and "{" not in parts[0] else None
        return None

    def _layout(self, values: Mapping[str, object]) -> str:
        file = "mail/layout.html"
        try:
            return _rendered(self._html.get_template(file), file, values)
        except TemplateNotFound:
            raise TextError(file, None, "there is no such text") from None
        except (TemplateError, UnicodeDecodeError, RecursionError, MemoryError, SyntaxError) as error:
            raise _text_error(file, error) from None


def _loader(place: Path | Mapping[str, str]) -> BaseLoader:
    return FileSystemLoader(place, encoding="utf-8-sig") if isinstance(place, Path) else DictLoader(place)


def _text(env: Environment, name: str, languages: Sequence[str], values: Mapping[str, object]) -> Text:
    """The text in the first of the languages that it is there in."""
    for file in (f"{name}.{language}.md" for language in languages):
        try:
            template = env.get_template(file)
        except TemplateNotFound:
            continue
        except (TemplateError, UnicodeDecodeError, RecursionError, MemoryError, SyntaxError) as error:
            raise _text_error(file, error) from None
        parts = split_title(_rendered(template, file, values))
        if parts is None:
            raise TextError(file, 1, "the first line must be the title: # …")
        return Text(*parts)
    raise TextError(f"{name}.{languages[0]}.md", None, "there is no such text")


def _rendered(template: Template, file: str, values: Mapping[str, object]) -> str:
    try:
        return template.render(values)
    # A template is the organisation's code: whatever goes wrong in it is one text that fails, not the whole post.
    except Exception as error:
        raise _text_error(file, error) from error


def _text_error(file: str, error: Exception) -> TextError:
    """The error with its place: that of a faulty template, or the line that was being filled in."""
    what = str(getattr(error, "message", None) or error) or type(error).__name__
    if isinstance(error, TemplateSyntaxError):
        return TextError(error.name or file, error.lineno, what)
    line, frame = None, error.__traceback__
    while frame is not None:
        where = frame.tb_frame.f_code.co_filename
        if where == "<template>":  # a text of a kept rulebook, which is no file
            line = frame.tb_lineno
        elif where.endswith((".md", ".html")):
            # An included text is a file of its own; its name is the part below the templates folder.
            parts = PurePath(where).parts
            top = next((n for n, part in enumerate(parts) if part == file.split("/")[0]), 0)
            file, line = "/".join(parts[top:]), frame.tb_lineno
        frame = frame.tb_next
    return TextError(file, line, what)

"""Markdown as prompts and mails use it: headings, paragraphs, lists, emphasis, links. No HTML, no images, no code blocks.

One source gives the page, the HTML part and the text part, so the three never say different things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from textwrap import wrap

from markdown_it import MarkdownIt
from markdown_it.token import Token

# Raw HTML and images could load something from elsewhere when a mail is opened. Code blocks and link definitions reach over the
# end of the text they stand in, and several texts are joined in one mail.
_PARSER = MarkdownIt("commonmark", {"html": False}).disable(
    ["html_block", "html_inline", "image", "code", "fence", "reference", "lheading", "autolink"]
)
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_HEADING = re.compile(r"^( {0,3})(#{1,6})(?=[ \t]|$)", re.MULTILINE)
_WIDTH = 76


class Trusted(str):
    """Text that may hold Markdown of its own: the organisation's, never a client's."""

    __slots__ = ()


def escaped(value: object) -> str:
    """A value as Markdown that shows just its characters, on one line, whatever they are."""
    if isinstance(value, Trusted):
        return value
    line = "".join(char if char.isprintable() else " " for char in str(value))
    return _PUNCTUATION.sub(r"\\\1", " ".join(line.split()))


def split_title(source: str) -> tuple[str, str] | None:
    """The title as plain text and the Markdown below it; None where the first line is not `# …`."""
    head, _, rest = source.lstrip("\ufeff\n\r ").partition("\n")
    tokens = _PARSER.parse(head)
    if not tokens or tokens[0].type != "heading_open" or tokens[0].tag != "h1":
        return None
    title = _inline(tokens[1])
    return (title, rest.strip("\n")) if title else None


def lowered(source: str, levels: int) -> str:
    """The text with its headings so many levels deeper, to stand below a heading of another text."""
    return _HEADING.sub(lambda hit: hit[1] + "#" * min(6, len(hit[2]) + levels), source)


def before_list(source: str) -> tuple[str, str]:
    """What stands before the first list, and the list with all that follows it."""
    lists = ("bullet_list_open", "ordered_list_open")
    first = next((token.map[0] for token in _PARSER.parse(source) if token.type in lists and token.map), None)
    if first is None:
        return source, ""
    lines = source.splitlines(keepends=True)
    return "".join(lines[:first]), "".join(lines[first:])


def to_html(source: str) -> str:
    """The Markdown as HTML."""
    return str(_PARSER.renderer.render(_parsed(source), _PARSER.options, {}))


def to_text(source: str) -> str:
    """The Markdown as plain text in lines of at most 76 characters, links with their addresses."""
    text = "\n".join(_blocks(_parsed(source)))
    text = re.sub(r"^(?:> ?)+\n(?!>)", "\n", text, flags=re.MULTILINE)  # the empty line at the end of a quote
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


@lru_cache(maxsize=8)  # each text is wanted as HTML and as plain text, one right after the other
def _parsed(source: str) -> Sequence[Token]:
    return _PARSER.parse(source)


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    """The lines of the text. `prefixes` holds what stands before a line in the lists and quotes that are open."""
    prefixes: list[tuple[str, str]] = []  # before the first line of an item, and before its others
    numbers: list[int | None] = []
    for token, following in zip_longest(tokens, tokens[1:]):
        match token.type:
            case "bullet_list_open":
                numbers.append(None)
            case "ordered_list_open":
                numbers.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                numbers.pop()
                if not numbers:
                    yield ""
            case "list_item_open":
                number = numbers[-1]
                sign = "- " if number is None else f"{number}. "
                prefixes.append((sign, " " * len(sign)))
                if number is not None:
                    numbers[-1] = number + 1
            case "blockquote_open":
                prefixes.append(("> ", "> "))
            case "list_item_close" | "blockquote_close":
                prefixes.pop()
            case "hr":
                yield from ("-" * 20, "")
            case "inline":
                first = "".join(prefix for prefix, _ in prefixes)
                prefixes = [(rest, rest) for _, rest in prefixes]
                after = "".join(prefix for prefix, _ in prefixes)
                for line in _inline(token).split("\n"):
                    yield from wrap(
                        line,
                        _WIDTH,
                        initial_indent=first,
                        subsequent_indent=after,
                        break_long_words=False,
                        break_on_hyphens=False,
                    )
                    first = after
                yield from _below(token, tokens, following, after)
            case _:
                pass


def _below(token: Token, tokens: Sequence[Token], following: Token | None, prefix: str) -> Iterator[str]:
    """What follows a block: a heading's rule, and an empty line, except within a tight list."""
    if following is not None and following.type == "heading_close":
        if following.tag in ("h1", "h2"):
            yield prefix + "-" * min(_WIDTH, len(_inline(token)))
        yield ""
    elif following is None or not following.hidden:
        yield prefix.rstrip()


def _inline(token: Token) -> str:
    """The words of a paragraph, a line for each hard break. A link is followed by its address, unless that is its text."""
    out: list[str] = []
    links: list[tuple[str, int]] = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            out.append(child.content)
        elif child.type == "softbreak":
            out.append(" ")
        elif child.type == "hardbreak":
            out.append("\n")
        elif child.type == "link_open":
            links.append((str(child.attrGet("href") or ""), len(out)))
        elif child.type == "link_close":
            address, start = links.pop()
            if address and "".join(out[start:]) != address:
                out.append(f" ({address})")
    return "".join(out).strip()

"""One file read as one message: parsed safely, held against the standard's structure, and the citizen number hashed at once.

Read by expat, Python's own XML parser, while it parses. A document type is refused, so that there are no entities to expand and
nothing outside to fetch; what does not belong in a message ends the reading where it stands.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from xml.parsers import expat

from cti.i18n import mark
from cti.sources.iwmo.codes import BASIS, PASSED_OVER, READ
from cti.sources.iwmo.structure import MESSAGES, Element

MAX_BYTES = 25_000_000
"""No message of the standard is larger (rule OP179)."""

LONGEST_VALUE = 1000

_NAMESPACE = re.compile(r"http://www\.istandaarden\.nl/iwmo/(\d{1,2})_(\d{1,2})/wmo(\d{3})/schema", re.ASCII)
_UNFINISHED = frozenset(
    expat.errors.codes[text]
    for text in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)

_OTHER_VERSION = mark(
    "a message {kind} of version {version} of iWmo; only version 3.2 is read. Have it sent in that version, or take it out of "
    "the folder"
)
_MISSING = mark("{field} is missing; the message does not have the structure of iWmo 3.2")
_OUT_OF_PLACE = mark("{field} does not belong here; the message does not have the structure of iWmo 3.2")


class Fault(Exception):
    """Why a message or one product of it cannot be read: on which line, in which element; `value` is to be masked."""

    def __init__(self, reason: str, line: int, name: str, value: str = "", **params: str) -> None:
        super().__init__(reason)
        self.reason, self.line, self.name, self.value = reason, line, name, value
        self.params = tuple(params.items())


class Unfinished(Exception):
    """The file ends before the message does; it may still be being written."""


class _PassedOver(Exception):
    pass


@dataclass(slots=True)
class Row:
    """A product of a message: its line, its values by the names of their elements, and what is wrong with it."""

    line: int
    values: dict[str, str] = field(default_factory=dict)
    fault: Fault | None = None


@dataclass(slots=True)
class Message:
    """A message: its kind ("305"), its values by the names of their elements, and its products.

    Under "Bsn" stands the client's reference, a hash. A message that is passed over has a kind only.
    """

    kind: str
    values: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)


def reference(secret: str, citizen: str) -> str:
    """The reference of the client with this citizen number: the first 16 digits of its HMAC-SHA256."""
    return hmac.new(secret.encode(), citizen.encode(), sha256).hexdigest()[:16]


def read_message(data: bytes, hashed: Callable[[str], str]) -> Message:
    """The message in these bytes; `hashed` makes the client's reference of a citizen number.

    Raises Fault where it is none that can be read, and Unfinished where the file ends too early. What is wrong with one product
    stands with it.
    """
    reader = _Reader(hashed)
    parser = reader.parser
    try:
        parser.Parse(data.lstrip(), True)
    except _PassedOver:
        pass
    except expat.ExpatError as error:
        if error.code in _UNFINISHED:
            raise Unfinished from None
        raise Fault(mark("not XML that can be read; have the message sent anew"), error.lineno, "") from None
    except (LookupError, ValueError):
        raise Fault(mark("written in an encoding that is not known"), 1, "") from None
    if reader.message is None:
        raise Unfinished
    return reader.message


@dataclass(slots=True)
class _Open:
    """An element of which the end has not come; `place` is which of its inner elements came last."""

    element: Element
    line: int
    place: int = -1
    text: str = ""


class _Reader:
    def __init__(self, hashed: Callable[[str], str]) -> None:
        self.message: Message | None = None
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self._hashed = hashed
        self._namespace = ""
        self._open: list[_Open] = []
        self._row: Row | None = None  # the product that the reading is in
        self._unread = 0  # how many elements are open that are not read

    # --- what expat calls -------------------------------------------------------------------------------------------

    def _doctype(self, *_: object) -> None:
        reason = mark("it declares a document type, which no iWmo message does; it is not read any further")
        raise Fault(reason, self.parser.CurrentLineNumber, "")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._unread:
            self._unread += 1
            return
        namespace, _, local = name.rpartition(" ")
        line = self.parser.CurrentLineNumber
        if self.message is None:
            self._begin(namespace, local, line)
            return
        if self._row is not None and self._row.fault is not None:
            self._unread = 1
            return
        try:
            element = self._inner(namespace, local, line)
        except Fault as fault:
            self._spoil(fault, opened=1)
            return
        if element.unread:
            self._unread = 1
            return
        if element.row:
            self._row = Row(line)
            self.message.rows.append(self._row)
        self._open.append(_Open(element, line))

    def _end(self, _: str) -> None:
        if self._unread:
            self._unread -= 1
            return
        ended = self._open.pop()
        try:
            self._finish(ended)
        except Fault as fault:
            self._spoil(fault, opened=0)
        if ended.element.row:
            self._row = None

    def _text(self, text: str) -> None:
        if self._unread or not self._open or (self._row is not None and self._row.fault is not None):
            return
        top = self._open[-1]
        if top.element.form is not None and len(top.text) + len(text) <= LONGEST_VALUE:
            top.text += text
        elif text.strip():
            fault = Fault(_OUT_OF_PLACE, top.line, top.element.name)
            self._spoil(fault, opened=0)

    # --- the structure ----------------------------------------------------------------------------------------------

    def _begin(self, namespace: str, local: str, line: int) -> None:
        match = _NAMESPACE.fullmatch(namespace)
        if match is None or local != "Bericht":
            raise Fault(mark("not a message of iWmo"), line, local[:40])
        major, minor, kind = match.groups()
        if (major, minor) != ("3", "2"):
            raise self._of_another_version(kind, f"{major}.{minor}", line)
        self.message = Message(kind)
        if kind in PASSED_OVER:
            raise _PassedOver
        if kind not in READ:
            raise Fault(mark("WMO{kind} is no message of iWmo 3.2"), line, local, kind=kind)
        self._namespace = namespace
        self._open.append(_Open(MESSAGES[kind], line))

    def _of_another_version(self, kind: str, version: str, line: int) -> Fault:
        return Fault(_OTHER_VERSION, line, "BerichtVersie", kind=f"WMO{kind}", version=version)

    def _inner(self, namespace: str, local: str, line: int) -> Element:
        """The element of this name, where it may stand here."""
        top = self._open[-1]
        inner = top.element.inner
        first = top.place if top.place >= 0 and inner[top.place].many else top.place + 1
        for place in range(first, len(inner)):
            element = inner[place]
            if element.name == local and namespace == (BASIS if element.basis else self._namespace):
                top.place = place
                return element
            if element.needed and place > top.place:
                if any(later.name == local for later in inner[place + 1 :]):
                    raise Fault(_MISSING, line, element.name)
                break
        raise Fault(_OUT_OF_PLACE, line, local[:40])

    def _finish(self, ended: _Open) -> None:
        element = ended.element
        for lacking in element.inner[ended.place + 1 :]:
            if lacking.needed:
                raise Fault(_MISSING, self.parser.CurrentLineNumber, lacking.name)
        if element.form is None:
            return
        message, text = self._message(), ended.text.strip()
        if not element.form.fits(text):
            # Of a citizen number not even the first digit is shown.
            shown = "" if element.name == "Bsn" else text
            params = {"codes": element.form.codes} if element.form.codes else {}
            raise Fault(element.form.reason, ended.line, element.name, shown, **params)
        if element.name == "BerichtVersie" and text != "3":
            raise self._of_another_version(message.kind, text, ended.line)
        if element.name == "BerichtSubversie" and text != "2":
            raise self._of_another_version(message.kind, f"3.{text}", ended.line)
        values = message.values if self._row is None else self._row.values
        values[element.name] = self._hashed(text) if element.name == "Bsn" else text

    def _spoil(self, fault: Fault, opened: int) -> None:
        """A fault within a product costs that product: the rest of it is not read. Any other costs the message.

        `opened` is 1 where the element at fault has begun and stands not among the open ones.
        """
        row = self._row
        if row is None:
            raise fault
        row.fault = row.fault or fault
        place = next((index for index, one in enumerate(self._open) if one.element.row), None)
        if place is None:
            return  # the end of the product itself
        self._unread = len(self._open) - place - 1 + opened
        del self._open[place + 1 :]

    def _message(self) -> Message:
        assert self.message is not None  # the root has begun
        return self.message

"""`[mail]` of the config: how mail leaves."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from cti.i18n import mark

_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\.]+(?:\.[^\s@<>,;:\"()\[\]\\.]+)*")
_PORTS = {"none": 25, "starttls": 587, "tls": 465}


def is_address(text: str) -> bool:
    """Whether this can stand in an envelope as it is: "w1@example.org", in any script, without a name around it."""
    return len(text) <= 254 and text.isprintable() and _ADDRESS.fullmatch(text) is not None


def _read_address(value: object) -> object:
    if not isinstance(value, str) or is_address(value.strip()):
        return value
    inside = re.search(r"<\s*([^<>]+?)\s*>", value)
    bare = (inside[1] if inside else value).strip().removeprefix("mailto:")
    text = mark('{key} = {value}: not a mail address; an address is written as "name@example.org"')
    context: dict[str, object] = {"text": text, "better": bare if is_address(bare) else None, "params": {}}
    raise PydanticCustomError("cti", "{text}", context)


Address = Annotated[str, BeforeValidator(_read_address)]


class Options(BaseModel):
    """How mail leaves: to a mail server ("smtp") or as `.eml` files into a folder (the default).

    `content` "none" says only that prompts wait; "full" puts their texts in the mail, for organisations with a secure mail
    gateway (NTA 7516). `timeout` is in seconds and holds for each command; `data_timeout` for the server's reply to a whole
    message, where giving up early would send it twice (RFC 5321, 4.5.3.2.6 asks for ten minutes).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    transport: Literal["smtp", "folder"] = "folder"
    host: str = ""
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    security: Literal["none", "starttls", "tls"] = "starttls"
    user: str | None = None
    password: SecretStr | None = None
    ca_file: str | None = None
    """A file of certificates to trust in place of the system's."""
    sender: Address = "cti@localhost"
    sender_name: str = ""
    reply_to: Address | None = None
    folder: Annotated[str, Field(min_length=1)] = "outbox"
    content: Literal["none", "full"] = "none"
    timeout: Annotated[float, Field(gt=0, le=300)] = 60
    data_timeout: Annotated[float, Field(gt=0, le=600)] = 600
    connections: Annotated[int, Field(ge=1, le=20)] = 4
    """How many connections at most, where there is much to send."""

    @property
    def port_number(self) -> int:
        """The port, by default that of the chosen security."""
        return self.port or _PORTS[self.security]

    @model_validator(mode="after")
    def _server_and_sender(self) -> Self:
        if self.transport == "smtp":
            named = {"host": self.host, "sender": self.sender if "sender" in self.model_fields_set else ""}
            lacking: list[InitErrorDetails] = [
                {"type": "missing", "loc": (name,), "input": value}
                for name, value in named.items()
                if not value
            ]
            if lacking:
                raise ValidationError.from_exception_data("mail", lacking)
        return self

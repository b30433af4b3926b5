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

from cti.address import is_address
from cti.i18n import mark

_PORTS = {"none": 25, "starttls": 587, "tls": 465}


def read_address(value: object) -> object:
    if not isinstance(value, str) or is_address(value.strip()):
        return value
    inside = re.search(r"<\s*([^<>]+?)\s*>", value)
    bare = (inside[1] if inside else value).strip().removeprefix("mailto:")
    text = mark('{key} = {value}: not a mail address; an address is written as "name@example.org"')
    context: dict[str, object] = {"text": text, "better": bare if is_address(bare) else None, "params": {}}
    raise PydanticCustomError("cti", "{text}", context)


Address = Annotated[str, BeforeValidator(read_address)]


class Options(BaseModel):
    """How mail leaves: to a mail server ("smtp") or as `.eml` files into a folder (the default).

    `content` "none" says only that prompts wait; "full" puts their texts in the mail, for organisations with a secure mail
    gateway (NTA 7516). `timeout` is in seconds and holds for each command; `data_timeout` for the server's reply to a whole
    message, where giving up early would send it twice (RFC 5321, 4.5.3.2.6 asks for ten minutes).
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, use_attribute_docstrings=True
    )

    transport: Literal["smtp", "folder"] = "folder"
    """Whether mails are sent ("smtp") or become .eml files ("folder")."""
    host: str = ""
    """The mail server."""
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    """By security where this is left out: 587 with starttls, 465 with tls, 25 with none."""
    security: Literal["none", "starttls", "tls"] = "starttls"
    """How the line is protected: "tls" from the first byte, "none" for a server on this machine."""
    user: str | None = None
    """The account at the mail server."""
    password: SecretStr | None = None
    """Better in a file of its own, as password_file, or from the environment."""
    ca_file: str | None = None
    """A file of certificates to trust in place of the system's."""
    sender: Address = "cti@localhost"
    """From; bounces come back here."""
    sender_name: str = ""
    """The name beside that address."""
    reply_to: Address | None = None
    """Where replies go."""
    folder: Annotated[str, Field(min_length=1)] = "outbox"
    """Where the .eml files go with transport = "folder"."""
    content: Literal["none", "full"] = "none"
    """What mails say: "none" only that prompts wait, "full" the texts too, for those with a gateway for secure mail."""
    timeout: Annotated[float, Field(gt=0, le=300)] = 60
    """Seconds for each command."""
    data_timeout: Annotated[float, Field(gt=0, le=600)] = 600
    """Seconds for the reply to a whole mail; giving up early would send it twice."""
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

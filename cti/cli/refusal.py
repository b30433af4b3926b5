"""What a command says where it cannot do what was asked."""

from __future__ import annotations


class Refusal(Exception):
    """The command cannot do what was asked, for a reason that the person at the terminal can mend.

    `code` is the exit code: 2 where the command was used wrongly, else 1.
    """

    def __init__(self, text: str, code: int = 1, /, **params: object) -> None:
        self.text, self.code, self.params = text, code, params
        super().__init__(text)

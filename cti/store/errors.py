"""What can be wrong with the database, said so that an administrator can mend it."""

from __future__ import annotations


class StoreError(Exception):
    """The database cannot be used. `text` is the English message with placeholders for `params`, as `cti.i18n.say` takes them."""

    text = "the database cannot be used"

    def __init__(self, **params: str) -> None:
        self.params = params
        super().__init__(self.text.format(**params))


class WrongAddress(StoreError):
    text = (
        'database = "{url}": not an address that cti can use; '
        "write sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"
    )


class Unreachable(StoreError):
    text = "the database {url} cannot be reached: {error}"


class NotOurs(StoreError):
    text = "the database {url} holds tables that are not of cti; name an empty one"


class NotMade(StoreError):
    text = "the database {url} is empty; run: cti db upgrade"


class TooOld(StoreError):
    text = "the database {url} is of an older cti (schema {found}, needed {needed}); run: cti db upgrade"


class TooNew(StoreError):
    text = (
        "the database {url} is of a newer cti (schema {found}, this one knows {needed}); "
        "install that cti (cti db upgrade cannot go back)"
    )


class WrongEncoding(StoreError):
    text = "the database {url} stores text as {found}; make one with ENCODING 'UTF8'"


class FileExists(StoreError):
    text = "{file} is there already; name a new file"


class NotEmpty(StoreError):
    text = "the database {url} holds data already; a copy is put back into an empty one"

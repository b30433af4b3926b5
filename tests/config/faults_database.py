# ruff: noqa: E501  (each message stands on one line, as people read it)
"""Mistakes in how a config names the database. `{here}` is the config's folder."""

from tests.config.sample import Fault

DATABASE = [
    Fault(
        "a database that is a path",
        '"sqlite:///cti.db"',
        '"cti.db"',
        1,
        'database = "cti.db": not the address of a database; write "sqlite:///cti.db", say',
        'database = "cti.db": geen adres van een database; schrijf bijvoorbeeld "sqlite:///cti.db"',
    ),
    Fault(
        "a database with two slashes",
        '"sqlite:///cti.db"',
        '"sqlite://cti.db"',
        1,
        'database = "sqlite://cti.db": a file needs three slashes; did you mean "sqlite:///cti.db"?',
        'database = "sqlite://cti.db": voor een bestand zijn drie schuine strepen nodig; bedoelde u "sqlite:///cti.db"?',
    ),
    Fault(
        "a database in memory",
        '"sqlite:///cti.db"',
        '"sqlite:///:memory:"',
        1,
        'database = "sqlite:///:memory:": a database in memory forgets everything when the program stops; name a file',
        'database = "sqlite:///:memory:": een database in het geheugen vergeet alles zodra het programma stopt; noem een bestand',
    ),
    Fault(
        "a database of another make",
        '"sqlite:///cti.db"',
        '"mysql://u@db/cti"',
        1,
        'database = "mysql://u@db/cti": cti keeps its data in SQLite or PostgreSQL, not in mysql',
        'database = "mysql://u@db/cti": cti bewaart zijn gegevens in SQLite of PostgreSQL, niet in mysql',
        mended=False,
    ),
    Fault(
        "no name of the database",
        '"sqlite:///cti.db"',
        '"postgresql://cti@db"',
        1,
        'database = "postgresql://cti@db": the name of the database is missing at the end',
        'database = "postgresql://cti@db": aan het eind ontbreekt de naam van de database',
        mended=False,
    ),
    Fault(
        "a database in a folder that is not there",
        '"sqlite:///cti.db"',
        '"sqlite:///var/cti.db"',
        1,
        'database = "sqlite:///var/cti.db": there is no folder {here}/var',
        'database = "sqlite:///var/cti.db": er is geen map {here}/var',
    ),
    Fault(
        "a file with the database that is not there",
        'database = "sqlite:///cti.db"',
        'database_file = "secret"',
        1,
        'database_file = "secret": there is no such file',
        'database_file = "secret": dit bestand bestaat niet',
        mended=False,
    ),
    Fault(
        "a port that is none",
        'database = "sqlite:///cti.db"',
        'database = "postgresql://cti:hush now@db:x/cti"',
        1,
        'database = "postgresql://cti:…@db:x/cti": what stands behind the host is no port; an @, : or / in a password is written as %40, %3A or %2F',
        'database = "postgresql://cti:…@db:x/cti": achter de host staat geen poort; een @, : of / in een wachtwoord schrijft u als %40, %3A of %2F',
        mended=False,
    ),
    Fault(
        "an @ in a password",
        'database = "sqlite:///cti.db"',
        'database = "postgresql://cti:p@hush:word@db/cti"',
        1,
        'database = "postgresql://cti:…@db/cti": what stands behind the host is no port; an @, : or / in a password is written as %40, %3A or %2F',
        'database = "postgresql://cti:…@db/cti": achter de host staat geen poort; een @, : of / in een wachtwoord schrijft u als %40, %3A of %2F',
        mended=False,
    ),
]

"""HMIS CSV as tables of a database, as a warehouse loads it: the standard's names, with types, and NULL for what is empty."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Date, DateTime, Integer, MetaData, String, Table, insert

FILES = ("Project", "Enrollment", "Exit", "Services")
NUMBERS = {"ProjectType", "RelationshipToHoH", "Destination", "HousingAssessment", "RecordType"}
MOMENTS = {"DateCreated", "DateUpdated", "DateDeleted"}
DAYS = {"EntryDate", "ExitDate", "MoveInDate", "DateOfEngagement", "DateProvided"}


def load(tx: Connection, export: Path) -> None:
    """Puts the files of an export into tables, in the place of those of an earlier one."""
    for name in FILES:
        with (export / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
            header, *rows = list(csv.reader(stream))
        table = Table(name, MetaData(), *(Column(column, _type(column)) for column in header))
        table.drop(tx, checkfirst=True)
        table.create(tx)
        if rows:
            tx.execute(
                insert(table),
                [
                    {column: _value(column, text) for column, text in zip(header, row, strict=True)}
                    for row in rows
                ],
            )


def _type(column: str) -> type[Any]:
    if column in NUMBERS:
        return Integer
    return Date if column in DAYS else DateTime if column in MOMENTS else String


def _value(column: str, text: str) -> object:
    if not text:
        return None
    if column in NUMBERS:
        return int(text)
    if column in DAYS:
        return date.fromisoformat(text[:10])
    return datetime.fromisoformat(text) if column in MOMENTS else text

"""The registration's faults occur in the shares that public sample exports have (domain book, section 5)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from cti.sample.organisation import Organisation
from cti.sample.records import SETTLED, Record, Stay
from tests.sample.reading import stays_of_hmis, table, transitions

UNKNOWN = {"8", "9", "17", "30", "99"}


def stays(organisation: Organisation) -> list[Record]:
    return [record for record in organisation.records if isinstance(record.last_content, Stay)]


def said(record: Record) -> list[Stay]:
    return [version.content for version in record.versions if isinstance(version.content, Stay)]


def quantiles(values: Iterable[int], *shares: float) -> list[int]:
    ordered = sorted(values)
    return [ordered[int(len(ordered) * share)] for share in shares]


def share(records: Sequence[Record], having: Iterable[bool]) -> float:
    return sum(having) / len(records)


def test_ids_are_unique_and_rise_in_the_order_of_typing(organisation: Organisation) -> None:
    ids = [record.id for record in organisation.records]
    assert ids == sorted(set(ids))
    typed = [record.versions[0].recorded for record in organisation.records]
    assert typed == sorted(typed)


def test_each_version_is_typed_after_the_one_before_and_says_something_else(
    organisation: Organisation,
) -> None:
    for record in organisation.records:
        assert record.versions[0].content is not None
        for before, after in pairwise(record.versions):
            assert before.recorded < after.recorded
            assert (before.client, before.content) != (after.client, after.content)


def test_no_version_of_a_stay_ends_before_it_begins(organisation: Organisation) -> None:
    for record in stays(organisation):
        assert all(stay.end is None or stay.begin <= stay.end for stay in said(record))


def test_half_of_the_entries_are_typed_in_within_a_day_and_one_in_twenty_after_six_weeks(
    organisation: Organisation,
) -> None:
    lags = [
        (record.versions[0].recorded.date() - said(record)[-1].begin).days for record in stays(organisation)
    ]
    half, three_quarters, nine_tenths, most = quantiles(lags, 0.5, 0.75, 0.9, 0.95)
    assert half in (0, 1)
    assert 5 <= three_quarters <= 8
    assert 15 <= nine_tenths <= 26
    assert 36 <= most <= 67


def test_half_of_the_ends_are_typed_in_at_once_and_one_in_ten_after_a_month(
    organisation: Organisation,
) -> None:
    lags: list[int] = []
    for record in stays(organisation):
        last = said(record)[-1].end
        if last is not None:
            first = next(
                v for v in record.versions if isinstance(v.content, Stay) and v.content.end is not None
            )
            lags.append((first.recorded.date() - last).days)
    half, three_quarters, nine_tenths = quantiles(lags, 0.5, 0.75, 0.9)
    assert half <= 1 and 2 <= three_quarters <= 9 and 22 <= nine_tenths <= 45


def test_what_is_about_a_day_is_settled_three_months_later(organisation: Organisation) -> None:
    for record in stays(organisation):
        versions = [v for v in record.versions if v.client == record.versions[-1].client]
        last = said(record)[-1]
        about = max(last.begin, last.end or last.begin)
        assert versions[-1].recorded.date() - about < SETTLED


def test_one_stay_in_ten_begins_wrongly_and_is_corrected(organisation: Organisation) -> None:
    records = stays(organisation)
    wrong = [len({(s.situation, s.begin) for s in said(record)}) > 1 for record in records]
    assert 0.06 <= share(records, wrong) <= 0.13


def test_some_corrections_go_there_and_back(organisation: Organisation) -> None:
    back = [r for r in stays(organisation) if len(said(r)) > 2 and said(r)[0] == said(r)[2] != said(r)[1]]
    assert len(back) >= 5


def test_some_exits_are_taken_back(organisation: Organisation) -> None:
    again = [
        r
        for r in stays(organisation)
        if any(a.end is not None and b.end is None for a, b in pairwise(said(r)))
    ]
    assert len(again) >= 4


def test_one_record_in_twenty_is_deleted_and_typed_in_again_under_a_new_id(
    organisation: Organisation,
) -> None:
    records = stays(organisation)
    deleted = [record for record in records if record.versions[-1].content is None]
    assert 0.03 <= len(deleted) / len(records) <= 0.08
    first = {(r.versions[0].recorded, r.versions[0].content) for r in records}
    for record in deleted:
        gone = record.versions[-1].recorded
        again = [at for at, _ in first if timedelta(0) < at - gone <= timedelta(minutes=30)]
        assert again


def test_some_records_are_typed_in_at_somebody_else(organisation: Organisation) -> None:
    ids = {client.id for client in organisation.truth.clients}
    own: dict[str, set[date]] = {
        client.id: {spell.begin for spell in client.spells} for client in organisation.truth.clients
    }
    strangers = [
        record
        for record in stays(organisation)
        if record.versions[-1].content is None
        and record.versions[0].client in ids
        and said(record)[0].begin not in own[record.versions[0].client]
    ]
    assert len(strangers) >= 5


def test_some_clients_were_registered_twice_and_merged(organisation: Organisation) -> None:
    ids = {client.id for client in organisation.truth.clients}
    moved = [r for r in organisation.records if r.versions[0].client not in ids]
    assert len({record.versions[0].client for record in moved}) >= 5
    for record in moved:
        # Only what was deleted before the merging still bears the duplicate's reference.
        assert record.versions[-1].client in ids or record.versions[-1].content is None


def test_a_fifth_of_the_shelter_stays_only_goes_on_after_a_short_absence(
    organisation: Organisation, exports: Path
) -> None:
    read = stays_of_hmis(exports / "hmis-2026")
    shelter = [s for s in read if s.situation == "crisis-shelter" and s.begin != s.end]
    spells = [t for t in transitions(read) if t.to == "crisis-shelter"]
    assert 0.14 <= 1 - len(spells) / len(shelter) <= 0.3


def test_shelter_stays_are_as_long_as_in_the_public_exports(
    exports: Path, organisation: Organisation
) -> None:
    read = stays_of_hmis(exports / "hmis-2026")
    lengths = [
        ((s.end or organisation.truth.end) - s.begin).days
        for s in read
        if s.situation == "crisis-shelter" and s.begin != s.end
    ]
    for day, measured in ((7, 0.69), (14, 0.54), (21, 0.45), (35, 0.28), (60, 0.12)):
        assert abs(sum(length > day for length in lengths) / len(lengths) - measured) < 0.09


def test_one_exit_in_six_leads_nobody_knows_where(exports: Path) -> None:
    heads = {
        row["EnrollmentID"]
        for row in table(exports / "hmis-2026" / "Enrollment.csv")
        if row["RelationshipToHoH"] == "1"
    }
    exits = [
        row
        for row in table(exports / "hmis-2026" / "Exit.csv")
        if not row["DateDeleted"] and row["EnrollmentID"] in heads
    ]
    assert 0.08 <= sum(row["Destination"] in UNKNOWN for row in exits) / len(exits) <= 0.21


def test_many_stays_overlap_another_one_of_the_same_client(exports: Path) -> None:
    by_client = defaultdict(list)
    for stay in stays_of_hmis(exports / "hmis-2024"):
        by_client[stay.client].append(stay)
    overlapping = total = 0
    for own in by_client.values():
        for stay in own:
            total += 1
            last = stay.end or date.max
            overlapping += any(
                other is not stay and other.begin < last and (other.end or date.max) > stay.begin
                for other in own
            )
    assert 0.15 <= overlapping / total <= 0.45


def test_some_registrations_last_zero_days(exports: Path) -> None:
    assert sum(stay.begin == stay.end for stay in stays_of_hmis(exports / "hmis-2024")) >= 20


def test_some_stays_are_typed_in_before_they_begin(organisation: Organisation) -> None:
    early = [r for r in stays(organisation) if r.versions[0].recorded.date() < said(r)[-1].begin]
    assert len(early) >= 10

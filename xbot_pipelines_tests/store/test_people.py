"""People as the tables know them: met once, seen again, and left alone for good."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from xbot_pipelines.clock import ManualClock
from xbot_pipelines.models import ProfileSnapshot
from xbot_pipelines.store import people
from xbot_pipelines.store.database import AccountDatabase
from xbot_pipelines.store.people import FACTS_HOLD_FOR, UNREAD, Sighting
from xbot_pipelines.store.schema import discovered_accounts

ADA = ProfileSnapshot(id="7", handle="Ada", name="Ada", bio="walks a lot", followers=120)


def meet(database: AccountDatabase, clock: ManualClock, *sightings: Sighting) -> int:
    with database.transaction() as connection:
        return people.meet(connection, database.account, sightings, now=clock.now())


def opt_out(database: AccountDatabase, clock: ManualClock, handle: str, user_id: str | None = None) -> bool:
    with database.transaction() as connection:
        return people.opt_out(
            connection, database.account, handle=handle, user_id=user_id, words="stop", now=clock.now()
        )


def has_opted_out(database: AccountDatabase, handle: str, user_id: str | None = None) -> bool:
    with database.transaction() as connection:
        return people.has_opted_out(connection, database.account, handle=handle, user_id=user_id)


def row(database: AccountDatabase, handle: str) -> dict[str, object]:
    with database.transaction() as connection:
        found = connection.execute(select(discovered_accounts).where(discovered_accounts.c.handle == handle))
        return dict(found.mappings().one())


def test_somebody_is_new_once_whatever_the_case_of_their_handle(database: AccountDatabase, clock: ManualClock) -> None:
    assert meet(database, clock, Sighting(profile=ADA, source="search for sleep")) == 1
    clock.advance(timedelta(hours=1))
    assert meet(database, clock, Sighting(profile=replace(ADA, handle="ADA", followers=130), source="elsewhere")) == 0
    known = row(database, "ada")
    assert (known["source"], known["followers"], known["bio"]) == ("search for sleep", 130, "walks a lot")


def test_f22_what_a_later_look_does_not_say_is_not_forgotten(database: AccountDatabase, clock: ManualClock) -> None:
    meet(database, clock, Sighting(profile=ADA, source="search"))
    meet(database, clock, Sighting(profile=ProfileSnapshot(id="7", handle="ada"), source="search"))
    assert row(database, "ada")["followers"] == 120


def test_relevance_is_what_somebody_writes_about_and_one_post_proves_little(
    database: AccountDatabase, clock: ManualClock
) -> None:
    meet(database, clock, Sighting(profile=ADA, source="search", judged=1, on_subject=1))
    assert people.relevance_of(database, ["Ada", "nobody"]) == {"ada": 2 / 3, "nobody": UNREAD}
    meet(database, clock, Sighting(profile=ADA, source="search", judged=7, on_subject=0))
    assert people.relevance_of(database, ["ada"]) == {"ada": 2 / 10}


def test_the_relevant_who_were_not_looked_at_for_longest_come_first(
    database: AccountDatabase, clock: ManualClock
) -> None:
    def person(handle: str, on_subject: int) -> Sighting:
        profile = ProfileSnapshot(id=str(len(handle)), handle=handle)
        return Sighting(profile=profile, source="search", judged=4, on_subject=on_subject)

    meet(database, clock, person("a", 3), person("bb", 4), person("ccc", 0), person("dddd", 2))
    opt_out(database, clock, "dddd")
    assert people.worth_a_look(database, limit=9) == ["bb", "a"]
    people.looked_at(database, ["bb"], now=clock.now())
    assert people.worth_a_look(database, limit=1) == ["a"]


def test_facts_are_owed_where_they_are_unknown_or_old(database: AccountDatabase, clock: ManualClock) -> None:
    meet(database, clock, Sighting(profile=ADA, source="search"))
    assert people.add_handles(database, ["Bob", "bob", "ada"], source="talks with @ada", now=clock.now()) == (1, [])
    assert people.owed_facts(database, now=clock.now(), limit=9) == ["bob"]
    people.gone(database, "bob", now=clock.now())
    assert people.owed_facts(database, now=clock.now(), limit=9) == []
    clock.advance(FACTS_HOLD_FOR + timedelta(seconds=1))
    assert people.owed_facts(database, now=clock.now(), limit=9) == ["ada", "bob"]


def test_f23_who_opted_out_is_left_alone_for_good_by_handle_and_by_id(
    database: AccountDatabase, clock: ManualClock
) -> None:
    assert opt_out(database, clock, "Ada", "7")
    assert not opt_out(database, clock, "ada")
    assert has_opted_out(database, "ADA")
    assert has_opted_out(database, "ada_renamed", "7")
    assert not has_opted_out(database, "bob", "8")
    assert people.left_alone(database) == {"ada", "7"}
    meet(database, clock, Sighting(profile=replace(ADA, followers=1), source="search"))
    assert row(database, "ada")["opted_out_words"] == "stop"


def test_one_account_knows_nothing_of_whom_another_knows(
    database: AccountDatabase, other: AccountDatabase, clock: ManualClock
) -> None:
    meet(database, clock, Sighting(profile=ADA, source="search"))
    opt_out(database, clock, "ada")
    assert not has_opted_out(other, "ada")
    assert people.left_alone(other) == frozenset()
    assert people.owed_facts(other, now=clock.now() + timedelta(days=30), limit=9) == []

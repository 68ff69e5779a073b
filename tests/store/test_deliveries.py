"""The rows of the ledger, the lock of sending, and who gets nothing."""

import datetime as dt

import pytest

from briefer.errors import StoreError
from briefer.mails import Delivery
from briefer.store import Store
from tests.store.conftest import NOW, Clock, Opener
from tests.store.test_issues import BERTH, DAY, FERRY, issue


def delivery(recipient: str = "ada@readers.example", **more: object) -> Delivery:
    values: dict[str, object] = {
        "edition": "morning",
        "date": DAY,
        "recipient": recipient,
        "message_id": f"<{recipient}>",
        "state": "waiting",
        "changed": NOW,
    }
    return Delivery.model_validate(values | more)


ADA, BO = (
    delivery(),
    delivery("bo@readers.example", state="deferred", next_try=NOW, answer="451 later", attempts=2),
)


def test_rows_come_back_as_they_were_and_are_replaced(store: Store) -> None:
    store.save_deliveries([BO, ADA, delivery(date=DAY + dt.timedelta(1)), delivery(edition="evening")])
    assert store.deliveries("morning", DAY) == [ADA, BO]
    sent = BO.model_copy(update={"state": "sent", "next_try": None, "message_id": "<2@x>", "attempts": 3})
    store.save_deliveries([sent])
    assert store.deliveries("morning", DAY) == [ADA, sent]
    assert [one.date for one in store.deliveries("morning")] == [DAY, DAY, DAY + dt.timedelta(1)]
    assert store.deliveries("morning", state="sent") == [sent]
    assert store.deliveries("morning", DAY, state="waiting") == [ADA]


def test_all_rows_of_a_save_or_none(store: Store) -> None:
    broken = BO.model_copy(update={"message_id": None})
    with pytest.raises(Exception, match=r"(?i)not.null"):
        store.save_deliveries([ADA, broken])
    assert store.deliveries("morning") == []


def test_rows_are_forgotten_one_by_one(store: Store) -> None:
    store.save_deliveries([ADA, BO])
    store.forget_deliveries("morning", DAY, [BO.recipient, "nobody@readers.example"])
    assert store.deliveries("morning") == [ADA]


def test_issues_are_listed_with_their_copies_by_state(store: Store) -> None:
    later = DAY + dt.timedelta(1)
    store.save_deliveries([ADA, BO, delivery("cy@readers.example", state="sent", answer="250 ok")])
    store.save_deliveries([delivery(date=later, answer="waiting for approval"), delivery(edition="evening")])
    lines = [(one.edition, one.date, one.counts, one.note) for one in store.mailings()]
    assert lines == [
        ("morning", later, {"waiting": 1}, "waiting for approval"),
        ("evening", DAY, {"waiting": 1}, ""),
        ("morning", DAY, {"deferred": 1, "sent": 1, "waiting": 1}, "451 later"),
    ]
    assert len(store.mailings("morning")) == 2


def test_one_sends_an_edition_at_a_time(opened: Opener) -> None:
    one, other = opened("briefer"), opened("briefer")
    with one.sending("morning"):
        with (
            pytest.raises(StoreError, match="morning: is being sent by another run"),
            other.sending("morning"),
        ):
            pass
        with other.sending("evening"), other.run("morning", DAY):
            pass
    with other.sending("morning"):
        pass


def test_who_is_suppressed(store: Store, clock: Clock) -> None:
    assert store.suppress("Ada@Readers.example")
    clock.on(days=1)
    assert not store.suppress("ada@readers.example")
    assert store.suppress("bo@readers.example")
    listed = [(one.email, one.since) for one in store.suppressions()]
    assert listed == [("bo@readers.example", clock.now), ("ada@readers.example", NOW)]
    assert store.unsuppress("ADA@readers.example")
    assert not store.unsuppress("ada@readers.example")
    assert [one.email for one in store.suppressions()] == ["bo@readers.example"]


def test_the_build_that_goes_out_is_the_one_that_was_read(store: Store, clock: Clock) -> None:
    store.save_issue(issue(FERRY))
    read = store.issue("morning", DAY)
    assert read
    clock.on(minutes=1)
    store.save_issue(issue(BERTH))
    with pytest.raises(
        StoreError, match="morning: the issue of 2026-03-09 was changed meanwhile; send it again"
    ):
        store.mark_sent("morning", DAY, built_at=read.built_at)
    assert store.issues()[0].sent_at is None
    store.mark_sent("morning", DAY, built_at=clock.now)
    assert store.issues()[0].sent_at == clock.now


def test_an_issue_nobody_has_may_be_built_again(store: Store) -> None:
    store.save_issue(issue(FERRY))
    store.mark_sent("morning", DAY)
    store.mark_unsent("morning", DAY)
    store.save_issue(issue(BERTH))
    assert store.issue("morning", DAY).digest == issue(BERTH)  # type: ignore[union-attr]

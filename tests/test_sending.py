"""An issue to its readers, against a real mail server and a real store: each has it, once, and all is known.

The faults here are the table of the outbox's guide: what happens, what the ledger says, what a person sees.
"""

import datetime as dt
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import trustme

from briefer.config import Settings
from briefer.deliver.rounds import PAUSES
from briefer.deliver.smtp import Patience, Post
from briefer.editions import Edition, EmailSpec, FeedSpec, ReviewSpec
from briefer.errors import ConfigError, DeliverError, MailServerError, StoreError, UnapprovedError
from briefer.mails import Delivery, Mailing
from briefer.models import Digest, Status
from briefer.sending import Sending, forget, mail_server, opened, settle
from briefer.store import Store
from briefer.urls import smtp_server
from tests import samples
from tests.deliver.conftest import context
from tests.deliver.mailserver import (
    AFTER_DATA,
    BEFORE_DATA,
    IN_DATA,
    PASSWORD,
    USER,
    MailServer,
    free_port,
    serving,
)
from tests.store.conftest import Clock

DAY = samples.DATE
ADA, BO, CY = "ada@readers.example", "bo@readers.example", "cy@readers.example"
QUICK = Patience(5.0, 5.0, 5.0)


@pytest.fixture(autouse=True)
def _quiet_server(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "mail.log")


@dataclass
class Desk:
    """A desk that sends: its store, its edition, a clock that moves when it waits, and what it was told."""

    folder: Path
    store: Store
    clock: Clock
    server: MailServer
    email: dict[str, Any] = field(default_factory=dict)
    edition: dict[str, Any] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    stop_at: int = 10**9
    stop_after: int = 10**9
    post: Callable[[], Post] | None = None

    def wait(self, seconds: float) -> bool:
        if seconds:
            self.waits.append(round(seconds, 3))
            self.clock.on(seconds=seconds)
        return len(self.server.received) >= self.stop_at or len(self.waits) >= self.stop_after

    def the_edition(self) -> Edition:
        keys = {"from": "Desk <desk@news.example>", "to": [ADA, BO, CY], "smtp": self.server.url}
        return Edition(
            name="morning",
            folder=self.folder,
            title="The Sund Morning",
            feeds=(FeedSpec(url="https://news.example/feed"),),
            email=EmailSpec.model_validate(keys | self.email),
            **self.edition,
        )

    @contextmanager
    def sending(self) -> Iterator[Sending]:
        with (self.post or self._post)() as post:
            yield Sending(
                self.the_edition(), self.store, post, clock=self.clock, wait=self.wait, told=self.told.append
            )

    def _post(self) -> Post:
        return Post(smtp_server(self.the_edition().email.smtp), patience=QUICK)  # type: ignore[union-attr]

    def send(self, day: dt.date | None = None, **more: bool) -> Mailing:
        with self.sending() as sending:
            return sending.issue(day, **more)

    def rest(self, **more: bool) -> list[Mailing]:
        with self.sending() as sending:
            return sending.rest(**more)

    def rows(self, day: dt.date = DAY) -> dict[str, Delivery]:
        return {row.recipient: row for row in self.store.deliveries("morning", day)}

    def states(self, day: dt.date = DAY) -> dict[str, int]:
        return dict(Counter(row.state for row in self.rows(day).values()))

    def frozen(self, day: dt.date = DAY) -> bool:
        issue = self.store.issue("morning", day)
        return bool(issue and issue.sent_at)


def with_status(digest: Digest, status: Status) -> Digest:
    return digest.model_copy(
        update={
            "sections": tuple(
                section.model_copy(
                    update={"briefs": tuple(b.model_copy(update={"status": status}) for b in section.briefs)}
                )
                for section in digest.sections
            )
        }
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Iterator[Desk]:
    with serving() as server, Store.open(tmp_path / "briefer.db", clock=clock) as store:
        store.save_issue(samples.morning())
        yield Desk(tmp_path, store, clock, server)


def test_every_reader_gets_a_copy_and_sees_no_other(desk: Desk) -> None:
    mailing = desk.send()
    assert (mailing.edition, mailing.date, mailing.sent_now, mailing.counts) == (
        "morning",
        DAY,
        3,
        {"sent": 3},
    )
    assert mailing.complete
    assert desk.server.to() == [ADA, BO, CY]
    assert desk.server.connections == 1
    for one in desk.server.received:
        assert one.sender == "desk@news.example"
        assert one.message["To"] == one.recipient
        assert [other for other in (ADA, BO, CY) if other.encode() in one.content] == [one.recipient]
        assert one.message_id == desk.rows()[one.recipient].message_id
    assert len({one.message_id for one in desk.server.received}) == 3
    assert desk.frozen()


def test_what_is_sent_is_not_sent_again(desk: Desk) -> None:
    desk.send()
    again = desk.send()
    assert (again.sent_now, again.counts, again.complete) == (0, {"sent": 3}, True)
    assert len(desk.server.received) == 3


def test_a_reader_who_joins_later_gets_it_and_the_others_do_not(desk: Desk) -> None:
    desk.send()
    desk.email["to"] = [ADA, BO, CY, "dan@readers.example"]
    assert desk.send().sent_now == 1
    assert desk.server.to()[3:] == ["dan@readers.example"]


def test_sent_again_on_purpose_is_another_message(desk: Desk) -> None:
    desk.send()
    desk.clock.on(minutes=1)
    assert desk.send(resend=True).sent_now == 3
    names = {(one.recipient, one.message_id) for one in desk.server.received}
    assert len(names) == 6
    assert desk.rows()[ADA].message_id == desk.server.received[3].message_id


def test_what_is_mailed_is_the_stored_issue(desk: Desk) -> None:
    desk.send()
    html = desk.server.received[0].message.get_body(("html",))
    assert html
    assert "Night ferries return to the Sund after two winters" in html.get_content()
    assert desk.server.received[0].message["Subject"].startswith("The Sund Morning: ")


def test_by_default_the_latest_issue_goes_out(desk: Desk) -> None:
    later = samples.morning().model_copy(update={"date": DAY + dt.timedelta(2)})
    desk.store.save_issue(later)
    assert desk.send().date == later.date
    assert desk.send(DAY).date == DAY


def test_an_issue_that_is_not_there(desk: Desk) -> None:
    with pytest.raises(
        DeliverError, match="morning: has no issue of 2020-01-01; build it with `briefer digest`"
    ):
        desk.send(dt.date(2020, 1, 1))
    desk.edition = {}
    with Store.open(desk.folder / "empty.db", clock=desk.clock) as desk.store:
        with pytest.raises(DeliverError, match="morning: has no issue; build it"):
            desk.send()
        desk.store.close()


def test_nobody_to_send_it_to(desk: Desk) -> None:
    desk.email["to"] = []
    mailing = desk.send()
    assert mailing.problems == (
        "there is nobody to send it to; name readers in [email]: to, recipients or recipients_command",
    )
    assert (mailing.counts, mailing.complete, desk.frozen()) == ({}, False, False)


def test_bad_lines_are_problems_and_the_others_get_it(desk: Desk) -> None:
    (desk.folder / "readers.csv").write_text("email\nnobody\ndan@readers.example\n", encoding="utf-8")
    desk.email["recipients"] = "readers.csv"
    mailing = desk.send()
    assert mailing.counts == {"sent": 4}
    assert not mailing.complete
    assert "readers.csv: line 2: 'nobody': is no mail address" in mailing.problems[0]


def test_suppressed_addresses_are_never_mailed(desk: Desk) -> None:
    desk.store.suppress("BO@readers.example")
    desk.send()
    assert desk.server.to() == [ADA, CY]


# What servers and the line do to one copy -------------------------------------------------------------------


def test_greylisting_is_waited_for(desk: Desk) -> None:
    desk.server.refuse[BO] = ["451 4.7.1 greylisted", "451 4.7.1 greylisted"]
    mailing = desk.send()
    assert mailing.counts == {"sent": 3}
    assert desk.server.to() == [ADA, CY, BO]
    assert desk.waits == [60, 300]
    assert desk.rows()[BO].attempts == 3
    assert f"{BO}: deferred: 451 4.7.1 greylisted" in desk.told
    assert "some copies were put off; trying again in 5 min" in desk.told
    # The idle connection is given up for each wait.
    assert desk.server.connections == 3


def test_what_stays_put_off_is_left_to_the_next_run(desk: Desk) -> None:
    desk.server.refuse[BO] = ["451 4.3.2 later"] * 4
    mailing = desk.send()
    assert mailing.counts == {"sent": 2, "deferred": 1}
    assert desk.waits == [60, 300, 900]
    [row] = mailing.unsent
    assert (row.recipient, row.attempts, row.next_try) == (BO, 4, desk.clock.now + dt.timedelta(hours=1))
    assert desk.send().sent_now == 0
    assert desk.rest(due_only=True) == []
    desk.clock.on(hours=1)
    [later] = desk.rest(due_only=True)
    assert (later.sent_now, later.counts) == (1, {"sent": 3})


def test_put_off_for_more_than_a_day_has_failed(desk: Desk) -> None:
    desk.server.refuse[BO] = ["451 later"] * 99
    desk.send()
    for _ in range(5):
        desk.clock.on(hours=12)
        desk.send()
    assert desk.rows()[BO].state == "failed"
    assert desk.rows()[BO].answer == "given up after 9 attempts: 451 later"
    assert desk.send().counts == {"sent": 2, "failed": 1}


def test_one_bad_address_among_fifty_stops_nobody(desk: Desk) -> None:
    people = [f"reader{n}@readers.example" for n in range(50)]
    desk.email["to"] = people
    desk.server.refuse[people[17]] = ["550 5.1.1 no such user"] * 9
    mailing = desk.send()
    assert mailing.counts == {"sent": 49, "failed": 1}
    assert [(row.recipient, row.answer) for row in mailing.unsent] == [(people[17], "550 5.1.1 no such user")]
    assert desk.server.connections == 1
    # Refused for good is not tried again, but where a person says so.
    assert desk.send().sent_now == 0
    assert desk.rest() == []
    desk.server.refuse.clear()
    [tried] = desk.rest(failed=True)
    assert tried.counts == {"sent": 50}


def test_a_connection_lost_before_the_message(desk: Desk) -> None:
    desk.server.breaks[BO] = [BEFORE_DATA]
    assert desk.send().counts == {"sent": 3}
    assert Counter(desk.server.to()) == {ADA: 1, BO: 1, CY: 1}
    assert f"{BO}: deferred: not handed over: the connection was lost" in desk.told
    assert desk.waits == [PAUSES[0], 55]


def test_a_connection_lost_within_the_message(desk: Desk) -> None:
    desk.server.breaks[BO] = [IN_DATA]
    assert desk.send().counts == {"sent": 3}
    assert Counter(desk.server.to()) == {ADA: 1, BO: 1, CY: 1}


def test_a_connection_lost_after_the_final_dot_gives_at_most_one_more_copy(desk: Desk) -> None:
    desk.server.breaks[BO] = [AFTER_DATA]
    assert desk.send().counts == {"sent": 3}
    mine = [one.message_id for one in desk.server.received if one.recipient == BO]
    assert len(mine) == 2
    assert len(set(mine)) == 1
    assert f"{BO}: unknown: may have arrived: the connection was lost" in desk.told


def test_the_cautious_leave_it_to_a_person(desk: Desk) -> None:
    desk.server.breaks[BO] = [AFTER_DATA]
    mailing = desk.send(cautious=True)
    assert mailing.counts == {"sent": 2, "unknown": 1}
    assert Counter(desk.server.to()) == {ADA: 1, BO: 1, CY: 1}
    assert desk.send(cautious=True).sent_now == 0
    # ... who may try again, or take it for sent.
    [tried] = desk.rest()
    assert tried.counts == {"sent": 3}
    assert desk.server.received[-1].message_id == desk.rows()[BO].message_id


def test_a_server_that_answers_slowly_is_waited_for_and_not_doubted(desk: Desk) -> None:
    desk.server.slow = 0.1
    assert desk.send().counts == {"sent": 3}
    assert len(desk.server.received) == 3


def test_a_server_that_never_answers_leaves_unknown(desk: Desk) -> None:
    desk.server.slow, desk.email["to"] = 0.3, [ADA]
    desk.post = lambda: Post(smtp_server(desk.server.url), patience=Patience(5.0, 5.0, 0.05))
    mailing = desk.send(cautious=True)
    assert mailing.counts == {"unknown": 1}
    assert mailing.unsent[0].answer == "may have arrived: the server took too long"


def test_a_copy_that_breaks_every_connection_keeps_nobody_elses_back(desk: Desk) -> None:
    desk.server.breaks[ADA] = [BEFORE_DATA] * 20
    mailing = desk.send()
    assert mailing.counts == {"sent": 2, "deferred": 1}
    assert desk.server.to() == [BO, CY]


# What concerns everybody ------------------------------------------------------------------------------------


def test_no_server_there(desk: Desk) -> None:
    desk.email["smtp"] = f"smtp://127.0.0.1:{free_port()}"
    mailing = desk.send()
    assert mailing.counts == {"waiting": 3}
    [problem] = mailing.problems
    assert problem.endswith(
        "refuses the connection; check 'smtp' in the edition, and whether the server runs"
    )
    assert desk.waits == list(PAUSES)
    assert desk.rows()[ADA].answer == problem
    assert desk.rows()[ADA].attempts == 0
    assert not desk.frozen()
    # Nothing was handed over: the issue may be built again, and then goes to all.
    desk.store.save_issue(samples.morning())
    desk.email["smtp"] = desk.server.url
    assert desk.send().counts == {"sent": 3}


def test_a_server_that_comes_back_in_time(desk: Desk) -> None:
    port = free_port()
    desk.email["smtp"] = f"smtp://127.0.0.1:{port}"
    at_last = serving(port=port)
    servers = []

    def wait(seconds: float) -> bool:
        if seconds == PAUSES[1]:
            servers.append(at_last.__enter__())
        return Desk.wait(desk, seconds)

    with Post(smtp_server(desk.email["smtp"]), patience=QUICK) as post:
        sending = Sending(
            desk.the_edition(), desk.store, post, clock=desk.clock, wait=wait, told=desk.told.append
        )
        mailing = sending.issue()
    at_last.__exit__(None, None, None)
    assert mailing.counts == {"sent": 3}
    assert servers[0].to() == [ADA, BO, CY]
    assert desk.told[0].endswith("whether the server runs; trying again in 5 s")


def test_a_wrong_password_ends_it_at_once(desk: Desk) -> None:
    desk.post = lambda: Post(smtp_server(desk.server.url), user=USER, password="nonsense", patience=QUICK)
    mailing = desk.send()
    assert mailing.counts == {"waiting": 3}
    assert "refuses the login (535" in mailing.problems[0]
    assert (desk.waits, desk.frozen(), "nonsense" in mailing.problems[0]) == ([], False, False)
    desk.post = lambda: Post(smtp_server(desk.server.url), user=USER, password=PASSWORD, patience=QUICK)
    assert desk.send().counts == {"sent": 3}


def test_a_certificate_that_is_not_trusted_ends_it_at_once(desk: Desk) -> None:
    with serving(tls=context(trustme.CA(), "127.0.0.1")) as server:
        desk.email["smtp"] = f"smtps://127.0.0.1:{server.port}"
        mailing = desk.send()
    assert mailing.counts == {"waiting": 3}
    assert "the connection is not safe: its certificate is signed by an unknown" in mailing.problems[0]
    assert (desk.waits, server.received, desk.frozen()) == ([], [], False)


def test_a_message_too_large_for_the_server_freezes_nothing(desk: Desk) -> None:
    with serving(data_size_limit=1000) as server:
        desk.email["smtp"] = server.url
        mailing = desk.send()
    assert mailing.counts == {"waiting": 3}
    assert "the mail is too large for it (552 " in mailing.problems[0]
    assert "lower max_briefs" in mailing.problems[0]
    assert not desk.frozen()


def test_a_message_too_large_for_one_mailbox_is_one_failure(desk: Desk) -> None:
    desk.server.answers[BO] = ["552 5.2.3 too large for this mailbox"]
    assert desk.send().counts == {"sent": 2, "failed": 1}
    assert desk.rows()[BO].answer == "552 5.2.3 too large for this mailbox"


def test_a_sender_that_is_refused_ends_it_and_fails_nobody(desk: Desk) -> None:
    desk.server.senders = ["550 5.7.1 not allowed"]
    mailing = desk.send()
    assert mailing.counts == {"waiting": 3}
    assert "takes no mail from desk@news.example (550 5.7.1 not allowed)" in mailing.problems[0]
    assert not desk.frozen()
    assert desk.send().counts == {"sent": 3}


def test_a_server_that_takes_no_mail_for_a_while(desk: Desk) -> None:
    desk.server.senders = ["452 4.3.1 disk full"] * 2
    assert desk.send().counts == {"sent": 3}
    assert desk.waits == list(PAUSES[:2])
    desk.server.senders = ["452 4.3.1 disk full"] * 99
    mailing = desk.send(resend=True)
    assert mailing.counts == {"waiting": 3}
    assert desk.waits[2:] == list(PAUSES)


def test_no_more_copies_a_minute_than_are_wanted(desk: Desk) -> None:
    desk.email["per_minute"] = 30
    desk.send()
    assert desk.waits == [2, 2]


# Stops, kills, and other runs -------------------------------------------------------------------------------


def test_a_stop_ends_it_after_the_copy_under_way(desk: Desk) -> None:
    desk.stop_at = 1
    mailing = desk.send()
    assert mailing.counts == {"sent": 1, "waiting": 2}
    assert mailing.problems == ("stopped before all was sent; `briefer send` goes on from here",)
    desk.stop_at = 10**9
    assert desk.send().sent_now == 2
    assert Counter(desk.server.to()) == {ADA: 1, BO: 1, CY: 1}


def test_a_stop_while_it_waits(desk: Desk) -> None:
    desk.server.refuse[BO], desk.email["to"] = ["451 later"], [BO, ADA]
    desk.stop_at = 1
    mailing = desk.send()
    assert mailing.counts == {"sent": 1, "deferred": 1}


def test_a_stop_while_the_server_is_away(desk: Desk) -> None:
    desk.email["smtp"] = f"smtp://127.0.0.1:{free_port()}"
    desk.stop_after = 2
    mailing = desk.send()
    assert (mailing.counts, desk.waits) == ({"waiting": 3}, list(PAUSES[:2]))
    assert mailing.problems[0].startswith("stopped before all was sent")


def test_a_killed_run_leaves_unknown_and_the_next_sends_it_under_the_same_name(desk: Desk) -> None:
    class Killed(BaseException):
        pass

    def kill(recipient: str) -> None:
        if recipient == BO:
            desk.server.on_message = lambda _: None
            raise Killed

    post = Post(smtp_server(desk.server.url), patience=QUICK)
    hand_over = post.hand_over

    def handed(sender: str, recipient: str, message: Any) -> Any:
        answer = hand_over(sender, recipient, message)
        kill(recipient)
        return answer

    post.hand_over = handed  # type: ignore[method-assign]
    desk.post = lambda: post
    with pytest.raises(Killed):
        desk.send()
    desk.post = None
    assert desk.states() == {"sent": 1, "sending": 1, "waiting": 1}
    assert desk.frozen()
    assert desk.send(cautious=True).counts == {"sent": 2, "unknown": 1}
    assert desk.rows()[BO].answer == "its run ended before the server answered"
    assert desk.send().counts == {"sent": 3}
    assert Counter(one.message_id for one in desk.server.received)[desk.rows()[BO].message_id] == 2


def test_one_run_at_a_time(desk: Desk) -> None:
    with desk.store.sending("morning"), pytest.raises(StoreError, match="is being sent by another run"):
        desk.send()
    assert desk.rows() == {}


def test_what_a_live_run_has_under_way_is_not_taken_for_lost(desk: Desk) -> None:
    with desk.store.sending("morning"), pytest.raises(StoreError):
        forget(desk.store, "morning", DAY)


def test_a_reader_who_left_gets_nothing_any_more(desk: Desk) -> None:
    desk.server.refuse = {BO: ["451 later"] * 4}
    desk.stop_at = 1
    desk.email["to"] = [BO, ADA, CY]
    desk.send()
    assert desk.states() == {"sent": 1, "deferred": 1, "waiting": 1}
    desk.email["to"], desk.stop_at = [ADA], 10**9
    mailing = desk.send()
    assert mailing.counts == {"sent": 1, "failed": 1}
    assert desk.rows()[BO].answer == "is no recipient any more"
    assert desk.server.to() == [ADA]


def test_a_list_that_cannot_be_read_makes_nobody_leave(desk: Desk) -> None:
    (desk.folder / "readers.csv").write_text(f"email\n{BO}\n{CY}\n", encoding="utf-8")
    desk.email |= {"to": [ADA], "recipients": "readers.csv"}
    desk.stop_at = 1
    desk.send()
    (desk.folder / "readers.csv").unlink()
    desk.stop_at = 10**9
    mailing = desk.send()
    assert mailing.counts == {"sent": 1, "waiting": 2}
    assert "cannot be read" in mailing.problems[0]


@contextmanager
def away_until_changed(desk: Desk, changed: Digest) -> Iterator[tuple[Sending, list[MailServer]]]:
    """Sending to a server that is away until the issue was changed."""
    desk.email["smtp"] = f"smtp://127.0.0.1:{free_port()}"
    servers: list[MailServer] = []
    with ExitStack() as stack:

        def wait(seconds: float) -> bool:
            if seconds == PAUSES[0]:
                desk.clock.on(seconds=seconds)
                desk.store.save_issue(changed)
                servers.append(stack.enter_context(serving(port=smtp_server(desk.email["smtp"]).port)))
            return False

        post = stack.enter_context(desk._post())
        edition, told = desk.the_edition(), desk.told.append
        yield Sending(edition, desk.store, post, clock=desk.clock, wait=wait, told=told), servers


def test_an_issue_that_changes_before_the_first_copy_goes_out_as_it_is_then(desk: Desk) -> None:
    changed = samples.morning().model_copy(update={"title": "The Evening"})
    with away_until_changed(desk, changed) as (sending, servers):
        assert sending.issue().counts == {"sent": 3}
    assert {one.message["Subject"].partition(":")[0] for one in servers[0].received} == {"The Evening"}


def test_an_issue_that_an_editor_holds_before_the_first_copy_stays(desk: Desk) -> None:
    desk.edition["review"] = ReviewSpec(required=True)
    desk.store.save_issue(with_status(samples.morning(), "approved"))
    with away_until_changed(desk, samples.morning()) as (sending, servers):
        with pytest.raises(UnapprovedError):
            sending.issue()
        assert (servers[0].received, desk.states(), desk.frozen()) == ([], {"waiting": 3}, False)


def test_a_sent_issue_is_not_built_again_under_its_readers(desk: Desk) -> None:
    desk.stop_at = 1
    desk.send()
    with pytest.raises(StoreError, match="stays as it is"):
        desk.store.save_issue(samples.morning())


# People -----------------------------------------------------------------------------------------------------


def test_an_issue_nobody_approved_waits(desk: Desk) -> None:
    desk.edition["review"] = ReviewSpec(required=True)
    with pytest.raises(
        UnapprovedError, match=r"morning: the issue of 2026-03-09 waits for approval: 8 of its 8 "
    ):
        desk.send()
    assert desk.states() == {"waiting": 3}
    assert {row.answer for row in desk.rows().values()} == {"waiting for approval"}
    assert (desk.server.connections, desk.frozen()) == (0, False)
    desk.store.save_issue(with_status(samples.morning(), "approved"))
    assert desk.send().counts == {"sent": 3}


def test_after_approval_nothing_says_it_waits_for_one(desk: Desk) -> None:
    desk.edition["review"] = ReviewSpec(required=True)
    with pytest.raises(UnapprovedError):
        desk.send()
    desk.store.save_issue(with_status(samples.morning(), "published"))
    desk.email["smtp"], desk.stop_at = f"smtp://127.0.0.1:{free_port()}", 0
    desk.send()
    assert {row.answer for row in desk.rows().values()} == {
        "stopped before all was sent; `briefer send` goes on from here"
    }


def test_what_was_retracted_keeps_no_copy_back(desk: Desk) -> None:
    desk.edition["review"] = ReviewSpec(required=True)
    desk.store.save_issue(with_status(samples.morning(), "retracted"))
    assert desk.send().counts == {"sent": 3}


def test_without_review_nothing_waits(desk: Desk) -> None:
    assert desk.send().counts == {"sent": 3}


def test_no_mail_holds_a_brief_that_is_held(desk: Desk) -> None:
    assert "lost atlas" in str(samples.morning().briefs()[-1].headline.text)
    desk.send()
    [copy, *_] = desk.server.received
    texts = [part.get_content() for part in copy.message.walk() if part.get_content_maintype() == "text"]
    assert len(texts) == 2
    assert all("Night ferries" in text and "lost atlas" not in text for text in texts)


def test_an_issue_of_nothing_but_held_briefs_waits(desk: Desk) -> None:
    desk.store.save_issue(with_status(samples.morning(), "held"))
    with pytest.raises(
        UnapprovedError, match=r"8 of its 8 briefs are not approved; see `briefer review list`"
    ):
        desk.send()
    assert desk.server.received == []


def test_a_test_touches_nothing(desk: Desk) -> None:
    desk.edition["review"] = ReviewSpec(required=True)
    with desk.sending() as sending:
        sending.test("Ada <ada@readers.example>")
    [one] = desk.server.received
    assert one.recipient == ADA
    assert one.message["Subject"].startswith("[Test] The Sund Morning: ")
    assert (desk.rows(), desk.frozen()) == ({}, False)
    desk.edition.clear()
    assert desk.send().sent_now == 3
    assert one.message_id != desk.rows()[ADA].message_id


def test_a_test_that_is_refused(desk: Desk) -> None:
    desk.server.refuse[ADA] = ["550 no"]
    with (
        desk.sending() as sending,
        pytest.raises(DeliverError, match=f"{ADA}: the test was not sent: 550 no"),
    ):
        sending.test(ADA)
    with desk.sending() as sending, pytest.raises(ConfigError, match="is no mail address"):
        sending.test("nobody")


def test_forgetting_an_issue_that_reached_nobody_lets_it_be_built_again(desk: Desk) -> None:
    desk.email["to"] = [BO]
    desk.server.refuse[BO] = ["550 no"]
    desk.send()
    assert not desk.frozen()
    assert forget(desk.store, "morning", DAY) == 1
    desk.store.save_issue(samples.morning())


def test_forgetting_copies_that_are_out_keeps_the_issue(desk: Desk) -> None:
    desk.send()
    assert forget(desk.store, "morning", DAY, "ADA@readers.example") == 1
    assert desk.frozen()
    assert desk.send().sent_now == 1
    assert forget(desk.store, "morning", DAY, "nobody@readers.example") == 0
    assert forget(desk.store, "morning", DAY) == 3
    assert desk.frozen()


def test_the_rest_of_earlier_issues_goes_first(desk: Desk) -> None:
    later = samples.morning().model_copy(update={"date": DAY + dt.timedelta(1)})
    desk.store.save_issue(later)
    desk.server.refuse[BO] = ["451 later"] * 8
    desk.send(DAY)
    desk.send(later.date)
    assert [(one.date, one.counts) for one in desk.rest()] == [(DAY, {"sent": 3}), (later.date, {"sent": 3})]


def test_an_issue_that_waits_for_an_editor_keeps_no_other_back(desk: Desk) -> None:
    later = with_status(samples.morning(), "approved").model_copy(update={"date": DAY + dt.timedelta(1)})
    desk.store.save_issue(later)
    desk.edition["review"] = ReviewSpec(required=True)
    with pytest.raises(UnapprovedError):
        desk.send(DAY)
    with pytest.raises(UnapprovedError):
        desk.rest()
    desk.stop_at = 0
    desk.send(later.date)
    desk.stop_at = 10**9
    assert [(one.date, one.counts) for one in desk.rest()] == [(later.date, {"sent": 3})]
    assert "waits for approval" in desk.told[-1]


def test_an_envelope_that_cannot_be_made_is_known_before_anything_goes(desk: Desk) -> None:
    desk.email["unsubscribe_url"] = "nowhere/{{ email }}"
    with pytest.raises(ConfigError, match="unsubscribe_url"):
        desk.send()
    assert (desk.server.received, desk.states(), desk.frozen()) == ([], {"waiting": 3}, False)


def test_an_envelope_that_cannot_be_made_for_one_reader_stops_nobody(desk: Desk) -> None:
    desk.email["unsubscribe_url"] = "{% if 'bo@' in email %}nowhere{% else %}https://news.example/{% endif %}"
    mailing = desk.send()
    assert mailing.counts == {"sent": 2, "failed": 1}
    assert "unsubscribe_url" in desk.rows()[BO].answer


# Hostile words ----------------------------------------------------------------------------------------------


def test_a_title_that_would_be_a_header_is_one_line(desk: Desk) -> None:
    digest = samples.morning().model_copy(update={"title": "News\r\nBcc: all@readers.example\r\n\r\nHello"})
    desk.store.save_issue(digest)
    assert desk.send().counts == {"sent": 3}
    for one in desk.server.received:
        assert one.message["Bcc"] is None
        assert one.message["Subject"].startswith("News Bcc: all@readers.example Hello: ")
        assert len(one.message.get_all("To")) == 1


def test_hostile_texts_reach_every_reader_as_texts(desk: Desk) -> None:
    digest = with_status(samples.hostile_issue(), "ready").model_copy(update={"edition": "morning"})
    desk.store.save_issue(digest)
    assert desk.send().counts == {"sent": 3}
    html = desk.server.received[0].message.get_body(("html",))
    assert html
    assert "<script>" not in html.get_content()


def test_a_lone_surrogate_in_an_article(desk: Desk) -> None:
    odd = samples.brief(
        samples.article("Odd \ud800 news", slug="odd"), "A \udcff lede.", ("What \ud800 happened.",)
    )
    [section, *_] = samples.morning().sections
    digest = samples.morning().model_copy(
        update={"title": "M\udc80", "sections": (section.model_copy(update={"briefs": (odd,)}),)}
    )
    desk.store.save_issue(digest)
    assert desk.send().counts == {"sent": 3}
    assert b"\xed" not in desk.server.received[0].content


# How it is opened -------------------------------------------------------------------------------------------


def test_an_edition_that_is_not_mailed(desk: Desk) -> None:
    edition = desk.the_edition().model_copy(update={"email": None})
    with pytest.raises(ConfigError, match=r"morning: has no \[email\] table"):
        mail_server(Settings.load({}), edition)


def test_the_login_comes_from_the_settings(desk: Desk) -> None:
    settings = Settings.load(
        {"BRIEFER_HOME": str(desk.folder), "BRIEFER_SMTP_USER": USER, "BRIEFER_SMTP_PASSWORD": PASSWORD}
    )
    wait = threading.Event().wait
    with opened(settings, desk.the_edition(), clock=desk.clock, wait=wait, told=desk.told.append) as sending:
        assert sending.issue().counts == {"sent": 3}
    wrong = mail_server(settings.model_copy(update={"smtp_password": "no"}), desk.the_edition())
    with pytest.raises(MailServerError, match="refuses the login"):
        wrong.check()


def test_what_a_dead_run_left_is_settled_once(desk: Desk) -> None:
    desk.send()
    row = desk.rows()[ADA].model_copy(update={"state": "sending"})
    desk.store.save_deliveries([row])
    settle(desk.store, "morning", desk.clock.now)
    assert desk.states() == {"sent": 2, "unknown": 1}
    settle(desk.store, "morning", desk.clock.now)
    assert desk.states() == {"sent": 2, "unknown": 1}

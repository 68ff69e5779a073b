"""The ledger of copies: a small machine, held against what was really handed over."""

import datetime as dt

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from briefer.deliver import ledger
from briefer.mails import Answer, Delivery

NOW = dt.datetime(2026, 3, 9, 6, 0, tzinfo=dt.UTC)
DAY = NOW.date()
MINUTE = dt.timedelta(minutes=1)
LATER, LOST = Answer(state="deferred", text="451 later"), Answer(state="unknown", text="lost", lost=True)


def copy(recipient: str = "ada@readers.example", message_id: str = "<1@news.example>") -> Delivery:
    return ledger.queued("morning", DAY, recipient, message_id, NOW)


def tried(answer: Answer, times: int = 1) -> Delivery:
    found, now = copy(), NOW
    for _ in range(times):
        found = ledger.answered(ledger.begun(found, now), answer, now)
        now = found.next_try or now
    return found


def test_a_copy_that_is_taken() -> None:
    begun = ledger.begun(copy(), NOW + MINUTE)
    assert (begun.state, begun.attempts, begun.changed) == ("sending", 1, NOW + MINUTE)
    sent = ledger.answered(begun, Answer(state="sent", text="250 ok"), NOW + 2 * MINUTE)
    assert (sent.state, sent.answer, sent.next_try) == ("sent", "250 ok", None)
    assert sent.message_id == copy().message_id


def test_what_is_put_off_waits_longer_each_time_and_ends_after_a_day_and_a_bit() -> None:
    waits = [(found := tried(LATER, times)).next_try - found.changed for times in range(1, 9)]  # type: ignore[operator]
    assert waits == list(ledger.DELAYS)
    assert dt.timedelta(hours=24) < sum(waits, dt.timedelta()) < dt.timedelta(hours=30)
    last = tried(LATER, 9)
    assert (last.state, last.next_try) == ("failed", None)
    assert last.answer == "given up after 9 attempts: 451 later"


def test_a_copy_nobody_answered_for_is_tried_again_with_the_same_message_id() -> None:
    lost = tried(LOST)
    assert (lost.state, lost.next_try, lost.message_id) == ("unknown", NOW + MINUTE, copy().message_id)
    assert ledger.begun(lost, NOW + MINUTE).message_id == copy().message_id


def test_a_dead_runs_copy_is_due_at_once_but_for_the_cautious() -> None:
    dead = ledger.abandoned(ledger.begun(copy(), NOW), NOW + MINUTE)
    assert (dead.state, dead.next_try) == ("unknown", None)
    assert ledger.due([dead], NOW + MINUTE) == [dead]
    assert ledger.due([dead], NOW + MINUTE, cautious=True) == []
    assert ledger.pause([dead], NOW + MINUTE, cautious=True) is None


def test_what_was_not_handed_over_is_no_attempt() -> None:
    back = ledger.returned(ledger.begun(copy(), NOW), "the server is full", NOW)
    assert (back.state, back.attempts, back.answer) == ("waiting", 0, "the server is full")


def test_due_are_new_ones_first() -> None:
    late, lost, new = tried(LATER), tried(LOST), copy("bo@readers.example")
    done = tried(Answer(state="sent"))
    assert ledger.due([lost, late, done, new], NOW) == [new]
    assert ledger.due([lost, late, done, new], NOW + MINUTE) == [new, late, lost]
    assert ledger.due([ledger.hurried(late)], NOW)[0].state == "deferred"


def test_a_run_waits_a_quarter_of_an_hour_and_no_longer() -> None:
    assert ledger.pause([], NOW) is None
    assert ledger.pause([copy(), tried(Answer(state="failed"))], NOW) is None
    soon, late = tried(LATER), tried(LATER, 4)
    assert ledger.pause([soon, late], NOW) == MINUTE
    assert ledger.pause([soon], NOW + 9 * MINUTE) == dt.timedelta()
    assert ledger.pause([late], late.changed) is None
    assert ledger.pause([late], late.changed + 45 * MINUTE) == 15 * MINUTE


def test_sent_again_is_another_message() -> None:
    again = ledger.reopened(tried(Answer(state="sent")), NOW, "<2@news.example>")
    assert (again.state, again.attempts, again.message_id) == ("waiting", 0, "<2@news.example>")
    assert ledger.reopened(tried(Answer(state="failed")), NOW).message_id == copy().message_id


@pytest.mark.parametrize("state", ["sending", "sent", "failed"])
def test_a_step_that_does_not_exist_is_refused(state: str) -> None:
    found = copy().model_copy(update={"state": state})
    with pytest.raises(ValueError, match=f"a copy that is {state} cannot become sending"):
        ledger.begun(found, NOW)


class Copies(RuleBasedStateMachine):
    """One copy, any history: answers, crashes, waiting, people; beside it what the server has."""

    @initialize()
    def begin(self) -> None:
        self.now, self.row, self.crashes, self.again = NOW, copy(), 0, 0
        self.taken: list[str] = []
        self.lost_answers = 0

    def _send(self, answer: Answer, *, has_it: bool) -> None:
        self.row = ledger.begun(self.row, self.now)
        if has_it:
            self.taken.append(self.row.message_id)
        self.row = ledger.answered(self.row, answer, self.now)

    def _due(self) -> bool:
        return ledger.due([self.row], self.now) == [self.row]

    @precondition(lambda self: self._due())
    @rule()
    def taken_by_the_server(self) -> None:
        self._send(Answer(state="sent"), has_it=True)

    @precondition(lambda self: self._due())
    @rule(state=st.sampled_from(["deferred", "failed"]))
    def refused(self, state: str) -> None:
        self._send(Answer(state=state, text="no"), has_it=False)  # type: ignore[arg-type]

    @precondition(lambda self: self._due())
    @rule(has_it=st.booleans())
    def the_answer_is_lost(self, has_it: bool) -> None:
        self.lost_answers += 1
        self._send(LOST, has_it=has_it)

    @precondition(lambda self: self._due())
    @rule(has_it=st.booleans())
    def the_run_is_killed(self, has_it: bool) -> None:
        self.crashes += 1
        self.row = ledger.begun(self.row, self.now)
        if has_it:
            self.taken.append(self.row.message_id)
        self.row = ledger.abandoned(self.row, self.now)

    @precondition(lambda self: self._due())
    @rule()
    def not_handed_over(self) -> None:
        self.row = ledger.returned(ledger.begun(self.row, self.now), "no connection", self.now)

    @rule(minutes=st.integers(0, 1500))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @precondition(lambda self: self.row.state == "sent")
    @rule()
    def a_person_sends_it_again(self) -> None:
        self.again += 1
        self.row = ledger.reopened(self.row, self.now, f"<again{self.again}@news.example>")

    @precondition(lambda self: self.row.state == "failed")
    @rule()
    def a_person_tries_a_failed_one_again(self) -> None:
        self.row = ledger.reopened(self.row, self.now)

    @precondition(lambda self: self.row.state in {"deferred", "unknown"})
    @rule()
    def a_person_hurries(self) -> None:
        self.row = ledger.hurried(self.row)

    @precondition(lambda self: self.row.state in {"waiting", "deferred", "unknown"})
    @rule()
    def the_reader_leaves(self) -> None:
        self.row = ledger.dropped(self.row, "is no recipient any more", self.now)

    @invariant()
    def what_is_said_to_be_sent_is_there(self) -> None:
        if self.row.state == "sent":
            assert self.row.message_id in self.taken

    @invariant()
    def no_more_copies_than_losses_allow(self) -> None:
        most = 1 + self.crashes + self.lost_answers
        for name in set(self.taken):
            assert self.taken.count(name) <= most

    @invariant()
    def what_is_over_is_not_due(self) -> None:
        if self.row.state in {"sent", "failed", "sending"}:
            assert not self._due()
            assert self.row.next_try is None

    @invariant()
    def nothing_waits_for_ever(self) -> None:
        if self.row.state in {"deferred", "unknown", "waiting"}:
            assert ledger.due([self.row], self.now + max(ledger.DELAYS))

    @invariant()
    def at_rest_it_is_in_no_mans_hands(self) -> None:
        assert self.row.state != "sending"
        assert self.row.attempts >= 0


TestCopies = Copies.TestCase
TestCopies.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)

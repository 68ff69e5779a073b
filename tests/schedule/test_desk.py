"""The desk with a real web server, a real archive and a real mail server; and the scheduler over it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefer.config import Settings
from briefer.errors import BrieferError, ConfigError, DeliverError, StoreError
from briefer.mails import Delivery, DeliveryState, Mailing
from briefer.models import Digest
from briefer.pipeline import Issue
from briefer.schedule.desk import EditionDesk, _outcome
from briefer.schedule.loop import Record, Result, Scheduler
from briefer.schedule.plan import Due
from briefer.store import Store
from tests.deliver.mailserver import MailServer
from tests.deliver.mailserver import serving as mailing
from tests.fetch.server import Server, page, serving
from tests.schedule.world import Alarm, Clock, plan, utc
from tests.test_daily import FERRY, PAGES, STRIKE, rss

READERS = ("ada@example.org", "ben@example.org", "cyd@example.org")
DUE = Due(date=dt.date(2026, 5, 13), moment=utc("2026-05-13 12:00"))
NEXT = Due(date=dt.date(2026, 5, 14), moment=utc("2026-05-14 12:00"))


class House:
    """An edition in a folder of its own, its servers, and a clock that stands still until it is set."""

    def __init__(self, folder: Path, web: Server, mail: MailServer) -> None:
        self.folder, self.web, self.mail = folder, web, mail
        self.path = folder / "morning.toml"
        self.clock = Clock("2026-05-13 12:01", "2026-05-14 13:00")
        self.settings = Settings(home=folder / "home", engine="extractive", allow_private_network=True)
        self.shown: list[Issue] = []
        self.told: list[str] = []
        self.write(email=True)

    def write(self, *, email: bool, more: str = "") -> None:
        mailed = (
            f'[email]\nfrom = "Desk <desk@example.org>"\nto = {list(READERS)}\nsmtp = "{self.mail.url}"\n'
        )
        head = f'title = "Morning"\ntimezone = "UTC"\nwindow = "48h"\n{mailed if email else ""}{more}'
        self.path.write_text(f'{head}\n[[feeds]]\nurl = "{self.web.url}/feed"\n', encoding="utf-8")

    @property
    def desk(self) -> EditionDesk:
        return EditionDesk(
            self.path, self.settings, clock=self.clock, show=self.shown.append, told=self.told.append
        )

    def scheduler(self, alarm: Alarm) -> Scheduler:
        return Scheduler(
            self.desk,
            alarm,
            clock=self.clock,
            sleep=self.clock.sleep,
            say=self.told.append,
            warn=self.told.append,
        )

    def store(self) -> Store:
        return Store.open(self.settings.store_file(), clock=self.clock)

    def approve(self, day: dt.date) -> None:
        with self.store() as store:
            issue = store.issue("morning", day)
            assert issue is not None
            data = issue.digest.model_dump()
            for section in data["sections"]:
                for brief in section["briefs"]:
                    brief["status"] = "approved"
            store.save_issue(Digest.model_validate(data), tellings=issue.tellings)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.chdir(tmp_path)
    with serving(feed=page(rss(FERRY, STRIKE)), **PAGES) as web, mailing() as mail:
        yield House(tmp_path, web, mail)


def test_an_issue_is_built_written_and_sent(house: House) -> None:
    assert house.desk.issue(DUE) == Result(verdict="sent", words="sent to 3")
    assert house.mail.to() == list(READERS)
    assert (house.folder / "out/morning/latest/digest.html").is_file()
    assert [issue.digest.date for issue in house.shown] == [DUE.date]


def test_what_is_sent_is_neither_built_nor_sent_again(house: House) -> None:
    house.desk.issue(DUE)
    again = house.desk.issue(DUE)
    assert (again.verdict, again.words) == ("sent", "sent to 3")
    assert [issue.sent_at is None for issue in house.shown] == [True, False]
    assert len(house.mail.received) == 3


def test_an_edition_that_is_not_mailed_is_built(house: House) -> None:
    house.write(email=False)
    result = house.desk.issue(DUE)
    assert (result.verdict, result.words) == ("built", "2 briefs")
    assert house.mail.received == []


def test_the_desk_remembers_what_it_was_told_to(house: House) -> None:
    desk = house.desk
    assert desk.standing(DUE).known is False
    desk.note(DUE, "failed")
    house.clock.pass_(dt.timedelta(minutes=1))
    desk.note(DUE, "sent")
    standing = house.desk.standing(DUE)
    assert standing.known
    assert standing.done
    assert standing.records == (
        Record(verdict="failed", at=utc("2026-05-13 12:01")),
        Record(verdict="sent", at=utc("2026-05-13 12:02")),
    )
    assert house.desk.standing(NEXT).records == ()
    assert not house.desk.standing(NEXT).done


def test_what_an_import_brought_is_no_verdict(house: House) -> None:
    with house.store() as store, store.run("morning", DUE.date) as log:
        log.save(report={"schedule": {"no": "verdict"}})
    assert house.desk.standing(DUE).records == ()


def test_an_issue_built_by_hand_after_its_hour_is_done_where_nothing_is_mailed(house: House) -> None:
    house.write(email=False)
    house.desk.issue(DUE)
    assert house.desk.standing(DUE).done
    assert not house.desk.standing(Due(date=DUE.date, moment=utc("2026-05-13 12:30"))).done
    house.write(email=True)
    assert not house.desk.standing(DUE).done


def test_an_issue_sent_by_hand_is_a_past(house: House) -> None:
    house.desk.issue(DUE)
    assert house.desk.standing(NEXT).known


def test_no_news_is_no_issue(house: House) -> None:
    house.web.routes["/feed"] = page(rss())
    assert house.desk.issue(DUE).verdict == "empty"
    assert not (house.folder / "out").exists()


def test_nothing_to_read_is_a_failure_and_no_quiet_day(house: House) -> None:
    house.web.routes["/feed"] = page(b"", 404)
    with pytest.raises(BrieferError, match=r"morning: nothing could be told: .*/feed: is not there"):
        house.desk.issue(DUE)
    house.clock.pass_(dt.timedelta(minutes=5))
    with pytest.raises(BrieferError, match="its feeds failed earlier and are left alone"):
        house.desk.issue(DUE)
    house.clock.pass_(dt.timedelta(minutes=15))
    house.web.routes["/feed"] = page(rss(FERRY))
    assert house.desk.issue(DUE).verdict == "sent"


def test_a_broken_edition_is_named(house: House) -> None:
    house.path.write_text("title = ", encoding="utf-8")
    with pytest.raises(ConfigError, match="is not valid TOML"):
        house.desk.standing(DUE)


def test_an_issue_waits_for_approval_as_it_was_built(house: House) -> None:
    house.write(email=True, more="[review]\nrequired = true\n")
    result = house.desk.issue(DUE)
    assert result.verdict == "waiting"
    assert "2 of its 2 briefs are not approved" in result.words
    assert house.desk.issue(DUE).verdict == "waiting"
    assert len(house.shown) == 1
    assert house.mail.received == []
    house.approve(DUE.date)
    assert house.desk.issue(DUE).verdict == "sent"
    assert house.mail.to() == list(READERS)


def row(state: DeliveryState, answer: str = "") -> Delivery:
    return Delivery(
        edition="morning",
        date=DUE.date,
        recipient=f"{state}@example.org",
        message_id="<1@example.org>",
        state=state,
        answer=answer,
        changed=DUE.moment,
    )


def mailed(*problems: str, **counts: int) -> Mailing:
    unsent = [row(state, "550 no such user") for state in counts if state != "sent"]  # type: ignore[arg-type]
    return Mailing(edition="morning", date=DUE.date, counts=counts, unsent=tuple(unsent), problems=problems)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "verdict", "words"),
    [
        (mailed(sent=3), "sent", "sent to 3"),
        (mailed(sent=49, failed=1), "sent", "sent to 49 of 50; 1 refused"),
        (mailed("line 3 is no address", sent=3), "sent", "sent to 3; line 3 is no address"),
        (mailed(sent=2, deferred=1), "unfinished", "sent to 2 of 3; 1 to be tried again"),
        (mailed(deferred=2, unknown=1), "unfinished", "sent to 0 of 3; 3 to be tried again"),
    ],
)
def test_what_became_of_the_copies(found: Mailing, verdict: str, words: str) -> None:
    result = _outcome(found)
    assert (result.verdict, result.words) == (verdict, words)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (
            mailed("mail:25: refuses the connection", waiting=3),
            "sent to 0 of 3: mail:25: refuses the connection",
        ),
        (mailed("mail:25: went away", sent=1, waiting=2), "sent to 1 of 3: mail:25: went away"),
        (mailed(failed=3), "sent to 0 of 3: failed@example.org: 550 no such user"),
        (mailed("there is nobody to send it to"), "sent to 0: there is nobody to send it to"),
    ],
)
def test_what_is_a_failure(found: Mailing, reason: str) -> None:
    with pytest.raises(DeliverError) as raised:
        _outcome(found)
    assert str(raised.value) == f"morning: {reason}"


def test_two_mornings_and_restarts(house: House) -> None:
    """The whole house under the loop: each issue is mailed once, however often it is started anew."""
    alarm = Alarm()
    house.web.routes["/feed"] = page(rss(FERRY))
    for start, end in [
        ("2026-05-13 12:00", "2026-05-13 12:10"),
        ("2026-05-13 12:11", "2026-05-13 12:12"),
        ("2026-05-14 11:58", "2026-05-14 12:20"),
        ("2026-05-14 12:21", "2026-05-14 12:30"),
    ]:
        house.clock.now, house.clock.end = utc(start), utc(end)
        with pytest.raises(KeyboardInterrupt):
            house.scheduler(alarm).run(plan("12:00", zone="UTC"))
        house.web.routes["/feed"] = page(rss(FERRY, STRIKE).replace(b"13 May 2026 08", b"14 May 2026 08"))
    with house.store() as store:
        noted = [
            (run.date, run.report["schedule"]) for run in store.runs("morning") if "schedule" in run.report
        ]
    assert noted == [(NEXT.date, "sent"), (DUE.date, "sent")]
    assert house.mail.to() == [*READERS, *READERS]
    assert len({one.message_id for one in house.mail.received}) == 6
    assert alarm.heard == ["start", "success: sent to 3"] * 2


def test_only_one_scheduler_at_a_time(house: House) -> None:
    with house.desk.alone() as first, house.desk.alone() as second:
        assert (first, second) == (True, False)
    with house.desk.alone() as third:
        assert third


def test_a_run_under_way_keeps_the_note_from_being_kept_and_says_so(house: House) -> None:
    with house.store() as store, store.run("morning", DUE.date), pytest.raises(StoreError, match="under way"):
        house.desk.note(DUE, "sent")

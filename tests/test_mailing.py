import datetime as dt
import email
import email.policy
from pathlib import Path

import pytest

from briefer.errors import ConfigError
from briefer.mailing import eml, make_mail
from briefer.models import Digest, Image
from tests import mailed, samples
from tests.deliver.test_files import PNG

NOW = dt.datetime(2026, 3, 9, 6, 30, tzinfo=dt.UTC)


def pictured(path: Path) -> Digest:
    path.write_bytes(PNG)
    brief = samples.ferry()
    image = Image(url=path.as_uri(), alt="A ferry at the quay")
    return mailed.issue(
        brief.model_copy(update={"articles": (brief.lead.model_copy(update={"image": image}),)})
    )


def test_local_pictures_come_where_the_edition_wants_them(tmp_path: Path) -> None:
    issue = pictured(tmp_path / "a.png")
    mail = make_mail(issue, mailed.edition(images="mail"))
    assert [picture.content for picture in mail.pictures] == [PNG]
    assert f'src="cid:{mail.pictures[0].cid}"' in mail.html
    without = make_mail(issue, mailed.edition())
    assert without.pictures == ()
    assert "<img" not in without.html
    assert str(tmp_path) not in mail.html + mail.text + without.html + without.text


def test_a_remote_picture_is_never_shown() -> None:
    mail = make_mail(samples.morning(), mailed.edition(images="mail"))
    assert "<img" not in mail.html
    assert mail.pictures == ()


def test_a_file_is_the_copy_of_the_first_recipient() -> None:
    edition = mailed.edition(to=["Anna <anna@example.org>", "bo@example.org"])
    text = eml(make_mail(samples.morning(), edition), edition, date=NOW)
    message = email.message_from_string(text, policy=email.policy.default)
    assert message["To"] == "Anna <anna@example.org>"
    assert "bo@example.org" not in text
    assert message["Date"] == "Mon, 09 Mar 2026 06:30:00 +0000"


def test_without_a_list_it_is_addressed_to_the_sender() -> None:
    edition = mailed.edition(to=[])
    message = email.message_from_string(eml(make_mail(samples.morning(), edition), edition, date=NOW))
    assert message["To"] == message["From"] == "Desk <desk@example.org>"


def test_an_edition_that_is_not_mailed_is_named() -> None:
    with pytest.raises(ConfigError, match=r"has no \[email\] table; add one"):
        make_mail(samples.morning(), samples.edition("morning", "The Sund Morning"))

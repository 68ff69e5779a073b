"""Settings and editions; each fault names the file, the key and what was expected."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefer.config import Settings, load_edition, sample_edition
from briefer.editions import LLMSpec
from briefer.errors import ConfigError

GOOD = 'title = "Morning"\n[[feeds]]\nurl = "https://example.org/rss"\nsection = "World"\n'


def write(folder: Path, text: str) -> Path:
    path = folder / "morning.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_edition_is_read(tmp_path: Path) -> None:
    text = 'timezone = "Europe/London"\nwindow = "36h"\ndate = 2026-05-14\n' + GOOD + '[llm]\nmodel = "m"\n'
    edition = load_edition(write(tmp_path, text))
    assert (edition.name, edition.folder, edition.timezone) == ("morning", tmp_path, "Europe/London")
    assert (edition.window, edition.date) == (timedelta(hours=36), date(2026, 5, 14))
    assert (edition.feeds[0].section, edition.llm.model) == ("World", "m")


def test_the_sample_edition_is_read() -> None:
    edition = load_edition(sample_edition())
    assert len(edition.feeds) >= 3
    assert edition.date


def test_how_an_issue_is_sent_is_read(tmp_path: Path) -> None:
    text = (
        GOOD
        + '[review]\nrequired = true\n[email]\nfrom = "Desk <desk@example.org>"\nto = ["a@example.org"]\n'
    )
    edition = load_edition(write(tmp_path, 'web_url = "https://example.org/morning/"\n' + text))
    assert edition.review.required
    assert edition.email
    assert (edition.email.sender, edition.email.to) == ("Desk <desk@example.org>", ("a@example.org",))
    assert edition.web_url == "https://example.org/morning"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('tittle = "x"\n' + GOOD, "unknown key 'tittle'; did you mean 'title'?"),
        (GOOD + "colour = 'red'\n", "unknown key 'feeds.1.colour'; expected one of: url, section, limit"),
        ("web_url = 'ftp://x'\n" + GOOD, "web_url: expected an address that begins with https://"),
        (GOOD + "[email]\nto = []\n", "the key 'email.from' is missing"),
        (
            GOOD + "[email]\nfrom = 'a@b.example'\nsender = 'x'\n",
            "unknown key 'email.sender'; expected one of: from, to",
        ),
        (
            'disclosure = "By {{ modle }}"\n' + GOOD,
            "disclosure: the template 'By {{ modle }}' cannot be filled: 'modle' is undefined; it may",
        ),
        (
            GOOD + "[email]\nfrom = 'a@b.example'\nto = ['c@d.example', 'nobody']\n",
            "email.to.2: is no mail address; expected one such as desk@example.org",
        ),
        (GOOD + "[email]\nfrom = 'Desk'\n", "email.from: is no mail address"),
        (GOOD + "[email]\nfrom = 'a@b.example'\nreply_to = '@'\n", "email.reply_to: is no mail address"),
        (
            GOOD + "[email]\nfrom = 'a@b.example'\nunsubscribe = 'x'\n",
            "email.unsubscribe: is no mail address",
        ),
        (GOOD + "[alerts]\nto = ['nobody']\n", "alerts.to.1: is no mail address"),
        (
            GOOD + "[email]\nfrom = 'a@b.example'\nsmtp = 'mail.example'\n",
            "email.smtp: expected smtp://, smtp+starttls:// or smtps:// with a host",
        ),
        (
            GOOD + "[email]\nfrom = 'a@b.example'\nrecipients_command = './list \"all'\n",
            "email.recipients_command: no command: no closing quotation",
        ),
        (GOOD + "weight = 0\n", "feeds.1.weight: input should be greater than 0"),
        (GOOD + "[topics]\nbost = ['x']\n", "unknown key 'topics.bost'; did you mean 'boost'?"),
        (GOOD + "[topics]\nboost = ['x', '!']\n", "topics.boost.2: expected a word or a phrase, found '!'"),
        (GOOD + "[sections]\nWorld = 0\n", "sections.World: input should be greater than or equal to 1"),
        (
            GOOD + "[sections]\nWordl = 3\n",
            "sections: no feed has the section 'Wordl'; did you mean 'World'?",
        ),
        (GOOD + "[sections]\nArts = 3\n", "sections: no feed has the section 'Arts'; expected one of: World"),
        (GOOD + "[llm]\nmodle = 'x'\n", "unknown key 'llm.modle'; did you mean 'model'?"),
        ('name = "x"\n' + GOOD, "unknown key 'name'"),
        ('title = "x"\n', "the key 'feeds' is missing"),
        ('title = "x"\nfeeds = []\n', "feeds: tuple should have at least 1 item"),
        ("max_briefs = 'ten'\n" + GOOD, "max_briefs: input should be a valid integer"),
        ("window = '1 fortnight'\n" + GOOD, 'window: expected a length such as "24h"'),
        (GOOD + "[llm]\nmax_cost_usd = 0\n", "llm.max_cost_usd: input should be greater than 0"),
        (GOOD + "[llm]\nmax_cost_usd = inf\n", "llm.max_cost_usd: input should be a finite number"),
        ("window = 24\n" + GOOD, 'window: expected a length such as "24h"'),
        ("timezone = 'Europe/Lundon'\n" + GOOD, "timezone: no zone is called 'Europe/Lundon'"),
        ("timezone = '../etc'\n" + GOOD, "timezone: no zone is called '../etc'"),
        ('title = "x"\n[[feeds]]\nurl = "ftp://a/b"\n', "feeds: expected an http(s) URL or a path"),
        (
            'title = "x"\n[[feeds]]\nurl = "nowhere.xml"\n',
            "feeds: there is no file 'nowhere.xml' beside the edition",
        ),
        ("title = \n", "is not valid TOML"),
    ],
)
def test_a_broken_edition_names_the_key_and_what_was_expected(
    tmp_path: Path, text: str, message: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_edition(path)
    assert str(caught.value).startswith(f"{path}: {message}")


def test_a_password_in_an_edition_is_refused_and_not_shown(tmp_path: Path) -> None:
    url = "smtps://desk:hush@mail.example"
    path = write(tmp_path, GOOD + f"[email]\nfrom = 'a@b.example'\nsmtp = '{url}'\n")
    with pytest.raises(ConfigError) as caught:
        load_edition(path)
    assert str(caught.value).startswith(
        f"{path}: email.smtp: holds a user or a password; set BRIEFER_SMTP_USER"
    )
    assert "hush" not in str(caught.value)


def test_a_sender_may_be_a_template(tmp_path: Path) -> None:
    sender = "{{ title | upper }} <desk@news.example>"
    edition = load_edition(write(tmp_path, GOOD + f"[email]\nfrom = '{sender}'\n"))
    assert edition.email
    assert edition.email.sender == sender


def test_the_mail_servers_login(tmp_path: Path) -> None:
    assert Settings.load({}).smtp_login() == ("", "")
    user = {"BRIEFER_SMTP_USER": "desk"}
    settings = Settings.load(user | {"BRIEFER_SMTP_PASSWORD": "hush"})
    assert settings.smtp_login() == ("desk", "hush")
    assert "hush" not in repr(settings)
    file = tmp_path / "secret"
    file.write_text(" hush \n", encoding="utf-8")
    assert Settings.load(user | {"BRIEFER_SMTP_PASSWORD_FILE": str(file)}).smtp_login() == ("desk", " hush ")
    both = user | {"BRIEFER_SMTP_PASSWORD": "mine", "BRIEFER_SMTP_PASSWORD_FILE": str(file)}
    assert Settings.load(both).smtp_login() == ("desk", "mine")


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        (
            {"BRIEFER_SMTP_USER": "desk"},
            "BRIEFER_SMTP_PASSWORD: is not set, but BRIEFER_SMTP_USER is; set both",
        ),
        (
            {"BRIEFER_SMTP_PASSWORD": "x"},
            "BRIEFER_SMTP_USER: is not set, but BRIEFER_SMTP_PASSWORD is; set both",
        ),
        (
            {"BRIEFER_SMTP_USER": "desk", "BRIEFER_SMTP_PASSWORD_FILE": "/nowhere/secret"},
            "BRIEFER_SMTP_PASSWORD_FILE: the password cannot be read from /nowhere/secret: No such file",
        ),
    ],
)
def test_half_a_login_is_none(environ: dict[str, str], told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Settings.load(environ).smtp_login()
    assert str(caught.value).startswith(told)


def test_a_password_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"\xff\xfe")
    settings = Settings.load(
        {"BRIEFER_SMTP_USER": "desk", "BRIEFER_SMTP_PASSWORD_FILE": str(tmp_path / "secret")}
    )
    with pytest.raises(ConfigError, match="is no UTF-8 text"):
        settings.smtp_login()


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('from = "a@example.org"\nsubject = "{{ nothing }}"', "subject"),
        ('from = "{{ title <a@example.org>"', "from"),
        ('from = "a@example.org"\nunsubscribe_url = "https://example.org/{{ name }}"', "unsubscribe_url"),
    ],
)
def test_a_bad_template_of_a_mail_is_named_at_once(line: str, key: str, tmp_path: Path) -> None:
    path = write(tmp_path, f"{GOOD}\n[email]\n{line}\n")
    with pytest.raises(ConfigError) as error:
        load_edition(path)
    assert str(error.value).startswith(f"{path}: email.{key}: the template ")


def test_a_file_that_is_not_there_or_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such edition file"):
        load_edition(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="is a folder"):
        load_edition(tmp_path)
    (tmp_path / "latin.toml").write_bytes(b'title = "caf\xe9"')
    with pytest.raises(ConfigError, match="is not valid TOML"):
        load_edition(tmp_path / "latin.toml")


@given(st.text(max_size=200))
def test_no_text_crashes_the_loader(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("edition") / "e.toml"
    path.write_text(text, encoding="utf-8", errors="replace")
    with pytest.raises(ConfigError):
        load_edition(path)


def test_what_is_given_wins_over_the_environment_and_that_over_the_edition(tmp_path: Path) -> None:
    settings = Settings.load({"BRIEFER_MODEL": "env", "OPENAI_API_KEY": "k"}, model="given", temperature=None)
    assert (settings.model, settings.temperature) == ("given", None)
    edition = load_edition(write(tmp_path, GOOD)).model_copy(
        update={"llm": LLMSpec(model="ed", judge="eds", temperature=0.3)}
    )
    joined = settings.for_edition(edition)
    assert (joined.model, joined.judge, joined.temperature) == ("given", "eds", 0.3)
    assert joined.language == edition.language
    assert settings.model_copy(update={"language": "de"}).for_edition(edition).language == "de"
    assert Settings.load({}).for_edition(edition).model == "ed"


def test_the_engine_is_a_model_where_a_key_or_a_server_is_set() -> None:
    assert not Settings.load({}).uses_llm()
    assert Settings.load({"OPENAI_API_KEY": "k"}).uses_llm()
    assert Settings.load({"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}).uses_llm()
    assert not Settings.load({"OPENAI_API_KEY": "k"}, engine="extractive").uses_llm()


def test_a_wrong_setting_names_the_option_and_the_key_is_never_shown() -> None:
    with pytest.raises(ConfigError, match="settings: temperature: input should be less than or equal to 2"):
        Settings.load({}, temperature=9.0)
    assert "secret" not in repr(Settings.load({"OPENAI_API_KEY": "secret"}))


def test_who_reviews_is_given_or_in_the_environment() -> None:
    assert Settings.load({"BRIEFER_REVIEWER": "Ada"}).reviewer == "Ada"
    assert Settings.load({"BRIEFER_REVIEWER": "Ada"}, reviewer="Bo").reviewer == "Bo"
    assert Settings.load({}).reviewer == ""

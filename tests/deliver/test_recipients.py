"""Who gets an issue: lists of any quality, each reader once, nobody who wants no more."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefer.deliver.recipients import (
    Recipients,
    chosen,
    command_recipients,
    csv_recipients,
    parsed,
    read_recipients,
)
from briefer.editions import EmailSpec
from briefer.mails import Recipient

ADA, BO, CY = (Recipient(email=f"{name}@readers.example") for name in ("ada", "bo", "cy"))
FILE = "readers.csv"


def spec(**keys: object) -> EmailSpec:
    return EmailSpec.model_validate({"from": "desk@news.example", **keys})


def of_csv(text: str, encoding: str = "utf-8") -> list[Recipient | str]:
    return list(csv_recipients(text.encode(encoding), FILE))


def test_an_editions_own_list_the_file_and_the_command_follow_each_other(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("email\nbo@readers.example\nada@READERS.example\n", encoding="utf-8")
    script = "print('Cy <cy@readers.example>'); print(); print('bo@readers.example')"
    (tmp_path / "more.py").write_text(script, encoding="utf-8")
    keys = spec(
        to=["Ada <ada@readers.example>"], recipients=FILE, recipients_command=f"'{sys.executable}' more.py"
    )
    found = read_recipients(keys, tmp_path)
    assert found == Recipients(
        (ADA.model_copy(update={"name": "Ada"}), BO, CY.model_copy(update={"name": "Cy"}))
    )


def test_who_is_suppressed_gets_nothing_however_the_address_is_written(tmp_path: Path) -> None:
    found = read_recipients(
        spec(to=["Ada@Readers.example", "bo@readers.example"]), tmp_path, ["ADA@readers.example"]
    )
    assert found.found == (BO,)


def test_one_reader_is_one_address_but_for_the_case_of_its_domain() -> None:
    again = Recipient(email="Ada@readers.example")
    assert chosen([ADA, BO, ADA, again])[0] == (ADA, BO, again)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("email\nada@readers.example\n", [ADA]),
        ("\ufeffEmail , Name\r\nada@readers.example,\r\n\r\n , \r\nbo@readers.example\r\n", [ADA, BO]),
        ("id;name;email\n7;Ada;ada@readers.example\n", [ADA.model_copy(update={"name": "Ada"})]),
        ("name\temail\nAda\tada@readers.example\n", [ADA.model_copy(update={"name": "Ada"})]),
        ('email,note\nada@readers.example,"two\nlines"\nbo@readers.example,x\n', [ADA, BO]),
        (
            'email,name\nada@readers.example,"Ada, of\r\nHaven"\n',
            [ADA.model_copy(update={"name": "Ada, of Haven"})],
        ),
        ("email\nAda <ada@readers.example>\n", [ADA.model_copy(update={"name": "Ada"})]),
        ("email,email\nada@readers.example,bo@readers.example\n", [ADA]),
    ],
)
def test_what_a_csv_may_look_like(text: str, found: list[Recipient]) -> None:
    assert of_csv(text) == found


def test_a_bad_line_is_named_and_the_others_go_on() -> None:
    text = 'email,note\nada@readers.example,"two\nlines"\nnobody,x\n,y\nbo@readers.example,z\n'
    first, bad, none, last = of_csv(text)
    assert (first, last) == (ADA, BO)
    assert str(bad).startswith("readers.csv: line 4: 'nobody': is no mail address; expected one such as")
    assert str(none).startswith("readers.csv: line 5: '': is no mail address")


def test_a_quotation_mark_left_open_swallows_one_line_and_not_the_rest() -> None:
    text = 'email,name\nada@readers.example,"Ada\nbo@readers.example,B "o\n"cy@readers.example",Cy\n'
    assert [one.email for one in of_csv(text) if isinstance(one, Recipient)] == [
        ADA.email,
        BO.email,
        CY.email,
    ]


@pytest.mark.parametrize("text", ["", "\n", "name\nAda\n", "ada@readers.example\nbo@readers.example\n"])
def test_a_csv_without_a_column_of_addresses(text: str) -> None:
    assert of_csv(text) == [
        "readers.csv: line 1: has no column 'email'; expected a first line such as email,name"
    ]


def test_another_encoding_spoils_names_and_not_addresses() -> None:
    [found] = of_csv("email,name\nada@readers.example,Zoë\n", "latin-1")
    assert isinstance(found, Recipient)
    assert found.email == ADA.email


def test_a_file_that_cannot_be_read_leaves_the_others(tmp_path: Path) -> None:
    found = read_recipients(spec(to=["ada@readers.example"], recipients="gone.csv"), tmp_path)
    problem = (
        f"{tmp_path / 'gone.csv'}: cannot be read: No such file or directory; nobody of it gets the issue"
    )
    assert found == Recipients((ADA,), (problem,), complete=False)


def test_a_file_that_is_no_list_of_addresses(tmp_path: Path) -> None:
    with (tmp_path / FILE).open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    found = read_recipients(spec(recipients=FILE), tmp_path)
    assert "is larger than 64 MB; expected a list of addresses" in found.problems[0]
    assert not found.complete


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            "import sys; print('ada@readers.example'); sys.exit('no database')",
            "ended with exit code 1: no database",
        ),
        ("import time; time.sleep(30)", "did not end within 0.5 s"),
    ],
)
def test_a_command_that_fails_is_believed_nothing(tmp_path: Path, code: str, told: str) -> None:
    (tmp_path / "list.py").write_text(code, encoding="utf-8")
    keys = spec(to=["bo@readers.example"], recipients_command=f"'{sys.executable}' list.py")
    found = read_recipients(keys, tmp_path, seconds=0.5)
    assert (found.found, found.complete) == ((BO,), False)
    assert found.problems == (f"{sys.executable}: nobody of it gets the issue: it {told}",)


def test_a_command_that_is_not_there(tmp_path: Path) -> None:
    found = read_recipients(spec(recipients_command="./subscribers --all"), tmp_path)
    assert found.problems == (
        "./subscribers: nobody of it gets the issue: it cannot be run: No such file or directory",
    )


def test_a_command_is_no_shell(tmp_path: Path) -> None:
    code = "import sys; print(sys.argv[1])"
    keys = spec(recipients_command=f"'{sys.executable}' -c \"{code}\" '$HOME; cy@readers.example'")
    [problem] = read_recipients(keys, tmp_path).problems
    assert "line 1: '$HOME; cy@readers.example': is no mail address" in problem


def test_what_a_command_prints() -> None:
    output = "\ufeffada@readers.example\r\n\n Bo Chen <bo@readers.example>\nbo at readers\n".encode()
    ada, bo, bad = command_recipients(output, "list")
    assert (ada, bo) == (ADA, BO.model_copy(update={"name": "Bo Chen"}))
    assert str(bad).startswith("list: line 4: 'bo at readers': is no mail address")


def test_a_name_is_one_line() -> None:
    found = parsed("ada@readers.example", name="Ada\r\nBcc: bo@readers.example")
    assert found == ADA.model_copy(update={"name": "Ada Bcc: bo@readers.example"})


@given(st.binary(max_size=200) | st.text(alphabet='email,name;"\n\r\t@.abc', max_size=200).map(str.encode))
def test_no_bytes_break_a_list(content: bytes) -> None:
    for one in (*csv_recipients(content, FILE), *csv_recipients(b"email\n" + content, FILE)):
        assert isinstance(one, Recipient) or one.startswith("readers.csv: line ")
    assert all(
        isinstance(one, Recipient) or one.startswith("c: line ") for one in command_recipients(content, "c")
    )


LOCAL = st.text(alphabet="abcxyz0189+_-", min_size=1, max_size=20)
NAME = st.text(max_size=20)


@given(
    rows=st.lists(st.tuples(LOCAL, NAME), max_size=8), delimiter=st.sampled_from(",;\t"), bom=st.booleans()
)
def test_every_row_of_a_well_formed_csv_is_found(
    rows: list[tuple[str, str]], delimiter: str, bom: bool
) -> None:
    import csv
    import io

    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(
        [("note", "email", "name"), *(("x", f"{local}@readers.example", name) for local, name in rows)]
    )
    content = ("\ufeff" * bom + file.getvalue()).encode("utf-8", "replace")
    found = [one for one in csv_recipients(content, FILE) if isinstance(one, Recipient)]
    assert [one.email for one in found] == [f"{local}@readers.example" for local, _ in rows]
    assert all("\n" not in one.name and "\r" not in one.name for one in found)


@given(st.lists(st.sampled_from([ADA, BO, CY, "a problem", Recipient(email="ADA@readers.example")])))
def test_choosing_loses_nobody_and_repeats_nobody(listed: list[Recipient | str]) -> None:
    found, problems = chosen(listed, ["cy@READERS.example"])
    assert {one.email for one in found} == {one.email for one in listed if isinstance(one, Recipient)} - {
        CY.email
    }
    assert len({one.email for one in found}) == len(found)
    assert list(problems) == [one for one in listed if isinstance(one, str)]

import pytest

from briefer.errors import ConfigError
from briefer.fill import fill

VALUES = {"title": "The Sund Morning", "count": 3}


def filled(template: str, **values: object) -> str:
    return fill(template, VALUES | values, key="email.subject", edition="morning")


def test_a_template_is_filled_as_one_clean_line() -> None:
    assert filled("{{ title }}: {{ count }} stories") == "The Sund Morning: 3 stories"
    assert filled("{{ title }}", title="a\r\nBcc: x\x00\udc80\u202e  b") == "a Bcc: x b"
    assert filled("{{ title }}", title="<b>&") == "<b>&"
    assert filled("{{ title }}", title="{{ 7 * 7 }}") == "{{ 7 * 7 }}"


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{{ number }}", "'number' is undefined; it may use title, count"),
        ("{{ title", "unexpected end of template"),
        ("{% for %}", "for"),
        ("{{ count // 0 }}", "zero"),
        ("{{ count + 'a' }}", "unsupported"),
        ("{{ title.__class__.__mro__ }}", "unsafe"),
        ("{% include 'a' %}", "no loader"),
    ],
)
def test_a_bad_template_names_edition_and_key(template: str, reason: str) -> None:
    with pytest.raises(ConfigError) as error:
        filled(template)
    assert str(error.value).startswith(f"morning: email.subject: the template {template!r} cannot be filled")
    assert reason in str(error.value)

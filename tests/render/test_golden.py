"""What the samples look like in every format; `pytest --update-golden` writes the files anew."""

from collections.abc import Callable

import pytest

from briefer.models import Brief, Digest
from briefer.render import render_brief, render_digest
from tests import samples

Golden = Callable[[str, str], None]
FORMATS = ("html", "md", "txt", "json")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", ["morning", "empty", "corrected", "amended"])
def test_digest(name: str, format: str, golden: Golden) -> None:  # noqa: A002 - as the public name
    digest = getattr(samples, name)()
    golden(f"{name}.{format}", render_digest(digest, format))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", ["one_off", "german"])
def test_brief(name: str, format: str, golden: Golden) -> None:  # noqa: A002
    golden(f"{name}.{format}", render_brief(getattr(samples, name)(), format))


def test_fragments(golden: Golden) -> None:
    golden("one_off.fragment.html", render_brief(samples.one_off(), "html", fragment=True))


def test_narrow_text(golden: Golden) -> None:
    golden("one_off.40.txt", render_brief(samples.one_off(), "txt", width=40))


def test_json_reads_back_as_the_same_value() -> None:
    digest, brief = samples.morning(), samples.one_off()
    assert Digest.model_validate_json(render_digest(digest, "json")) == digest
    assert Brief.model_validate_json(render_brief(brief, "json")) == brief

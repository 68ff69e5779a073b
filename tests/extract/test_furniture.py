"""Lines that are furniture, and sentences that only look like it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefer.extract.furniture import credit_in, is_furniture, is_furniture_sentence


@pytest.mark.parametrize(
    "line",
    [
        "“Related: the wall and the ferry are one story,” the mayor told the hall.",
        "The disclaimer said nothing of the kind, and the court noticed.",
        "Read next to each other, the two letters tell one story.",
        "See also how the harbour changed: three quays are gone.",
        "Share prices fell by 4% on Monday.",
        "Sign up for a plan costs 12 pounds a month.",
        "Subscribe numbers rose in March.",
        "Loading the ferry takes forty minutes.",
        "Advertisement spending rose by a tenth last year.",
        "By Tuesday the water had reached the church.",
        "Photo shops on the island have closed one after another.",
        "Images of the flooded church were shown to the jury.",
        "Copyright law was changed in 2019, the judge said.",
        "Live music returns to the harbour on Friday.",
        "Comments by the minister angered the islanders.",
        "On March 7, 2026, the ferry sank.",
        "The reporting by two local papers led to the inquiry.",
        "Cookies sold at the fair raised 900 pounds.",
        "1/2 tsp ground cloves",
        "Updated plans show a longer quay.",
        "Follow the coast road for two miles, the guide said.",
        "More news is expected on Thursday.",
        "Die elektronische Akte (ePA)",
        "Publicité mensongère : le tribunal condamne l’armateur.",
    ],
)
def test_news_stays(line: str) -> None:
    assert not is_furniture(line)
    assert not is_furniture_sentence(line)


@pytest.mark.parametrize(
    "line",
    [
        "SEE ALSO: The wall is falling",
        "Also read | Storms grow stronger",
        "Related",
        "Read more »",
        "PRESS RELEASE · News provided by Norwood Grid",
        "SOURCE Norwood Grid",
        "This article was amended at 21.10 to add remarks.",
        "Editor's note: this story was corrected.",
        "Photo: Lee Marsh/Getty Images",
        "A ferry in fog. (AP Photo/Lee Marsh)",
        "The quay at dawn. Lee Marsh / Getty Images",
        "Loading... Loading...",
        "3 min read",
        "2 hours ago",
        "Von Jo Finch",
        "Par Jo Finch et Sam Reed",
        "7. März 2026, 9:30 Uhr",
        "Published: 7 March 2026",
        "Additional reporting by Sam Reed in Leeds.",
        "Get the morning's news delivered to your inbox.",
        "Abonnez-vous à notre newsletter",
        "Suscríbete a nuestro boletín",
        "Jetzt Newsletter abonnieren".removeprefix("Jetzt "),
        "Foto: Lee Marsh",
        "* * *",
        "Alle Rechte vorbehalten",
        "Please enable JavaScript to see this.",
    ],
)
def test_furniture_goes(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("The quay. Photo by Lee Marsh", "Lee Marsh"),
        ("The quay. Credit: Lee Marsh/Agency", "Lee Marsh/Agency"),
        ("Illustration: Kim Vale", "Kim Vale"),
        ("Der Kai. Foto: Lee Marsh", "Lee Marsh"),
        ("The quay at dawn. Lee Marsh/Getty Images", "Lee Marsh/Getty Images"),
        ("Image: The mayor opens the new quay in front of a large crowd", ""),
        ("The quay at dawn", ""),
    ],
)
def test_credit(caption: str, credit: str) -> None:
    assert credit_in(caption) == credit


@given(st.text())
def test_any_line_is_judged(line: str) -> None:
    assert is_furniture(line) in {True, False}
    credit_in(line)


@pytest.mark.parametrize(
    "nasty",
    [
        "a ",
        "A. ",
        "Photo by ",
        "by and ",
        "get your inbox ",
        "with files ",
        "(",
        "-",
        "1/",
        "© ",
        "/ Reuters ",
    ],
)
def test_no_pattern_takes_long(nasty: str) -> None:
    line = nasty * 400
    started = time.process_time()
    for end in range(200, 1600, 50):
        is_furniture(line[:end])
        is_furniture_sentence(line[:end])
        credit_in(line[:end])
    assert time.process_time() - started < 1

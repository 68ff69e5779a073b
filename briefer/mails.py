"""What travels when an issue is mailed: the mail, who gets it, and what became of each copy."""

import binascii
import datetime as dt
from collections.abc import Mapping
from typing import Final, Literal

from pydantic import Field

from briefer.models import Moment, Value

#: What became of a copy. "waiting": not handed over yet; "sending": handed over, no answer yet; "sent": the
#: server took it; "deferred": it asked to try later (4xx), or was lost before it had all of it; "failed": it
#: refused for good (5xx); "unknown": the run ended between handing over and the answer, or the answer never
#: came.
DeliveryState = Literal["waiting", "sending", "sent", "deferred", "failed", "unknown"]


#: Stands in a mail's HTML and text where each recipient's own way to end the mailing belongs. No text of an
#: article can hold it: `briefer.text.clean` takes control characters away.
UNSUBSCRIBE: Final = "\x1aunsubscribe\x1a"


def encode(text: str) -> tuple[str, str]:
    """Return the name of a text's encoding for its way, and the text so encoded.

    That is quoted-printable, which filters and people can read, or base64 where it is much shorter (for other
    letters than Latin ones). Either is ASCII in lines of at most 76 characters that end in a newline.
    """
    content = text.encode()
    plain, base = binascii.b2a_qp(content), -(-len(content) // 57) * 77
    # In quoted-printable all line ends become what the first one is; our own texts have one kind.
    if len(plain) <= 1.5 * base and b"\r" not in content:
        return "quoted-printable", plain.decode("ascii")
    lines = (binascii.b2a_base64(content[i : i + 57]) for i in range(0, len(content), 57))
    return "base64", b"".join(lines).decode("ascii")


class Picture(Value):
    """A picture inside a mail, named by `cid` in its HTML. `media` is "image/png" and the like."""

    cid: str
    media: str
    content: bytes


class Mail(Value):
    """An issue as one mail, the same for everybody: what differs by recipient is put in by the envelope.

    `sender` is an address with a name, `html` and `text` hold `UNSUBSCRIBE` where there is a way to leave,
    `left_out` counts the briefs that are shortened or not in the HTML, because of the size mail clients show.
    """

    edition: str
    date: dt.date
    subject: str
    sender: str
    html: str
    text: str
    pictures: tuple[Picture, ...] = ()
    left_out: int = 0


class Recipient(Value):
    """Somebody who gets an issue: an address, and a name where one is known."""

    email: str
    name: str = ""


class Delivery(Value):
    """One recipient's copy of an issue. `message_id` stays through all attempts; a resend has a new one.

    `answer` is the server's last word (code and text), or why the copy waits; `next_try` when a deferred one
    is tried again.
    """

    edition: str
    date: dt.date
    recipient: str
    message_id: str
    state: DeliveryState
    attempts: int = 0
    answer: str = ""
    changed: Moment
    next_try: Moment | None = None


class Answer(Value):
    """What came of handing a copy over: the server's word, or ours where the connection was `lost`."""

    state: Literal["sent", "deferred", "failed", "unknown"]
    text: str = ""
    lost: bool = False


class MailingLine(Value):
    """An issue in a list: its copies by state, and a word about those that are not sent."""

    edition: str
    date: dt.date
    counts: Mapping[DeliveryState, int] = Field(default_factory=dict)
    note: str = ""


class Mailing(Value):
    """What became of an issue's copies. `sent_now` are those the server took in this run.

    `counts` has the copies by state, `unsent` those that are not sent, `problems` a line for whatever else
    went wrong: an address that is none, a list that could not be read, a server that could not be used.
    """

    edition: str
    date: dt.date
    sent_now: int = 0
    counts: Mapping[DeliveryState, int] = Field(default_factory=dict)
    unsent: tuple[Delivery, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Tell whether everybody has it and nothing went wrong."""
        return not self.unsent and not self.problems

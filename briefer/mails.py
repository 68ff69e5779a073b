"""What travels when an issue is mailed: the mail, who gets it, and what became of each copy."""

import datetime as dt
from typing import Literal

from briefer.models import Moment, Value

#: What became of a copy. "sending": handed over, no answer yet; "sent": the server took it; "deferred": it
#: asked to try later (4xx); "failed": it refused for good (5xx); "unknown": the run ended between handing
#: over and the answer, or the answer never came.
DeliveryState = Literal["sending", "sent", "deferred", "failed", "unknown"]


class Picture(Value):
    """A picture inside a mail, named by `cid` in its HTML. `media` is "image/png" and the like."""

    cid: str
    media: str
    content: bytes


class Mail(Value):
    """An issue as one mail, the same for everybody: what differs by recipient is put in by the envelope.

    `sender` is an address with a name, `left_out` the briefs that are shortened to a line because of the
    size mail clients show.
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

    `answer` is the server's last word (code and text), `next_try` when a deferred one is tried again.
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

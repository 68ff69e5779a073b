"""The ledger of copies as a state machine: pure, one row a recipient; the store keeps the rows.

::

    waiting ─▶ sending ─▶ sent
       ▲         │ ├────▶ deferred ─▶ sending, or failed when put off for too long
       └─────────┘ ├────▶ unknown  ─▶ sending, with the same Message-ID
                   └────▶ failed

A row is committed as `sending` before its message is handed over. One that is found so by the next run was
handed over by a run that died: nobody knows what came of it. Back to `waiting` goes a copy that was surely
not handed over, and, where a person asks for it, one that failed or is to be sent again.
"""

import datetime as dt
from collections.abc import Iterable, Mapping

from briefer.mails import Answer, Delivery, DeliveryState

#: Where each state may lead.
ALLOWED: Mapping[DeliveryState, frozenset[DeliveryState]] = {
    "waiting": frozenset({"sending", "failed", "waiting"}),
    "sending": frozenset({"sent", "deferred", "failed", "unknown", "waiting"}),
    "sent": frozenset({"waiting"}),
    "deferred": frozenset({"sending", "failed", "waiting"}),
    "failed": frozenset({"waiting"}),
    "unknown": frozenset({"sending", "failed", "waiting"}),
}
_MINUTE = dt.timedelta(minutes=1)
#: How long a copy is left alone after each attempt: greylisting ends within minutes, a full disk within
#: hours. After 27 hours in all the issue is yesterday's.
DELAYS = tuple(minutes * _MINUTE for minutes in (1, 5, 15, 60, 120, 240, 480, 720))
#: A run waits for copies put off for so long; longer ones are left to the next.
WITHIN_RUN = 15 * _MINUTE


def queued(edition: str, date: dt.date, recipient: str, message_id: str, now: dt.datetime) -> Delivery:
    """Return the row of a copy that nothing was done for yet."""
    return Delivery(
        edition=edition,
        date=date,
        recipient=recipient,
        message_id=message_id,
        state="waiting",
        changed=now,
    )


def begun(copy: Delivery, now: dt.datetime) -> Delivery:
    """Return the row that must be kept before the message is handed over."""
    return _moved(copy, "sending", now, attempts=copy.attempts + 1)


def answered(copy: Delivery, answer: Answer, now: dt.datetime) -> Delivery:
    """Return the row after the answer; one put off too often has failed."""
    again = answer.state in {"deferred", "unknown"}
    if again and copy.attempts > len(DELAYS):
        text = f"given up after {copy.attempts} attempts: {answer.text}"
        return _moved(copy, "failed", now, answer=text)
    next_try = now + DELAYS[copy.attempts - 1] if again else None
    return _moved(copy, answer.state, now, answer=answer.text, next_try=next_try)


def returned(copy: Delivery, reason: str, now: dt.datetime) -> Delivery:
    """Return the row of a copy that the server did not let us hand over: it counts as no attempt."""
    return _moved(copy, "waiting", now, answer=reason, attempts=copy.attempts - 1)


def noted(copy: Delivery, reason: str, now: dt.datetime) -> Delivery:
    """Return the row of a copy that goes on waiting, with why."""
    return _moved(copy, "waiting", now, answer=reason)


def abandoned(copy: Delivery, now: dt.datetime) -> Delivery:
    """Return the row of a copy whose run died before the answer."""
    return _moved(copy, "unknown", now, answer="its run ended before the server answered")


def dropped(copy: Delivery, reason: str, now: dt.datetime) -> Delivery:
    """Return the row of a copy that is not tried again, though no server refused it."""
    return _moved(copy, "failed", now, answer=reason)


def reopened(copy: Delivery, now: dt.datetime, message_id: str = "") -> Delivery:
    """Return the row of a copy a person wants sent (again), with another Message-ID where one is given."""
    return _moved(copy, "waiting", now, attempts=0, answer="", message_id=message_id or copy.message_id)


def hurried(copy: Delivery) -> Delivery:
    """Return the row with nothing to wait for."""
    return copy.model_copy(update={"next_try": None})


def due(copies: Iterable[Delivery], now: dt.datetime, *, cautious: bool = False) -> list[Delivery]:
    """Return the copies to be handed over now: those not tried yet come first.

    `cautious` leaves those that may have arrived to a person.
    """
    states = ("waiting", "deferred") if cautious else ("waiting", "deferred", "unknown")
    ready = [copy for copy in copies if copy.state in states and (copy.next_try or now) <= now]
    return sorted(ready, key=lambda copy: states.index(copy.state))


def pause(copies: Iterable[Delivery], now: dt.datetime, *, cautious: bool = False) -> dt.timedelta | None:
    """Return how long this run waits for the next copy to be due; None where none is worth waiting for."""
    states = {"deferred"} if cautious else {"deferred", "unknown"}
    waits = [copy.next_try - now for copy in copies if copy.state in states and copy.next_try]
    soonest = min(waits, default=None)
    return None if soonest is None or soonest > WITHIN_RUN else max(soonest, dt.timedelta())


def _moved(copy: Delivery, state: DeliveryState, now: dt.datetime, **changes: object) -> Delivery:
    """Move a row on; ValueError for a step the ledger does not know: a mistake of the caller's."""
    if state not in ALLOWED[copy.state]:
        raise ValueError(f"a copy that is {copy.state} cannot become {state}")
    return copy.model_copy(update={"next_try": None, **changes, "state": state, "changed": now})

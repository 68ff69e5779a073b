"""The errors Briefer raises.

Each carries its `subject` (a URL, a path, an edition, a model) and reads as one line: the thing, what is
wrong with it, what to do.

::

    BrieferError
    ├── ConfigError            wrong usage, settings or edition (exit code 2)
    │   └── ResourceError      prompts or templates are missing or broken
    ├── SourceError            one source gives no article; the other sources go on
    │   ├── FetchError         the network or the server failed
    │   │   ├── BlockedAddressError   the address is private and not allowed
    │   │   └── RobotsError    robots.txt asks not to fetch this page
    │   ├── FeedError          the bytes are not a usable feed or record file
    │   └── ExtractError       the page has no usable article
    │       └── ShortArticleError     fewer words than a brief can be made of: a stub or a paywall
    ├── WriteError             the engine gave no usable brief for one article
    │   ├── RefusalError       the model refused
    │   ├── TruncatedError     the answer was cut off at its token limit
    │   ├── ContextError       the article does not fit the model's context
    │   ├── UnavailableError   the server was too busy, failed or did not answer: another time it may
    │   └── BudgetError        the cost cap has no room for it: nothing more is written (exit code 5)
    ├── ModelError             the model cannot be used at all: key, name or server
    ├── StoreError             the database cannot be opened, read or written
    ├── ReviewError            a person's decision on a brief cannot be taken
    ├── RenderError            a template cannot be rendered
    └── DeliverError           a result cannot be written where it was asked for, or an issue not be sent
        ├── MailServerError    the mail server cannot be used at all, or not now
        └── UnapprovedError    the issue waits for an editor (exit code 4)
"""


class BrieferError(Exception):
    """The root of the tree. `subject` names the thing that failed; `message` says why and what to do."""

    def __init__(self, message: str, *, subject: str = "") -> None:
        super().__init__(message, subject)
        self.message = message
        self.subject = subject

    def __reduce__(self) -> tuple[object, ...]:
        """Keep `subject` across worker processes: the default would drop keyword arguments."""
        return _rebuild, (type(self), self.message, self.subject)

    def __str__(self) -> str:
        """One line: the subject, then the message."""
        line = f"{self.subject}: {self.message}" if self.subject else self.message
        return " ".join(line.split())


def _rebuild(kind: type[BrieferError], message: str, subject: str) -> BrieferError:
    return kind(message, subject=subject)


class ConfigError(BrieferError):
    """Wrong usage, settings or edition."""


class ResourceError(ConfigError):
    """Prompts or templates are missing or broken."""


class SourceError(BrieferError):
    """One source gives no article; the other sources go on."""


class FetchError(SourceError):
    """The network or the server failed.

    `status` is the server's answer (0: there was none), `pause` the seconds it asks to be left alone for.
    """

    status: int = 0
    pause: float | None = None


class BlockedAddressError(FetchError):
    """The address is private and not allowed."""


class RobotsError(FetchError):
    """The site's robots.txt asks not to fetch this page."""


class FeedError(SourceError):
    """The bytes are not a usable feed or record file."""


class ExtractError(SourceError):
    """The page has no usable article."""


class ShortArticleError(ExtractError):
    """The page holds fewer words than a brief can be made of."""


class WriteError(BrieferError):
    """The engine gave no usable brief for one article."""


class RefusalError(WriteError):
    """The model refused."""


class TruncatedError(WriteError):
    """The answer was cut off at its token limit."""


class ContextError(WriteError):
    """The article does not fit the model's context."""


class UnavailableError(WriteError):
    """The server was too busy, failed or did not answer: no fault of the article, another time it may."""


class BudgetError(WriteError):
    """The cost cap has no room for another call: what is written already stays, no further article is."""


class ModelError(BrieferError):
    """The model cannot be used at all: wrong key, unknown name, no server."""


class StoreError(BrieferError):
    """The database cannot be opened, read or written, or another run holds it."""


class ReviewError(BrieferError):
    """A person's decision on a brief cannot be taken: there is no such brief, or its issue's time is over."""


class RenderError(BrieferError):
    """A template cannot be rendered."""


class DeliverError(BrieferError):
    """A result cannot be written where it was asked for, or an issue cannot be sent."""


class MailServerError(DeliverError):
    """The mail server cannot be used. `lasting` false: it may work in a while, with nothing changed here."""

    lasting: bool = True


class UnapprovedError(DeliverError):
    """The issue holds briefs that nobody has approved, and its edition wants that."""

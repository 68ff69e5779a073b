"""An issue as it is mailed: its pictures found, its mail rendered, and a copy of it as a file."""

import datetime as dt

from briefer.addresses import read_address
from briefer.compose import for_readers
from briefer.deliver.envelope import compose, message_id
from briefer.deliver.pictures import attach_images
from briefer.editions import Edition
from briefer.mails import Mail
from briefer.models import Digest
from briefer.render.email import email_spec, render_mail


def make_mail(digest: Digest, edition: Edition) -> Mail:
    """Return the mail of an issue, with the pictures of local articles where the edition wants them.

    It is rendered with the edition's own templates, where it has some; briefs that are held are left out.
    Raises ConfigError and RenderError as `render_mail`.
    """
    digest, templates = for_readers(digest), edition.templates_folder()
    if email_spec(edition).images == "none":
        return render_mail(digest, edition, templates=templates)
    attached, pictures = attach_images(digest)
    return render_mail(attached, edition, templates=templates, pictures=pictures)


def eml(mail: Mail, edition: Edition, *, date: dt.datetime) -> str:
    """Return a mail as a file that mail programs open: the copy of the edition's first recipient.

    Where the edition lists nobody itself it is addressed to its sender. Raises ConfigError as `compose`.
    """
    spec = email_spec(edition)
    recipient = read_address(spec.to[0] if spec.to else mail.sender)
    known = message_id(mail.sender, mail.edition, mail.date, recipient.email)
    return compose(mail, spec, recipient, message_id=known, date=date).as_bytes().decode()

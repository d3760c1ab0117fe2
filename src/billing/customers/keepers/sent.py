"""What leaves by mail is kept with the customer's papers."""

from datetime import datetime

from agenda.registry import Written, archives
from billing.customers.actions.file_sent import file_sent
from billing.customers.models import SentDocument


@archives("billing")
def keep_sent(written: Written, now: datetime) -> None:
    """Keep a mail to a contact as it leaves."""
    file_sent(
        customer_id=written.filing.owner,
        channel=SentDocument.Channel.EMAIL,
        key=written.key,
        kind=written.template,
        recipient=", ".join(written.to),
        subject=written.subject,
        about=written.filing.about,
        content=written.content,
        at=now,
    )

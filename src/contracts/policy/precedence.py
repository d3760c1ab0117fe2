"""Which of a contract's documents comes first.

The specific before the sale's, the sale's before the use's.
"""

from contracts.policy.clauses import keeps

SPECIFIC = "specific"
DPA = "dpa"
SALE = "sale"
USE = "use"
IN_ORDER = (SPECIFIC, SALE, USE)
CONSUMER = "consumer"


def has_agreement_on_data(client: str) -> bool:
    """Return whether a client has a data processing agreement.

    A professional or a public body, never a consumer.
    """
    return client != CONSUMER


@keeps("LG-S24")
def in_order(client: str, *, on_personal_data: bool = False) -> tuple[str, ...]:
    """Return the documents that bind a client, the one that prevails first.

    Where personal data is concerned a professional's data processing agreement comes before the terms of
    sale.
    """
    if not (on_personal_data and has_agreement_on_data(client)):
        return IN_ORDER
    return (SPECIFIC, DPA, SALE, USE)


@keeps("LG-S24")
def days_of_retention(client: str, *, sale_days: int, agreed_days: int | None) -> int:
    """Return for how many days data is kept.

    What the agreement on data says before what the terms of sale do.

    `agreed_days` is what the controller set under the agreement, None where they set nothing. A consumer has
    no such agreement: for them the shorter of the two holds.
    """
    if agreed_days is None:
        return sale_days
    order = in_order(client, on_personal_data=True)
    if DPA in order and order.index(DPA) < order.index(SALE):
        return agreed_days
    return min(sale_days, agreed_days)

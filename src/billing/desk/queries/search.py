"""What the console's search finds: one statement a kind, accents and case aside, the best first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector, TrigramSimilarity
from django.db.models import F, FloatField, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse

from audit.policy.lazy_rows import LazyRows
from billing.collections.models import InterestClaim
from billing.customers.models import Contact
from billing.desk.models import Note
from billing.desk.policy.notes import RIGHTS
from billing.desk.policy.search import SearchText, prefix_query
from billing.invoicing.models import Invoice
from billing.orders.models import Order
from billing.payments.models import Payment
from billing.quotes.models import QuoteVersion
from billing.subscriptions.models import Subscription
from tenants.models import Customer

FIRST_HITS = 8  # of a kind, on the page of all kinds; the others are a click away


class NameKey(Func):
    """A text without accents and case, as the database compares names."""

    function = "public.name_key"
    output_field = TextField()


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: what it is called, what else is known of it, where it is."""

    kind: str
    label: str
    detail: str
    url: str
    rank: float
    cents: int | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """Where one kind of thing is looked for, who may see it, and how it is shown."""

    key: str
    permission: str
    rows: Callable[[], QuerySet[Any]]
    texts: Sequence[str]
    show: Callable[[Any], tuple[str, str, str]]
    cents: str = ""
    currency: str = "currency"


def _at(name: str, key: object) -> str:
    return reverse(f"billing:{name}", args=[key], urlconf="config.urls_public")


KINDS = (
    Kind(
        "customers",
        "customers.write",
        lambda: Customer.objects.all(),
        ("name", "email", "siren", "siret", "vat_number", "city", "postcode", "signatory"),
        lambda row: (row.name, f"{row.postcode} {row.city}".strip(), _at("customer", row.pk)),
    ),
    Kind(
        "contacts",
        "customers.write",
        lambda: Contact.objects.select_related("customer"),
        ("first_name", "last_name", "email", "job_title", "customer__name"),
        lambda row: (row.name, f"{row.customer.name}, {row.email}", _at("customer", row.customer_id)),
    ),
    Kind(
        "quotes",
        "quotes.write",
        lambda: QuoteVersion.objects.current().select_related("quote__customer"),
        ("quote__number", "quote__customer__name", "note"),
        lambda row: (row.label, row.quote.customer.name, _at("quote", row.pk)),
        "gross_cents",
    ),
    Kind(
        "orders",
        "orders.write",
        lambda: Order.objects.select_related("customer"),
        ("number", "customer__name"),
        lambda row: (row.number, row.customer.name, _at("order", row.pk)),
        "gross_cents",
    ),
    Kind(
        "invoices",
        "invoices.write",
        lambda: Invoice.objects.select_related("customer"),
        ("number", "customer__name", "reference"),
        lambda row: (row.number, row.customer.name, _at("invoice", row.pk)),
        "gross_cents",
    ),
    Kind(
        "claims",
        "invoices.write",
        lambda: InterestClaim.objects.select_related("invoice__customer"),
        ("number", "invoice__number", "invoice__customer__name"),
        lambda row: (row.number, row.invoice.customer.name, _at("interest_claim", row.pk)),
        "total_cents",
    ),
    Kind(
        "payments",
        "payments.write",
        lambda: Payment.objects.select_related("customer"),
        ("reference", "customer__name"),
        lambda row: (
            row.reference or f"{row.received_on:%d/%m/%Y}",
            row.customer.name,
            _at("payment", row.pk),
        ),
        "amount_cents",
    ),
    Kind(
        "subscriptions",
        "orders.write",
        lambda: Subscription.objects.select_related("customer", "product", "contract__tenant"),
        (
            "product__name_fr",
            "product__name_en",
            "customer__name",
            "contract__tenant__name",
            "contract__tenant__slug",
        ),
        lambda row: (row.product.name("fr"), row.customer.name, _at("subscription", row.pk)),
    ),
)


@dataclass(frozen=True, slots=True)
class Found:
    """The best hits of a kind, and how many there are in all."""

    kind: str
    hits: list[Hit]
    count: int


KEYS = frozenset({*(kind.key for kind in KINDS), "notes"})


def search(asked: SearchText, *, permissions: Collection[str]) -> list[Found]:
    """Return what was found of each kind one may see, the kind with the best hit first.

    Nothing for nothing asked.
    """
    if asked.is_empty:
        return []
    found = [_first(key, hits) for key, hits in _all(asked, permissions) if hits is not None]
    return sorted((each for each in found if each.hits), key=lambda each: -each.hits[0].rank)


def search_kind(asked: SearchText, kind: str, *, permissions: Collection[str]) -> Sequence[Hit]:
    """Return all that was found of one kind; nothing of what one may not see."""
    return dict(_all(asked, permissions)).get(kind) or [] if not asked.is_empty else []


def _all(asked: SearchText, permissions: Collection[str]) -> list[tuple[str, LazyRows[Hit] | None]]:
    seen = [kind for kind in KINDS if kind.permission in permissions]
    return [*((kind.key, _hits(kind, asked)) for kind in seen), ("notes", _notes(asked, permissions))]


def _first(kind: str, found: LazyRows[Hit]) -> Found:
    """Return the best of a kind; they are only counted where there may be more."""
    hits = found[:FIRST_HITS]
    return Found(kind, hits, len(hits) if len(hits) < FIRST_HITS else len(found))


def _hits(kind: Kind, asked: SearchText) -> LazyRows[Hit] | None:
    matches = _matches(kind, asked)
    if matches is None:
        return None
    rows = _ranked(kind.rows(), kind.texts, asked.words).filter(matches)
    return _all_of(rows.order_by("-rank", "-pk"), partial(_hit, kind))


def _all_of(rows: QuerySet[Any], hit_of: Callable[[Any], Hit]) -> LazyRows[Hit]:
    return LazyRows(rows, count=rows.count, show=partial(map, hit_of))


def _hit(kind: Kind, row: Any) -> Hit:
    money = (getattr(row, kind.cents), row.currency) if kind.cents else ()
    return Hit(kind.key, *kind.show(row), row.rank, *money)


def _matches(kind: Kind, asked: SearchText) -> Q | None:
    """Return what a row must hold: all the words, the amount, both, or one of them; None where it can't."""
    said = _said(asked.words) if asked.words else None
    cents = Q(**{kind.cents: asked.cents}) if kind.cents and asked.cents is not None else None
    if asked.either:
        return (said | cents) if said and cents else said or cents
    if asked.cents is not None:
        return (said & cents) if said and cents else cents
    return said


def _said(words: tuple[str, ...]) -> Q:
    inside = Q()
    for word in words:
        inside &= Q(hay__contains=NameKey(Value(word)))
    return inside | Q(vector=_query(words)) if prefix_query(words) else inside


def _query(words: tuple[str, ...]) -> SearchQuery:
    return SearchQuery(NameKey(Value(prefix_query(words))), search_type="raw", config="simple")


def _ranked(rows: QuerySet[Any], texts: Sequence[str], words: tuple[str, ...]) -> QuerySet[Any]:
    """Return rows with their text to look in (`hay`, `vector`) and how well the words fit (`rank`)."""
    together = Func(Value(" "), *texts, function="concat_ws", output_field=TextField())
    rows = rows.annotate(hay=NameKey(together))
    rows = rows.annotate(vector=SearchVector("hay", config="simple"))
    if not prefix_query(words):
        fixed: QuerySet[Any] = rows.annotate(rank=Value(1.0, output_field=FloatField()))
        return fixed
    alike: Any = TrigramSimilarity("hay", NameKey(Value(" ".join(words))))  # type: ignore[arg-type]
    fits = SearchRank(F("vector"), _query(words)) + alike
    ranked: QuerySet[Any] = rows.annotate(rank=Cast(fits, FloatField()))
    return ranked


def _notes(asked: SearchText, permissions: Collection[str]) -> LazyRows[Hit] | None:
    kinds = [kind for kind, permission in RIGHTS.items() if permission in permissions]
    if not asked.words or asked.cents is not None and not asked.either:
        return None
    rows = _ranked(Note.objects.filter(kind__in=kinds, erased_at=None), ("text",), asked.words).filter(
        _said(asked.words)
    )
    return _all_of(rows.select_related("customer").order_by("-rank", "-written_at", "-pk"), _note)


def _note(note: Any) -> Hit:
    return Hit("notes", note.text[:120], note.customer.name, note_url(note), note.rank)


def note_url(note: Note) -> str:
    """Return the page a note stands on."""
    return reverse("billing:note_write", args=[note.kind, note.subject_id], urlconf="config.urls_public")

"""What was issued, as files: never written again, served from then on; and what is no invoice yet."""

from __future__ import annotations

from hashlib import sha256

from django.db import models
from django.db.models import F, Q

from billing.catalogue.models.lines import Line, Totals
from billing.invoicing.models.invoice import Invoice
from isolation.models import SharedModel


class IssuedFile(SharedModel):
    """A file of an issued document, byte by byte.

    It lies beside its row so that both are kept and restored as one.
    """

    class Kind(models.TextChoices):
        """The electronic invoice, or the page people read (which holds it, Factur-X)."""

        CII = "cii", "CII"
        UBL = "ubl", "UBL"
        PDF = "pdf", "PDF"

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("invoice", "kind")
        constraints = (models.UniqueConstraint(fields=("invoice", "kind"), name="billing_issuedfile_once"),)

    def __str__(self) -> str:
        return f"{self.invoice_id}.{self.kind}"

    @property
    def is_intact(self) -> bool:
        """Return whether the bytes still have the hash they were issued with."""
        return sha256(bytes(self.content)).hexdigest() == self.sha256


class ProForma(Totals, SharedModel):
    """What an invoice would say, for a buyer who must see one before they commit money.

    It claims no payment of VAT.
    """

    number = models.CharField(max_length=35, unique=True)
    version = models.ForeignKey("billing.QuoteVersion", on_delete=models.PROTECT, related_name="pro_formas")
    customer = models.ForeignKey("tenants.Customer", on_delete=models.PROTECT, related_name="pro_formas")
    method = models.CharField(max_length=10)
    language = models.CharField(max_length=5, default="fr")
    issued_on = models.DateField()
    valid_until = models.DateField()
    seller = models.JSONField()
    buyer = models.JSONField()
    vat_rows = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-issued_on", "-number")
        constraints = (
            models.CheckConstraint(
                condition=Q(gross_cents=F("net_cents") + F("vat_cents")), name="billing_proforma_totals"
            ),
        )

    def __str__(self) -> str:
        return self.number


class ProFormaLine(Line):
    """One line of a pro forma."""

    pro_forma = models.ForeignKey(ProForma, on_delete=models.PROTECT, related_name="lines")

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("pro_forma", "position"), name="billing_proformaline_once"),
        )

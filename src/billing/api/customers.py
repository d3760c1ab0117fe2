"""What a program needs to write a quote: customers and who signs for them, products and their prices."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Prefetch, QuerySet
from django.forms import BaseForm
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from billing.api import filters
from billing.api.fields import Money, Strict
from billing.api.idempotent import idempotent
from billing.catalogue.models import Price, Product
from billing.catalogue.policy.prices import EURO
from billing.catalogue.queries.catalogue import list_in_force
from billing.customers.forms.customers import ContactForm, CustomerForm
from billing.customers.forms.saving import save_contact_form, save_customer_form
from billing.customers.models import Contact
from people.api.requests import ApiRequest
from tenants.models import Customer

KNOWN = Prefetch("contacts", queryset=Contact.objects.known())  # not those who were erased


class CustomerIn(Strict):
    """A customer, as its page in the console asks for it; `siren` takes a SIREN or a SIRET."""

    name = serializers.CharField(max_length=200)
    customer_type = serializers.ChoiceField(Customer.CustomerType.choices)
    siren = serializers.CharField(max_length=20, allow_blank=True, default="")
    vat_number = serializers.CharField(max_length=20, allow_blank=True, default="")
    service_code = serializers.CharField(max_length=50, allow_blank=True, default="")
    signatory = serializers.CharField(max_length=200, allow_blank=True, default="")
    job_title = serializers.CharField(max_length=120, allow_blank=True, default="")
    email = serializers.EmailField()
    street = serializers.CharField(max_length=200, allow_blank=True, default="")
    postcode = serializers.CharField(max_length=20, allow_blank=True, default="")
    city = serializers.CharField(max_length=100, allow_blank=True, default="")
    country = serializers.RegexField(r"^[A-Z]{2}$", default="FR")
    subdivision = serializers.CharField(max_length=10, allow_blank=True, default="")
    language = serializers.ChoiceField(settings.LANGUAGES, default="fr")


class ContactIn(Strict):
    """Who signs for a customer."""

    first_name = serializers.CharField(max_length=100, allow_blank=True, default="")
    last_name = serializers.CharField(max_length=100, allow_blank=True, default="")
    email = serializers.EmailField()
    job_title = serializers.CharField(max_length=120, allow_blank=True, default="")
    language = serializers.ChoiceField(settings.LANGUAGES, default="fr")


class ContactOut(serializers.ModelSerializer[Contact]):
    """Who signs for a customer."""

    class Meta:
        model = Contact
        fields = ("id", "first_name", "last_name", "email", "job_title", "language")


class CustomerDetails(serializers.ModelSerializer[Customer]):
    """A customer, and who signs for it."""

    contacts = ContactOut(many=True)

    class Meta:
        model = Customer
        fields = (
            "id",
            "name",
            "customer_type",
            "siren",
            "siret",
            "vat_number",
            "service_code",
            "signatory",
            "email",
            "street",
            "postcode",
            "city",
            "country",
            "subdivision",
            "language",
            "contacts",
        )


class PriceOut(serializers.Serializer[Any]):
    """What one costs from a quantity on, for a term (0: the product's own); `unit_gross` is a consumer's."""

    term_months = serializers.IntegerField()
    from_quantity = serializers.IntegerField()
    unit_net = Money("net_cents")
    unit_gross = Money("gross_cents", allow_null=True)


class ProductOut(serializers.ModelSerializer[Product]):
    """A product on sale, and its prices on the list in force."""

    prices = PriceOut(many=True, source="listed")

    class Meta:
        model = Product
        fields = (
            "id",
            "key",
            "name_fr",
            "name_en",
            "kind",
            "term_months",
            "methods",
            "minimum_quantity",
            "prices",
        )


def _said(form: BaseForm) -> dict[str, list[str]]:
    """Return what a form found wrong, by field."""
    names: dict[str, str] = {NON_FIELD_ERRORS: "non_field_errors"}
    return {names.get(name, name): [str(each) for each in wrong] for name, wrong in form.errors.items()}


class _Customers(generics.GenericAPIView[Customer]):
    permission = "quotes.write"  # who may sign and is invoiced: money's word
    serializer_class = CustomerDetails
    lookup_url_kwarg = "customer_id"

    def get_queryset(self) -> QuerySet[Customer]:
        """Return the customers with their contacts."""
        return Customer.objects.prefetch_related(KNOWN).order_by("name", "id")

    def kept(self, request: ApiRequest, customer: Customer | None) -> Customer:
        """Return the customer that was sent, kept: the console's own form judges it."""
        asked = CustomerIn(data=request.data)
        asked.is_valid(raise_exception=True)
        form = CustomerForm(asked.validated_data, instance=customer)
        if not form.is_valid():
            raise ValidationError(_said(form))
        return save_customer_form(form, by=request.user, now=request.now)

    def shown(self, customer: Customer, status: int = 200) -> Response:
        """Return a customer as it is now."""
        return Response(CustomerDetails(self.get_queryset().get(pk=customer.pk)).data, status=status)


class Customers(_Customers, generics.ListAPIView[Customer]):
    """Customers, with who signs for each."""

    filterset_class = filters.CustomerFilter

    @extend_schema(summary="Write a customer down", request=CustomerIn, responses={201: CustomerDetails})
    @idempotent
    def post(self, request: ApiRequest) -> Response:
        """Keep a new customer."""
        return self.shown(self.kept(request, None), 201)


class OneCustomer(_Customers, generics.RetrieveAPIView[Customer]):
    """One customer."""

    @extend_schema(summary="Write a customer again, whole", request=CustomerIn, responses=CustomerDetails)
    def put(self, request: ApiRequest, customer_id: UUID) -> Response:
        """Replace what is known of it; documents issued before keep what they say."""
        return self.shown(self.kept(request, get_object_or_404(Customer, pk=customer_id)))


class Contacts(_Customers):
    """Who signs for a customer."""

    filter_backends = ()

    @extend_schema(summary="Add a contact", request=ContactIn, responses={201: ContactOut})
    @idempotent
    def post(self, request: ApiRequest, customer_id: UUID) -> Response:
        """Keep who signs for a customer."""
        customer = get_object_or_404(Customer, pk=customer_id)
        asked = ContactIn(data=request.data)
        asked.is_valid(raise_exception=True)
        form = ContactForm(asked.validated_data)
        contact = save_contact_form(form, customer=customer, by=request.user, now=request.now)
        if contact is None:
            raise ValidationError(_said(form))
        return Response(ContactOut(contact).data, status=201)


class Products(generics.ListAPIView[Product]):
    """What is sold today, with the prices of the list in force in a currency."""

    permission = "quotes.write"
    serializer_class = ProductOut
    queryset = Product.objects.none()
    filterset_class = filters.ProductFilter

    def get_queryset(self) -> QuerySet[Product]:
        """Return the products on sale with their prices."""
        request: ApiRequest = self.request  # type: ignore[assignment]
        asked = request.query_params.get("currency", EURO)
        found = list_in_force(request.today, currency=asked)
        prices = Price.objects.filter(price_list=found).select_related("price_list")
        return Product.objects.on_sale(request.today).prefetch_related(
            Prefetch("prices", queryset=prices.order_by("term_months", "from_quantity"), to_attr="listed")
        )

"""The description of the API (OpenAPI), for programs and as a page."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator

from billing.api.urls import patterns
from people.api.problems import TYPE

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {name: {"type": "string"} for name in ("detail", "pointer", "parameter")},
            },
        },
    },
}

KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "description": "Sent again with the same key within 24 hours, the request gets the same answer.",
}

WORDS = {
    "customers/ get": _("Customers, with who signs for each."),
    "customers/ post": _("Write a customer down."),
    "customers/{customer_id}/ get": _("One customer."),
    "customers/{customer_id}/ put": _("Write a customer again, whole."),
    "customers/{customer_id}/contacts/ post": _("Add who signs for a customer."),
    "products/ get": _("What is sold today, with its prices."),
    "quotes/ get": _("Quotes, each by its version in hand."),
    "quotes/ post": _("Write a quote, as a draft."),
    "quotes/{version_id}/ get": _("One quote."),
    "quotes/{version_id}/ put": _("Write a draft again, whole."),
    "quotes/{version_id}/send/ post": _("Send a draft to the buyer."),
    "orders/ get": _("All orders."),
    "orders/{order_id}/ get": _("One order."),
    "invoices/ get": _("Invoices and credit notes, with what was paid of them."),
    "invoices/{invoice_id}/ get": _("One invoice or credit note."),
    "invoices/{invoice_id}/pdf/ get": _("Its PDF."),
    "invoices/{invoice_id}/xml/ get": _("Its electronic invoice."),
    "payments/ get": _("All payments."),
    "payments/ post": _("Receive a cheque or a transfer."),
    "payments/{payment_id}/ get": _("One payment."),
    "payments/{payment_id}/credit/ post": _("Say that the funds are there."),
}


class BearerScheme(OpenApiAuthenticationExtension):
    """How a token is shown."""

    target_class = "people.api.bearer.Bearer"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the scheme."""
        return {"type": "http", "scheme": "bearer"}


def describe(language: str) -> dict[str, Any]:
    """Return the description of the API in a language."""
    return deepcopy(_described(language))


@cache
def _described(language: str) -> dict[str, Any]:
    with translation.override(language):
        schema: dict[str, Any] = SchemaGenerator(patterns=patterns).get_schema(request=None, public=True)
    schema["info"] = {"title": "Préau", "version": "1"}
    shapes = schema["components"].setdefault("schemas", {})
    for name in shapes:
        if name.endswith(("In", "InRequest", "MoneyShape", "MoneyShapeRequest")):
            shapes[name] = _told(shapes[name])
    shapes["Problem"] = PROBLEM
    for methods in schema["paths"].values():
        for method, operation in methods.items():
            _complete(method, operation)
    return schema


def _told(shape: dict[str, Any]) -> dict[str, Any]:
    """Return the shape of what is sent: nothing else is known, and an address left out is no address."""
    for field in shape.get("properties", {}).values():
        for each in (field, *field.get("oneOf", ())):
            if each.get("format") == "email" and each.get("default") == "":
                del each["default"]
    return shape | {"additionalProperties": False}


def _complete(method: str, operation: dict[str, Any]) -> None:
    """Add to an operation what all of them share: problems, and keys on POST."""
    content = {TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    operation["responses"]["4XX"] = {"description": "A problem (RFC 9457).", "content": content}
    if method == "post":
        operation.setdefault("parameters", []).append(dict(KEY))


class Schema(View):
    """The description for programs."""

    permission = "anyone"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the OpenAPI document as JSON."""
        return JsonResponse(
            describe(translation.get_language() or "fr"), json_dumps_params={"ensure_ascii": False}
        )


class SchemaPage(View):
    """The description for people."""

    permission = "anyone"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page."""
        schema = describe(translation.get_language() or "fr")
        return render(request, "billing/api/api.html", {"groups": groups(schema)})


def groups(schema: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the operations under the thing they are about, each with its parameters and fields."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        thing = path.split("/")[3]
        found.setdefault(thing, []).extend(
            _shown(path, method, each, schema) for method, each in methods.items()
        )
    return list(found.items())


def _shown(path: str, method: str, operation: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return {
        "method": method.upper(),
        "path": path,
        "id": operation["operationId"],
        "words": WORDS.get(path.removeprefix("/api/v1/") + " " + method, ""),
        "parameters": operation.get("parameters", []),
        "fields": _fields(body, schema),
    }


def _fields(body: dict[str, Any], schema: dict[str, Any], before: str = "") -> list[dict[str, Any]]:
    """Return the fields of a body, those of inner objects under their own name."""
    shape = _shape(body, schema)
    rows = []
    for name, each in shape.get("properties", {}).items():
        inner = each.get("items", each)
        mark = f"{before}{name}{'[]' if 'items' in each else ''}"
        kind = each.get("type") or _shape(inner, schema).get("type", "")
        needed = name in shape.get("required", ())
        rows.append({"name": mark, "kind": kind, "needed": needed, "words": each.get("description", "")})
        rows += _fields(inner, schema, f"{mark}.")
    return rows


def _shape(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """Return what a reference stands for."""
    for inner in (node, *node.get("allOf", ()), *node.get("oneOf", ())):
        if "$ref" in inner:
            return dict(schema["components"]["schemas"][inner["$ref"].rsplit("/", 1)[1]])
    return node

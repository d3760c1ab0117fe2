"""Let Django's generic views and forms say what they hold, `ListView[Invoice]`, as their types do."""

from typing import Any

from django.forms.formsets import BaseFormSet
from django.forms.models import BaseModelForm, ModelChoiceField
from django.views.generic.edit import FormMixin
from django.views.generic.list import MultipleObjectMixin


def allow_type_arguments() -> None:
    """Make `X[...]` mean X where Django doesn't say so itself, as it does of a QuerySet."""
    for cls in (BaseFormSet, BaseModelForm, FormMixin, ModelChoiceField, MultipleObjectMixin):
        setattr(cls, "__class_getitem__", classmethod(_itself))  # noqa: B010  the stubs don't know it


def _itself(cls: type[Any], _argument: object) -> type[Any]:
    return cls

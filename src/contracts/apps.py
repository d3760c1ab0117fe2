"""What was promised: clauses, profiles, terms, calendars, and the categories of personal data."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from isolation.registry import share


class ContractsConfig(AppConfig):
    """The app of the promises."""

    name = "contracts"
    verbose_name = _("Contracts")

    def ready(self) -> None:
        """Let tenants read the published terms, and each place speak its own words."""
        from contracts.context import translate_in_words

        translate_in_words()
        share("contracts.TermsVersion", "select", tenant_column=None)

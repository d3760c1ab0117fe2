"""Exports: what people take away with them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExportsConfig(AppConfig):
    """PDF, ZIP and CSV: built in the background, kept a while, gone."""

    name = "exports"

    def ready(self) -> None:
        """Say what the agenda may ask, which data is personal, and where the page stands."""
        from audit.registry import register_action_labels, register_value_labels
        from contracts.outgoing import declare_outgoing
        from exports import checks, keepers, personal_data  # noqa: F401
        from exports.gateways.bucket import storage_hosts
        from people.registry import account_menu_item

        account_menu_item(
            area="tenant",
            label=_("Exports"),
            url="exports:list",
            permission="exports.ask",
            icon="download",
            order=10,
        )
        register_value_labels(
            {
                "reason": {
                    "expired": _("its time was over"),
                    "thrown away": _("thrown away by who asked"),
                    "closed": _("who asked may no longer read it"),
                    "frozen": _("the data of somebody in it is frozen"),
                    "leaving": _("somebody in it is being deleted"),
                }
            }
        )
        register_action_labels(
            {
                "export.asked": _("Export asked for"),
                "export.ready": _("Export ready"),
                "export.fetched": _("Export downloaded"),
                "export.ended": _("Export thrown away"),
            }
        )
        declare_outgoing(
            "storage",
            label=_("Storage of files"),
            modules={"config.storage"},
            libraries={"storages", "boto3", "botocore"},
            hosts=storage_hosts,
        )

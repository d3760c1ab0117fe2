"""People: who may do what."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Users, roles and rights, invitations, sign-in, sessions, acceptance of terms."""

    name = "people"

    def ready(self) -> None:
        """Say what happens when a tenant opens, what the agenda may ask and which data is personal."""
        from audit import registry as audit
        from people import checks, keepers, personal_data, signals  # noqa: F401
        from people.actions.seed_roles import seed_tenant
        from people.models import Person, Role
        from people.models.verbs import VERBS
        from people.models.words import GROUP_NAMES, RIGHT_NAMES
        from people.queries import names_by_id
        from tenants.registry import on_opening

        checks.refuse_what_hosts_cannot_share()
        on_opening(seed_tenant)
        audit.register_name_lookup(names_by_id)
        audit.register_action_labels(dict(VERBS))
        audit.register_value_labels(
            {
                "kind": dict(Person.Kind.choices),
                "right": RIGHT_NAMES,
                "rights": RIGHT_NAMES,
                "reach": dict(Role.Scope.choices),
                "areas": GROUP_NAMES,
                "language": dict(settings.LANGUAGES),
            }
        )
        _places()


def _places() -> None:
    from people import registry
    from people.queries import access_panel

    registry.menu_item(
        area="tenant", label=_("Home"), url="people:home", permission="signed-in", icon="house", order=0
    )
    registry.menu_item(
        area="tenant", label=_("People"), url="people:list", permission="people.read", icon="users", order=60
    )
    registry.menu_item(
        area="console", label=_("Home"), url="people:home", permission="console.home", icon="house", order=0
    )
    registry.menu_item(
        area="console",
        label=_("Staff"),
        url="people:list",
        permission="console.people",
        icon="users",
        order=90,
    )
    registry.account_menu_item(
        area="tenant",
        label=_("Settings"),
        url="people:settings",
        permission="tenant.settings",
        icon="sliders-horizontal",
        order=55,
    )
    registry.panel(
        area="tenant",
        permission="invitations.write",
        template="people/panel_access.html",
        context=access_panel,
        order=80,
    )
    _evidence(registry)


def _evidence(registry: Any) -> None:
    """Place the pages of the apps below, which can't place themselves."""
    from people.queries.evidence import evidence_panel

    registry.panel(
        area="tenant",
        permission="audit.read",
        template="people/panel_evidence.html",
        context=evidence_panel,
        order=10,
    )
    tenant: list[tuple[Any, str, str, str]] = [
        (_("Promises"), "contracts:promises", "promises.read", "badge-check"),
        (_("Timeline"), "agenda:timeline", "agenda.read", "calendar-clock"),
        (_("Audit trail"), "audit:trail", "audit.read", "scroll-text"),
    ]
    for order, (label, url, permission, icon) in enumerate(tenant, start=60):
        registry.account_menu_item(
            area="tenant", label=label, url=url, permission=permission, icon=icon, order=order
        )
    console: list[tuple[Any, str, str, str, int]] = [
        (_("Tenants"), "tenants:list", "tenants.write", "school", 70),
        (_("Terms"), "tenants:terms", "tenants.write", "file-text", 75),
        (_("Agenda"), "agenda:console", "agenda.run", "calendar-clock", 80),
    ]
    for label, url, permission, icon, order in console:
        registry.menu_item(
            area="console", label=label, url=url, permission=permission, icon=icon, order=order
        )
    links: list[tuple[Any, str, str, str]] = [
        (_("Promises"), "contracts:console", "promises.read", "badge-check"),
        (_("Audit trail"), "audit:console_trail", "console.audit", "scroll-text"),
    ]
    for order, (label, url, permission, icon) in enumerate(links, start=60):
        registry.account_menu_item(
            area="console", label=label, url=url, permission=permission, icon=icon, order=order
        )

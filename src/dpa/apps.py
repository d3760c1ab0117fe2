"""DPA: the controller's privacy centre."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DpaConfig(AppConfig):
    """Erasure, retention, requests and what is held about whom."""

    name = "dpa"

    def ready(self) -> None:
        """Register what the apps below ask for: builders, the ledger, the annex, keepers, places."""
        from audit.registry import erasure_ledger
        from classrooms.registry import annex_source, leaving_source
        from contracts.outgoing import refusal_source
        from contracts.registry import erasure_recorder
        from dpa import keepers, personal_data  # noqa: F401
        from dpa.actions.back_up import promise_backups
        from dpa.actions.erase_tenant import record_tenant_erasure
        from dpa.actions.object_to_change import forget_objections
        from dpa.actions.open_round import open_round
        from dpa.actions.record_drill import promise_drill
        from dpa.actions.record_house_erasure import record_house_erasure
        from dpa.actions.send_heads import owe_heads
        from dpa.gateways.ledger import erased_ids
        from dpa.queries.after_end import days_chosen
        from dpa.queries.doors import refuses
        from dpa.queries.pages import additions
        from dpa.queries.subjects import being_deleted
        from isolation.registry import share
        from tenants.registry import choice_source, on_erasing, on_migrated, on_opening

        share("dpa.ErasureEvidence", "select, insert", tenant_column="tenant_id")
        share("dpa.AnnexVersion", "select, insert", tenant_column="tenant_id")
        share("dpa.Instruction", "select, insert", tenant_column="tenant_id")
        share("dpa.BreachNotice", "select", tenant_column="tenant_id")
        share("dpa.BreachDelivery", "select", tenant_column="tenant_id")
        erasure_ledger(erased_ids)
        erasure_recorder(record_house_erasure)
        annex_source(additions)
        leaving_source(being_deleted)
        on_opening(open_round)
        on_opening(owe_heads)
        on_migrated(promise_backups)
        on_migrated(promise_drill)
        on_erasing(record_tenant_erasure)
        on_erasing(forget_objections)
        refusal_source(refuses)
        _processors()
        choice_source(days_chosen)
        _sections()
        _menus()
        _breach_menus()
        _builders()
        _other_builders()
        _words()


def _processors() -> None:
    """Let tenants read the list, and what they were told and said."""
    from audit.registry import register_action_labels
    from isolation.registry import share

    share("dpa.ProcessorVersion", "select", tenant_column=None)
    share("dpa.ProcessorChange", "select", tenant_column=None)
    share("dpa.ProcessorTenant", "select", tenant_column="tenant_id")
    share("dpa.GarTenant", "select", tenant_column="tenant_id")
    share("dpa.ChangeNotice", "select", tenant_column="tenant_id")
    share("dpa.ChangeObjection", "select, insert, update", tenant_column="tenant_id")
    register_action_labels(
        {
            "processor.announced": _("Change of a sub-processor announced"),
            "processor.started": _("Change of a sub-processor started"),
            "processor.withdrawn": _("Change of a sub-processor withdrawn"),
            "processor.ended": _("Sub-processor used no more"),
            "processor.notice_returned": _("Notice of a change came back"),
            "processor.objected": _("Objection to a change of a sub-processor"),
            "processor.settled": _("Objection settled"),
            "tenant.gar_set": _("Use of GAR recorded"),
        }
    )


def _sections() -> None:
    """Add to the pages of a pupil and of a class what leads to their exports."""
    from classrooms.registry import section
    from dpa.queries import sections

    section(
        "student",
        permission="record.read",
        template="dpa/student_section.html",
        context=sections.on_paper,
        order=80,
    )
    section(
        "class",
        permission="exports.ask",
        template="dpa/class_section.html",
        context=sections.class_export,
        order=80,
    )


def _menus() -> None:
    """Place the privacy centre, one's own data, and what waits for the controller."""
    from dpa.queries import sections
    from dpa.queries.after_end import end_panel
    from people.registry import account_menu_item, menu_item, panel

    menu_item(
        area="tenant",
        label=_("Data"),
        url="dpa:home",
        permission="privacy.read",
        icon="shield",
        order=80,
        count=sections.waiting,
    )
    panel(
        area="tenant",
        permission="erasures.write",
        template="dpa/requests_panel.html",
        context=sections.requests_waiting,
        order=29,
    )
    account_menu_item(
        area="tenant",
        label=_("My data"),
        url="dpa:my_data",
        permission="signed-in",
        icon="shield",
        order=40,
    )
    panel(
        area="tenant",
        permission="erasures.write",
        template="dpa/home_panel.html",
        context=sections.to_do,
        order=30,
    )
    panel(
        area="tenant",
        permission="erasures.write",
        template="dpa/end_panel.html",
        context=end_panel,
        order=5,
    )


def _breach_menus() -> None:
    """Place the operator's privacy desk, and what a breach leaves to decide on a tenant's home."""
    from dpa.queries import sections
    from people.registry import home_page, menu_item, panel

    home_page(area="console", permission="console.privacy", url="dpa:privacy_desk")
    menu_item(
        area="console",
        label=_("Privacy"),
        url="dpa:privacy_desk",
        permission="console.privacy",
        icon="shield",
        order=76,
        count=sections.desk_waiting,
        also=(
            "dpa:breach_register",
            "dpa:processor_desk",
            "dpa:processing_desk",
            "dpa:request_desk",
            "dpa:instruction_desk",
            "dpa:backups",
        ),
    )
    panel(
        area="tenant",
        permission="privacy.read",
        template="dpa/breach_panel.html",
        context=sections.breaches_to_decide,
        order=4,
    )


def _builders() -> None:
    from dpa.actions import build_record as record
    from exports.registry import builder

    shared: dict[str, Any] = {
        "about": record.about,
        "steps": record.plan,
        "part": record.part,
        "title": record.title,
    }
    builder(
        "children",
        label=_("My children"),
        help=_("What is shared with you."),
        choices=record.children_choices,
        still_open=record.still_shared,
        **shared,
    )
    theirs = {**shared, "still_open": record.still_theirs}
    builder(
        "class", label=_("A class"), help=_("Its pupils’ records."), choices=record.class_choices, **theirs
    )
    builder(
        "school",
        label=_("The whole school"),
        help=_("Everything that is kept."),
        choices=record.school_choices,
        **theirs,
    )
    builder("student", label=_("A pupil"), help=_("One record."), choices=record.student_choices, **theirs)


def _other_builders() -> None:
    """Offer what is not about pupils: somebody with an account, the audit trail."""
    from dpa.actions import build_person, build_trail
    from exports.registry import builder

    builder(
        "person",
        label=_("Somebody with an account"),
        help=_("All that is held about them, read by people and by programs."),
        choices=build_person.choices,
        about=build_person.about,
        steps=build_person.steps,
        part=build_person.part,
        title=build_person.title,
    )
    builder(
        "trail",
        label=_("The audit trail"),
        help=_("With the signed heads, and what verifies it without us."),
        choices=build_trail.choices,
        about=build_trail.about,
        steps=build_trail.steps,
        part=build_trail.part,
        title=build_trail.title,
    )


def _words() -> None:
    from audit.registry import register_action_labels, register_value_labels
    from dpa.labels import ACTIONS
    from dpa.models import ChangeObjection, DataRequest, Erasure, Hold, ProcessorChange, ReceivedRequest
    from dpa.models.requests import RIGHTS

    kinds = {
        "children": _("My children"),
        "class": _("A class"),
        "school": _("The whole school"),
        "trail": _("The audit trail"),
        "person": _("Somebody with an account"),
        **dict(Erasure.Kind.choices),
    }
    register_value_labels(
        {
            "kind": kinds,
            "kinds": dict(ProcessorChange.Kind.choices),
            "origin": {**dict(ChangeObjection.Origin.choices), **dict(DataRequest.Origin.choices)},
            "ground": dict(Hold.Ground.choices),
            "channel": dict(ReceivedRequest.Channel.choices),
            "right": RIGHTS,
            "settlement": dict(ChangeObjection.Settlement.choices),
            "state": {**dict(DataRequest.State.choices), **dict(Erasure.State.choices)},
            "word": dict(Erasure.Origin.choices),
        }
    )
    register_action_labels(ACTIONS)

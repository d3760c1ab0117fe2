"""Two customers buy, their tenants open, their people come in, the pupils are imported."""

from datetime import datetime, timedelta
from typing import Any

from billing.catalogue.actions.price_lines import LineDraft
from billing.models import Contact, Payment, Price
from billing.payments.actions.clear_payment import clear_payment
from billing.payments.actions.receive_cheque import receive_cheque
from billing.payments.actions.record_transfer import record_transfer
from classrooms.actions.confirm_import import confirm_import
from classrooms.actions.inform_guardians import inform_guardians
from classrooms.actions.prepare_import import Upload, prepare_import
from classrooms.actions.save_class import save_class
from classrooms.models import SchoolClass
from classrooms.policy.guardian_information import SUBJECTS
from demo.factories.billing import invoice_of, order_signed
from demo.factories.people import PASSWORD
from demo.onde import GUARDIANS, PUPILS, onde_file
from demo.onde.nursery import nursery_files
from demo.world.cast import ASSOCIATION, COMMUNE, COQUELICOTS, HEADS, SCHOOLS, TEAMS, TILLEULS, Member
from demo.world.days import Days
from demo.world.house import settle_in
from isolation.context import inside
from people.actions.accept_invitation import accept_invitation
from people.models import Invitation, Person
from people.queries import terms_in_force_here
from tenants.models import Customer, Tenant


def sell_to_the_commune(days: Days) -> None:
    """Let the commune sign for its school, 8 teachers and 210 pupils with the nursery's record, and post a
    cheque.
    """
    contact = _customer(
        days.at(112),
        name=COMMUNE,
        customer_type="public_body",
        email="mairie@villeneuve-les-tilleuls.example",
        signatory="Odile Perrinet",
        street="1 place de la Mairie",
        city="Villeneuve-les-Tilleuls",
        siren="213599905",
        siret="21359990500014",
        first_name="Odile",
        last_name="Perrinet",
        job_title="directrice",
        contact_email=HEADS[0].email,
    )
    order = order_signed(
        contact,
        now=days.at(110),
        method="cheque",
        site_name=SCHOOLS[TILLEULS],
        site_slug=TILLEULS,
        valid_until=days.today,
        lines=[_line("preau-ecole", 218), _line("preau-creche", 22)],
    )
    invoice = invoice_of(order)
    receive_cheque(
        invoice=invoice,
        amount_cents=invoice.gross_cents,
        received_on=days.ago(104),
        reference="CHQ 0004417",
        by=None,
        now=days.at(104),
    )


def sell_to_the_association(days: Days) -> None:
    """Let the association sign for its nursery and send a transfer's proof; the funds come later."""
    contact = _customer(
        days.at(106),
        name=ASSOCIATION,
        customer_type="professional",
        email="contact@vaubrun.example",
        signatory="Béatrice Vaubrun",
        street="17 quai des Mégissiers",
        city="Vaubrun-sur-Orne",
        siren="908000029",
        first_name="Béatrice",
        last_name="Vaubrun",
        job_title="présidente",
        contact_email=HEADS[1].email,
    )
    order = order_signed(
        contact,
        now=days.at(104),
        method="transfer",
        site_name=SCHOOLS[COQUELICOTS],
        site_slug=COQUELICOTS,
        valid_until=days.today,
        renewal="automatic",
        lines=[_line("preau-creche", 40)],
    )
    invoice = invoice_of(order)
    record_transfer(
        invoice=invoice,
        amount_cents=invoice.gross_cents,
        received_on=days.ago(100),
        reference="VIR VAUBRUN 2231",
        proof_document="ordre de virement 2231",
        by=None,
        now=days.at(100),
        today=days.ago(100),
    )


def credit_what_was_paid(days: Days) -> None:
    """Let the bank credit both; the tenants open by themselves."""
    for payment in Payment.objects.in_hand():
        clear_payment(
            payment_id=payment.id, credited_on=days.ago(97), by=None, now=days.at(96), today=days.ago(96)
        )


def let_the_heads_in(days: Days) -> None:
    """Both heads accept their invitation and the terms."""
    for head in HEADS:
        with inside(tenant_of(head.where)):
            _accept(head, days.at(95))


def let_the_teams_in(days: Days) -> None:
    """Teachers and the others get their accounts."""
    for member in TEAMS:
        with inside(tenant_of(member.where)):
            settle_in(member, days, days_ago=90)


def import_the_pupils(days: Days) -> None:
    """Both heads import their pupils and guardians; the agenda applies it."""
    at = days.at(days.term_started)
    today = days.ago(days.term_started)
    school = Upload(
        onde_file(PUPILS, today=days.today), onde_file(GUARDIANS, today=days.today), PUPILS, GUARDIANS
    )
    nursery = Upload(*nursery_files(days.today), "enfants.csv", "parents.csv")
    for head, upload in zip(HEADS, (school, nursery), strict=True):
        tenant = tenant_of(head.where)
        with inside(tenant):
            by = person(head)
            batch = prepare_import(upload, tenant=tenant, by=by, now=at, today=today)
            confirm_import(batch_id=batch.pk, tenant=tenant, by=by, now=at, today=today)


def form_the_classes(days: Days) -> None:
    """Each class gets its teacher, and it is put on record that its families were informed."""
    ago = days.term_started - 1
    at = days.at(ago)
    today = days.ago(ago)
    for member in TEAMS:
        if not member.class_name:
            continue
        with inside(tenant_of(member.where)):
            head = person(next(each for each in HEADS if each.where == member.where))
            school_class = SchoolClass.objects.get(name=member.class_name)
            save_class(
                name=school_class.name,
                level=school_class.level,
                teacher_ids=[person(member).pk],
                by=head,
                now=at,
                today=today,
                school_class=school_class,
            )
            inform_guardians(
                informed_on=today,
                how="meeting",
                covers=SUBJECTS,
                by=head,
                now=at,
                today=today,
                school_class=school_class,
            )


def tenant_of(slug: str | None) -> Tenant:
    """Return a tenant of the world; as the operator."""
    return Tenant.objects.get(slug=slug)


def person(member: Member) -> Person:
    """Return the account of a member of the cast; inside their place."""
    return Person.objects.get(email=member.email)


def _customer(now: datetime, **values: Any) -> Contact:
    who = {name: values.pop(name) for name in ("first_name", "last_name", "job_title")}
    email = values.pop("contact_email")
    customer = Customer.objects.create(created_at=now, postcode="35000", **values)
    return Contact.objects.create(customer=customer, email=email, created_at=now - timedelta(hours=1), **who)


def _line(product: str, quantity: int) -> LineDraft:
    price = Price.objects.select_related("product").get(product__key=product)
    return LineDraft(price.product_id, price.product.name("fr"), quantity, price.net_cents)


def _accept(head: Member, at: datetime) -> None:
    invitation = Invitation.objects.unanswered().get(email=head.email)
    documents = [languages[0] for languages in terms_in_force_here(tenant_of(head.where), now=at)]
    made = accept_invitation(
        token=invitation.token,
        password=PASSWORD,
        now=at,
        first_name=head.first_name,
        last_name=head.last_name,
        required=documents,
        accepted=documents,
        ip="127.0.0.1",
    )
    made.username = head.username
    made.save(update_fields=["username"])

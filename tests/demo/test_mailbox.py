"""The demonstration's mailbox: one file a mail, read again on a page that exists on a demonstration only."""

import pytest
from django.core.mail import EmailMultiAlternatives
from django.urls import Resolver404, resolve

from demo.gateways.mailbox import EmailBackend, mail, mails


@pytest.fixture(autouse=True)
def box(settings, tmp_path):
    settings.MAILBOX_DIR = tmp_path
    settings.EMAIL_BACKEND = "demo.gateways.mailbox.EmailBackend"
    return tmp_path


def send(subject: str = "Bonjour", *, key: str = "<1@localhost>", to: str = "eve@brunel.example") -> None:
    message = EmailMultiAlternatives(
        subject, "Élan et Zoé\nhttp://localhost/x/", to=[to], headers={"Message-ID": key}
    )
    message.attach_alternative("<p>Élan <b>et</b> Zoé</p><script>1</script>", "text/html")
    message.attach("devis n°1.pdf", b"%PDF-1", "application/pdf")
    EmailBackend().send_messages([message])


def test_a_mail_can_be_read_again():
    send()
    (found,) = mails()
    assert (found.to, found.subject, found.attachments) == (
        "eve@brunel.example",
        "Bonjour",
        ["devis n°1.pdf"],
    )
    assert "Élan et Zoé" in found.text
    assert "<b>et</b>" in found.html
    assert mail(found.key).subject == "Bonjour"


def test_a_mail_handed_over_twice_is_one_mail():
    send("first")
    send("again")
    assert [each.subject for each in mails()] == ["again"]


def test_an_unknown_mail_is_none():
    assert mail("0" * 24) is None


@pytest.mark.urls("tests.demo.urls")
@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def visitor(self, browse, settings):
        settings.PUBLIC_SCHEMA_URLCONF = "tests.demo.urls"
        return browse(None)

    def test_the_list_is_searched_by_address_and_subject(self, visitor):
        send("Votre devis")
        send("Invitation", key="<2@localhost>", to="odile@tilleuls.example")
        page = visitor.get("/mailbox/?q=TILLEULS").content.decode()
        assert "Invitation" in page
        assert "Votre devis" not in page

    def test_an_empty_box_says_how_to_fill_it(self, visitor):
        assert visitor.get("/mailbox/").status_code == 200

    def test_its_words_and_attachment_are_shown(self, visitor):
        send()
        key = mails()[0].key
        assert 'href="http://localhost/x/"' in visitor.get(f"/mailbox/{key}/").content.decode()
        attachment = visitor.get(f"/mailbox/{key}/0/")
        assert attachment.content == b"%PDF-1"
        assert attachment.headers["Content-Disposition"] == 'attachment; filename="devis-n-1.pdf"'
        assert visitor.get(f"/mailbox/{key}/1/").status_code == 404

    def test_its_html_is_shut_off_from_the_site(self, visitor):
        send()
        answer = visitor.get(f"/mailbox/{mails()[0].key}/html/")
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("sandbox")
        assert "script" not in policy

    @pytest.mark.parametrize("key", ["nothing", "..", "a" * 24])
    def test_what_is_not_there_is_not_found(self, visitor, key):
        assert visitor.get(f"/mailbox/{key}/").status_code == 404

    def test_who_can_sign_in_is_listed(self, visitor, settings, tmp_path):
        from demo.gateways.notes import Account, Place, write_notes

        settings.STATE = tmp_path
        person = Account(
            "Préau", "http://localhost/", "Finances", "Félix", "felix", "le lac", "JBSWY3DPEHPK3PXP"
        )
        write_notes([Place("http://localhost/", "Préau")], [person])
        page = visitor.get("/demo/").content.decode()
        assert "felix" in page
        assert person.code in page


def test_on_a_real_installation_there_is_no_mailbox(settings):
    with pytest.raises(Resolver404):
        resolve("/mailbox/", urlconf=settings.PUBLIC_SCHEMA_URLCONF)

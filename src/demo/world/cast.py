"""Who is who in the invented world; every account opens with one passphrase."""

from dataclasses import dataclass

COMMUNE = "Commune de Villeneuve-les-Tilleuls"
ASSOCIATION = "Association Vaubrun"
TILLEULS = "tilleuls"
COQUELICOTS = "coquelicots"
SCHOOLS = {TILLEULS: "École des Tilleuls", COQUELICOTS: "Crèche des Coquelicots"}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with an account: where (None is the operator's house), as what, and called what."""

    where: str | None
    role: str
    first_name: str
    last_name: str
    username: str
    class_name: str = ""

    @property
    def email(self) -> str:
        """Return the address."""
        domain = f"{self.where}.example" if self.where else "preau.example"
        return f"{self.username}@{domain}"


HOUSE = (
    Member(None, "operator_administrator", "Maud", "Kerhoas", "maud"),
    Member(None, "finance", "Félix", "Tannoy", "felix"),
    Member(None, "support", "Salomé", "Brizard", "salome"),
    Member(None, "dpo", "Hugues", "Lanvollon", "hugues"),
)
HEADS = (
    Member(TILLEULS, "administrator", "Odile", "Perrinet", "odile"),
    Member(COQUELICOTS, "administrator", "Béatrice", "Vaubrun", "beatrice"),
)
TEAMS = (
    Member(TILLEULS, "teacher", "Solène", "Ardouin", "solene", "PS Coccinelles"),
    Member(TILLEULS, "teacher", "Mathis", "Rocheteau", "mathis", "MS Hérissons"),
    Member(TILLEULS, "teacher", "Naïma", "Belhadjar", "naima", "GS Écureuils"),
    Member(TILLEULS, "teacher", "Paul-Henri", "Desgrées", "paul-henri", "CP Tilleul"),
    Member(TILLEULS, "teacher", "Claire", "Aubry", "claire", "CE1 Érable"),
    Member(TILLEULS, "teacher", "Yann", "Le Quintrec", "yann", "CE2 Chêne"),
    Member(TILLEULS, "teacher", "Émilie", "Saint-Hilaire", "emilie", "CM1 Frêne"),
    Member(TILLEULS, "teacher", "Théodore", "N'Goma", "theodore", "CM2 Hêtre"),
    Member(TILLEULS, "finance_contact", "Lise", "Bonnemain", "lise"),
    Member(COQUELICOTS, "professional", "Inès", "Courtadon", "ines", "Grande section"),
    Member(COQUELICOTS, "professional", "Rémi", "Tanguy-Fabre", "remi", "Petite section"),
)
EVERYBODY = (*HOUSE, *HEADS, *TEAMS)

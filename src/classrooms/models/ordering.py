"""Names sorted and searched without accents."""

from django.db.models import CharField, F, Func


class NameKey(Func):
    """A name without accents or capitals: `élan` sorts beside `Elan`, before `zoé`."""

    function = "public.name_key"
    arity = 1
    output_field = CharField()


def by_name(prefix: str = "") -> tuple[NameKey | F, ...]:
    """Return the order of a list of pupils: last name, first name, then the key so that it never changes."""
    return (NameKey(f"{prefix}last_name"), NameKey(f"{prefix}first_name"), F(f"{prefix}id"))

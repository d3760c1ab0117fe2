"""Deleting rows of many tables in one statement, and finding texts: what Django would ask for one by one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import EmptyResultSet
from django.db import IntegrityError, connection, transaction
from django.db.models import SET_NULL, Model, QuerySet
from django.db.models.deletion import get_candidate_relations_to_delete
from django.db.models.sql import DeleteQuery
from psycopg import sql

from contracts.registry import Declaration

Rows = QuerySet[Any]
_NOBODY = UUID(int=0)
_CHECK = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"


@dataclass(frozen=True, slots=True)
class DeletedRows:
    """What was deleted of one table: how many rows and, where files hang on them, which and whose."""

    count: int
    files: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Statement:
    """The one statement that deletes from some tables, with stand-ins where the ids of people go."""

    text: str
    params: tuple[Any, ...]
    is_lasting: bool


_STATEMENTS: dict[tuple[tuple[str, ...], int], _Statement] = {}


def delete_together(found: Sequence[Declaration], ids: Collection[UUID]) -> list[DeletedRows]:
    """Return what went of each: the rows of several models about these people.

    All are found in one look before any goes, so that none is missed because another went first. Something
    that still points to them, and that nobody declared, goes or lets go as its key says: Django does it, row
    by row.
    """
    if not found or not ids:
        return [DeletedRows(0) for _one in found]
    guarded = {one.model: DeletedRows(one.deleted_by(one.about(ids))) for one in found if one.deleted_by}
    free = iter(_free_together([one for one in found if not one.deleted_by], ids))
    return [guarded.get(one.model) or next(free) for one in found]


def _free_together(found: Sequence[Declaration], ids: Collection[UUID]) -> list[DeletedRows]:
    try:
        with transaction.atomic():
            lets_go = any(_letting_go(one.model) for one in found)
            gone = _in_one_statement(found, sorted(ids), then="" if lets_go else _CHECK)
            if lets_go:
                _let_all_go(found, gone)
    except IntegrityError:
        return _one_by_one(found, ids)
    return gone


def _let_all_go(found: Sequence[Declaration], gone: Sequence[DeletedRows]) -> None:
    for one, went in zip(found, gone, strict=True):
        _let_go(one.model, went.keys)
    with connection.cursor() as cursor:
        cursor.execute(_CHECK)


def _in_one_statement(found: Sequence[Declaration], ids: Sequence[UUID], *, then: str) -> list[DeletedRows]:
    statement = _statement(found, ids)
    with connection.cursor() as cursor:
        cursor.execute(f"{statement.text}; {then}" if then else statement.text, statement.params)
        rows = {
            number: DeletedRows(count, _named(files), keys or [])
            for number, count, files, keys in cursor.fetchall()
        }
    return [rows.get(number, DeletedRows(0)) for number in range(len(found))]


def _statement(found: Sequence[Declaration], ids: Sequence[UUID]) -> _Statement:
    """Return the statement for these people: written once for so many ids, then only filled in.

    A declaration that looks something up to say where its rows are is asked each time.
    """
    key = (tuple(one.label for one in found), len(ids))
    stand_ins = [uuid5(_NOBODY, str(number)) for number in range(len(ids))]
    if key not in _STATEMENTS:
        _STATEMENTS[key] = _written(found, stand_ins)
    kept = _STATEMENTS[key]
    if not kept.is_lasting:
        return _written(found, ids)
    real = dict(zip(stand_ins, ids, strict=True))
    return _Statement(kept.text, tuple(_filled(param, real) for param in kept.params), is_lasting=True)


def _filled(param: Any, real: dict[UUID, UUID]) -> Any:
    if isinstance(param, list | tuple):
        return [_filled(one, real) for one in param]
    return real.get(param, param) if isinstance(param, UUID) else param


def _written(found: Sequence[Declaration], ids: Sequence[UUID]) -> _Statement:
    parts: list[sql.Composable] = []
    ends: list[sql.Composable] = []
    params: list[Any] = []
    asked: list[str] = []

    def noted(run: Any, text: Any, *rest: Any) -> Any:
        asked.append(text)
        return run(text, *rest)

    lasting = True
    with connection.execute_wrapper(noted):
        for number, one in enumerate(found):
            try:
                deletion, values = _as_erasure(one.about(ids))
            except EmptyResultSet:
                continue
            name = sql.Identifier(f"d{number}")
            kept = [sql.Identifier(file) for file in one.files[:1]]
            returned = sql.SQL(", ").join([sql.Identifier(_key(one.model)), *kept])
            parts.append(sql.SQL("{} AS ({} RETURNING {})").format(name, sql.SQL(deletion), returned))
            ends.append(_counted(number, name, one.model, kept))
            params += values
            lasting = lasting and _can_be_filled(values, set(ids))
    nothing = sql.SQL("SELECT 0, 0::bigint, NULL::text[], NULL::text[] WHERE false")
    whole = sql.SQL("WITH {} {}").format(sql.SQL(", ").join(parts), sql.SQL(" UNION ALL ").join(ends))
    text = (whole if parts else nothing).as_string(connection.connection)
    return _Statement(text, tuple(params), is_lasting=lasting and not asked)


def _can_be_filled(values: Sequence[Any], stand_ins: Collection[UUID]) -> bool:
    """Return whether every id stands among a part's values as itself.

    Nothing was made of it, in no other form.
    """
    flat = [one for value in values for one in (value if isinstance(value, list | tuple) else [value])]
    plain = all(one is None or isinstance(one, UUID | str | int | bool) for one in flat)
    hidden = any(str(one) in text for text in flat if isinstance(text, str) for one in stand_ins)
    return plain and not hidden and set(stand_ins) <= {one for one in flat if isinstance(one, UUID)}


def _counted(
    number: int, name: sql.Identifier, model: type[Model], kept: Sequence[sql.Identifier]
) -> sql.Composable:
    nothing = sql.SQL("NULL::text[]")
    files = sql.SQL("array_agg({}::text)").format(kept[0]) if kept else nothing
    wanted = kept or _letting_go(model)
    keys = sql.SQL("array_agg({}::text)").format(sql.Identifier(_key(model))) if wanted else nothing
    return sql.SQL("SELECT {}, count(*), {}, {} FROM {}").format(sql.Literal(number), files, keys, name)


def _key(model: type[Model]) -> str:
    return str(model._meta.pk.column)


def _named(files: Collection[str] | None) -> list[str]:
    return [file for file in files or () if file]


def _as_erasure(rows: Rows) -> tuple[Any, Sequence[Any]]:
    query = rows.order_by().query.chain(DeleteQuery)
    statement, parameters = query.get_compiler(connection=connection).as_sql()
    return statement, parameters


def _letting_go(model: type[Model]) -> list[Any]:
    relations: list[Any] = list(get_candidate_relations_to_delete(model._meta))
    return [one for one in relations if one.field.remote_field.on_delete is SET_NULL]


def _let_go(model: type[Model], keys: Collection[str]) -> None:
    """Empty the keys that point to rows that are gone and are allowed to stay without them."""
    if not keys:
        return
    for relation in _letting_go(model):
        name = relation.field.name
        relation.related_model._base_manager.filter(**{f"{name}__in": keys}).update(**{name: None})


def _one_by_one(found: Sequence[Declaration], ids: Collection[UUID]) -> list[DeletedRows]:
    pinned = [list(one.about(ids).order_by().values_list("pk", *one.files[:1])) for one in found]
    gone = []
    for one, rows in zip(found, pinned, strict=True):
        keys = [row[0] for row in rows]
        one.model._base_manager.filter(pk__in=keys).delete()
        gone.append(
            DeletedRows(
                len(keys), _named([row[1] for row in rows if len(row) > 1]), [str(key) for key in keys]
            )
        )
    return gone

"""Deleting rows of many tables in one statement, and finding texts: what Django would ask for one by one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import IntegrityError, connection, transaction
from django.db.models import SET_NULL, QuerySet
from django.db.models.deletion import get_candidate_relations_to_delete
from django.db.models.sql import DeleteQuery
from psycopg import sql

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Gone:
    """What was deleted of one table: how many rows and, where files hang on them, which and whose."""

    count: int
    files: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


def delete_together(wanted: Sequence[tuple[Rows, Sequence[str]]]) -> list[Gone]:
    """Return what went of each: rows of several tables, with the fields that name their files.

    All are found in one look before any goes, so that none is missed because another went first. Something that still
    points to them, and that nobody declared, goes or lets go as its key says: Django does it, row by row.
    """
    try:
        with transaction.atomic():
            gone = _in_one_statement(wanted)
            for (rows, _files), went in zip(wanted, gone, strict=True):
                _let_go(rows, went.keys)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError:
        return _one_by_one(wanted)
    return gone


def _in_one_statement(wanted: Sequence[tuple[Rows, Sequence[str]]]) -> list[Gone]:
    parts: list[sql.Composable] = []
    ends: list[sql.Composable] = []
    params: list[Any] = []
    for number, (rows, files) in enumerate(wanted):
        try:
            deletion, values = _as_deletion(rows)
        except EmptyResultSet:
            continue
        name, kept = sql.Identifier(f"d{number}"), [sql.Identifier(file) for file in files[:1]]
        returned = sql.SQL(", ").join([sql.Identifier(_key(rows)), *kept])
        parts.append(sql.SQL("{} AS ({} RETURNING {})").format(name, sql.SQL(deletion), returned))
        ends.append(_counted(number, name, rows, kept))
        params += values
    if not parts:
        return [Gone(0) for _one in wanted]
    whole = sql.SQL("WITH {} {}").format(sql.SQL(", ").join(parts), sql.SQL(" UNION ALL ").join(ends))
    with connection.cursor() as cursor:
        cursor.execute(whole, params)
        found = {number: Gone(count, _named(files), keys or []) for number, count, files, keys in cursor.fetchall()}
    return [found.get(number, Gone(0)) for number in range(len(wanted))]


def _counted(number: int, name: sql.Identifier, rows: Rows, kept: Sequence[sql.Identifier]) -> sql.Composable:
    nothing = sql.SQL("NULL::text[]")
    files = sql.SQL("array_agg({}::text)").format(kept[0]) if kept else nothing
    wanted = kept or _letting_go(rows)
    keys = sql.SQL("array_agg({}::text)").format(sql.Identifier(_key(rows))) if wanted else nothing
    return sql.SQL("SELECT {}, count(*), {}, {} FROM {}").format(sql.Literal(number), files, keys, name)


def _key(rows: Rows) -> str:
    return str(rows.model._meta.pk.column)


def _named(files: Collection[str] | None) -> list[str]:
    return [file for file in files or () if file]


def _as_deletion(rows: Rows) -> tuple[Any, Sequence[Any]]:
    query = rows.order_by().query.chain(DeleteQuery)
    return query.get_compiler(connection=connection).as_sql()


def _letting_go(rows: Rows) -> list[Any]:
    relations: list[Any] = list(get_candidate_relations_to_delete(rows.model._meta))
    return [one for one in relations if one.field.remote_field.on_delete is SET_NULL]


def _let_go(rows: Rows, keys: Collection[str]) -> None:
    """Empty the keys that point to rows that are gone and are allowed to stay without them."""
    if not keys:
        return
    for relation in _letting_go(rows):
        name = relation.field.name
        relation.related_model._base_manager.filter(**{f"{name}__in": keys}).update(**{name: None})


def _one_by_one(wanted: Sequence[tuple[Rows, Sequence[str]]]) -> list[Gone]:
    pinned = [(rows, list(rows.order_by().values_list("pk", *files[:1]))) for rows, files in wanted]
    gone = []
    for rows, found in pinned:
        keys = [row[0] for row in found]
        rows.model._base_manager.filter(pk__in=keys).delete()
        gone.append(Gone(len(keys), _named([row[1] for row in found if len(row) > 1]), [str(key) for key in keys]))
    return gone


def texts_that_say(
    patterns: Sequence[str], fields: Sequence[tuple[type[Any], str]]
) -> list[tuple[type[Any], str, Any]]:
    """Return the model, the field and the key of every text in which one of these patterns (of ILIKE) stands."""
    parts = [
        sql.SQL("SELECT {}, {} FROM {} WHERE {} ILIKE ANY(%s)").format(
            sql.Literal(number), sql.Identifier(model._meta.pk.column), sql.Identifier(model._meta.db_table),
            sql.Identifier(model._meta.get_field(field).column),
        )
        for number, (model, field) in enumerate(fields)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(" UNION ALL ").join(parts), [list(patterns)] * len(parts))
        return [(*fields[number], key) for number, key in cursor.fetchall()]

"""Statements about rate limits: counting a request, and whether any limit is set at all."""

from __future__ import annotations

from functools import cache

from sqlalchemy import BigInteger, Text, bindparam, cast, func, select

from dataio.catalogue.compiled import Query, compiled
from dataio.catalogue.models import RateLimit


@cache
def count_request() -> Query:
    """``count_request(action, subject, user, group)``: counts one request, and says whether it is allowed."""
    counted = func.public.count_request(
        cast(bindparam("action"), Text),
        cast(bindparam("subject"), Text),
        cast(bindparam("user"), BigInteger),
        cast(bindparam("group"), BigInteger),
    ).table_valued("allowed", "max_requests", "remaining", "resets_at")
    return compiled(
        select(
            counted.c.allowed,
            counted.c.max_requests,
            counted.c.remaining,
            func.greatest(1, func.ceil(func.extract("epoch", counted.c.resets_at - func.statement_timestamp()))).label(
                "seconds"
            ),
        )
    )


@cache
def limited_actions() -> Query:
    """The actions that have any limit, so that a request of another one need not be counted."""
    return compiled(select(RateLimit.action).distinct())


@cache
def purge() -> Query:
    """``purge_rate_limit_counters()``: forget windows that are over."""
    return compiled(select(func.public.purge_rate_limit_counters().label("purged")))

"""Balances that Shopify keeps with the customers, where the theme can print them without us.

They stand in a field of ours, which the manifest defines: other apps can neither read nor write it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.platforms.base import PlatformError
from app.platforms.shopify.answers import part, user_errors
from app.platforms.shopify.client import Client
from app.platforms.shopify.failures import said
from app.platforms.shopify.ids import gid
from app.platforms.shopify.queries import query

_SET = query("metafields_set")
NAMESPACE = "$app"
KEY = "balance"
TYPE = "number_integer"


def keep(client: Client, balances: Mapping[str, int]) -> frozenset[str]:
    """Write the balances of up to 25 customers; returns those whom Shopify does not have.

    Shopify writes all of them or none, so whoever is gone is left out and the rest asked again.
    """
    rest = dict(balances)
    while rest:
        fields = [_field(customer_id, points) for customer_id, points in rest.items()]
        answer = part(client.ask(_SET, metafields=fields), "metafieldsSet")
        errors = user_errors(answer)
        if not errors:
            break
        gone = _without_owner(errors, list(rest))
        if not gone:
            raise PlatformError(f"Shopify refused the balances: {said(errors)}", permanent=True)
        rest = {one: points for one, points in rest.items() if one not in gone}
    return frozenset(balances.keys() - rest.keys())


def _field(customer_id: str, points: int) -> Mapping[str, str]:
    return {
        "ownerId": gid("Customer", customer_id),
        "namespace": NAMESPACE,
        "key": KEY,
        "type": TYPE,
        "value": str(points),
    }


def _without_owner(errors: Sequence[Mapping[str, Any]], customer_ids: list[str]) -> set[str]:
    """Who is gone: the path of such an error is "metafields", the entry's place, "ownerId"."""
    paths = [error.get("field") for error in errors]
    places = {str(path[-2]) for path in paths if path and path[-1] == "ownerId" and path[:-2]}
    return {one for place, one in enumerate(customer_ids) if str(place) in places}

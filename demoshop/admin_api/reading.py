"""Reading the shop: itself, its orders and its customers."""

from typing import Any

from graphql import GraphQLResolveInfo

from demoshop.admin_api.caller import Caller
from demoshop.admin_api.gifts import customer_with_gifts
from demoshop.admin_api.metafields import metafield_of
from demoshop.admin_api.pages import connection
from demoshop.admin_api.present_order import customer_node, order_node
from demoshop.admin_api.search import matches, sortable
from demoshop.admin_api.words import gid, number_in
from demoshop.host.payloads.shop import SHOP_ID, SHOP_NAME, TIME_ZONE
from demoshop.money import CURRENCY
from demoshop.records.customer import Customer, customers
from demoshop.records.order import Order, orders, orders_of

ORDER_KEYS = {
    "CREATED_AT": "created_at",
    "PROCESSED_AT": "created_at",
    "UPDATED_AT": "updated_at",
    "ORDER_NUMBER": "number",
    "ID": "id",
}
CUSTOMER_KEYS = {"CREATED_AT": "created_at", "UPDATED_AT": "updated_at", "ID": "id"}


def shop(info: GraphQLResolveInfo) -> dict[str, Any]:
    """The shop."""
    caller: Caller = info.context
    return {
        "__typename": "Shop",
        "id": gid("Shop", SHOP_ID),
        "name": SHOP_NAME,
        "email": "hej@nordlys.example",
        "contactEmail": "hej@nordlys.example",
        "createdAt": "2019-03-01T08:00:00Z",
        "currencyCode": CURRENCY,
        "ianaTimezone": TIME_ZONE,
        "myshopifyDomain": caller.settings.domain,
        "shopOwnerName": "Signe Nordlys",
        "taxesIncluded": True,
        "url": f"https://{caller.settings.domain}",
    }


def installation(info: GraphQLResolveInfo) -> dict[str, Any]:
    """What the app was granted."""
    caller: Caller = info.context
    scopes = [{"handle": scope, "description": scope} for scope in sorted(caller.scopes)]
    return {
        "__typename": "AppInstallation",
        "id": gid("AppInstallation", 1),
        "accessScopes": scopes,
    }


def order(info: GraphQLResolveInfo, id: str) -> dict[str, Any] | None:  # noqa: A002
    """One order."""
    caller: Caller = info.context
    caller.needs("read_orders", "order")
    found = caller.session.get(Order, number_in("Order", id))
    return order_node(found) if found else None


def order_list(info: GraphQLResolveInfo, **args: Any) -> dict[str, Any]:
    """Orders by a query, in an order that a cursor can follow."""
    caller: Caller = info.context
    caller.needs("read_orders", "orders")
    field = ORDER_KEYS[args["sortKey"]]
    rows = [row for row in orders(caller.session) if matches(args.get("query"), _facts(row))]
    return connection(rows, lambda row: (sortable(row, field), row.id), order_node, args)


def customer(info: GraphQLResolveInfo, id: str) -> dict[str, Any] | None:  # noqa: A002
    """One customer."""
    caller: Caller = info.context
    caller.needs("read_customers", "customer")
    found = caller.session.get(Customer, number_in("Customer", id))
    if found is None:
        return None
    node = customer_node(found, orders_of(caller.session, found.id))
    return customer_with_gifts(caller.session, found, node) | metafield_of(caller.session, found)


def customer_list(info: GraphQLResolveInfo, **args: Any) -> dict[str, Any]:
    """Customers by a query."""
    caller: Caller = info.context
    caller.needs("read_customers", "customers")
    field = CUSTOMER_KEYS[args["sortKey"]]
    rows = [row for row in customers(caller.session) if matches(args.get("query"), _person(row))]
    return connection(
        rows,
        lambda row: (sortable(row, field), row.id),
        lambda row: customer_node(row, orders_of(caller.session, row.id)),
        args,
    )


def node(info: GraphQLResolveInfo, id: str) -> dict[str, Any] | None:  # noqa: A002
    """An order or a customer by an id that says which."""
    if "/Order/" in id:
        return order(info, id)
    return customer(info, id) if "/Customer/" in id else None


def _facts(row: Order) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "email": row.email,
        "customer_id": row.customer_id or 0,
        "created_at": row.created_at,
        "processed_at": row.created_at,
        "updated_at": row.updated_at,
        "financial_status": row.financial_status,
        "test": row.test,
    }


def _person(row: Customer) -> dict[str, Any]:
    return {
        "id": row.id,
        "email": row.email,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "customer_date": row.created_at,
    }

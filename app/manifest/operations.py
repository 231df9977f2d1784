"""The access scopes that our GraphQL operations need, read from the operations themselves.

So a scope that no operation uses is noticed before a merchant is asked for it, and one that is
missing before a call fails.
"""

from collections.abc import Iterator
from pathlib import Path

from graphql import FieldNode, OperationDefinitionNode, parse, visit
from graphql.language import Visitor

PLATFORMS = Path(__file__).parents[1] / "platforms"

# What an operation asks of the platform, and the scope that opens it; None opens to every app.
SCOPE_OF_ROOT: dict[str, str | None] = {
    "appInstallation": None,
    "codeDiscountNodeByCode": "read_discounts",
    "currentAppInstallation": None,
    "customer": "read_customers",
    "customers": "read_customers",
    "discountCodeBasicCreate": "write_discounts",
    "discountCodeDeactivate": "write_discounts",
    "discountCodeFreeShippingCreate": "write_discounts",
    "discountCodeRedeemCodeBulkDelete": "write_discounts",
    "discountNodes": "read_discounts",
    "discountRedeemCodeBulkAdd": "write_discounts",
    "discountRedeemCodeBulkCreation": "read_discounts",
    "giftCardCreate": "write_gift_cards",
    "giftCards": "read_gift_cards",
    "metafieldsSet": "write_customers",
    "order": "read_orders",
    "orders": "read_orders",
    "product": "read_products",
    "scriptTagCreate": "write_script_tags",
    "scriptTagDelete": "write_script_tags",
    "scriptTags": "write_script_tags",
    "shop": None,
    "storeCreditAccountCredit": "write_store_credit_account_transactions",
    "tagsAdd": "write_customers",
    "tagsRemove": "write_customers",
    "webhookSubscriptionCreate": None,
    "webhookSubscriptionDelete": None,
    "webhookSubscriptions": None,
}
SCOPE_OF_NESTED = {
    "customer": "read_customers",
    "product": "read_products",
    "storeCreditAccountTransaction": "read_store_credit_account_transactions",
    "storeCreditAccounts": "read_store_credit_accounts",
    "variant": "read_products",
}


class UnknownField(LookupError):
    """An operation asks for something whose scope nobody wrote down."""


def scopes_of_operations(folder: Path = PLATFORMS) -> set[str]:
    """Every scope that an operation in these `.graphql` files needs."""
    return {
        scope
        for path in sorted(folder.rglob("*.graphql"))
        for scope in scopes_of(path.read_text(encoding="utf-8"), path.name)
    }


def scopes_of(text: str, name: str) -> Iterator[str]:
    """The scopes that one file of operations needs."""
    document = parse(text)
    nested = NestedScopes()
    visit(document, nested)
    yield from nested.found
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode):
            continue
        for field in operation.selection_set.selections:
            if not isinstance(field, FieldNode) or field.name.value not in SCOPE_OF_ROOT:
                raise UnknownField(f"{name}: say in {__name__} which scope its root field needs.")
            if scope := SCOPE_OF_ROOT[field.name.value]:
                yield scope


class NestedScopes(Visitor):
    """The scopes of what is asked for inside other things: an order's customer, say."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        """Note the scope of one field; the library calls this for each."""
        if scope := SCOPE_OF_NESTED.get(node.name.value):
            self.found.add(scope)

"""What the app gives beside plain codes: products, pools, cards, credits and tags."""

ASTRID = "gid://shopify/Customer/7100000001"
CUP, TABLEWARE = "gid://shopify/Product/8410000001", "gid://shopify/Collection/9310000001"
PRODUCT = """
query One($id: ID!) {
  product(id: $id) {
    tags productType category { fullName } collections(first: 50) { nodes { id handle } }
  }
}
"""
ADD = """
mutation Add($pool: ID!, $codes: [DiscountRedeemCodeInput!]!) {
  discountRedeemCodeBulkAdd(discountId: $pool, codes: $codes) {
    bulkCreation { id done } userErrors { code }
  }
}
"""
ADDED = """
query Added($id: ID!) {
  discountRedeemCodeBulkCreation(id: $id) {
    failedCount importedCount
    codes(first: 250) { nodes { code discountRedeemCode { id } errors { code } } }
  }
}
"""
FIND = """
query Find($code: String!) {
  codeDiscountNodeByCode(code: $code) {
    id
    codeDiscount {
      ... on DiscountCodeBasic {
        asyncUsageCount codes(first: 5, query: $code) { nodes { code asyncUsageCount } }
      }
    }
  }
}
"""
REMOVE = """
mutation Remove($pool: ID!, $codes: [ID!]!) {
  discountCodeRedeemCodeBulkDelete(discountId: $pool, ids: $codes) {
    job { id } userErrors { code }
  }
}
"""
CARD = """
mutation Card($card: GiftCardCreateInput!) {
  giftCardCreate(input: $card) { giftCard { id } giftCardCode userErrors { code } }
}
"""
CREDIT = """
mutation Credit($id: ID!, $credit: StoreCreditAccountCreditInput!) {
  storeCreditAccountCredit(id: $id, creditInput: $credit) {
    storeCreditAccountTransaction { id balanceAfterTransaction { amount } } userErrors { code }
  }
}
"""
ACCOUNTS = """
query Held($id: ID!) {
  customer(id: $id) {
    tags
    storeCreditAccounts(first: 5) {
      nodes { transactions(first: 5, reverse: true) { nodes { amount { amount } } } }
    }
  }
}
"""
TAG = 'mutation Tag($id: ID!) { tagsAdd(id: $id, tags: ["early"]) { userErrors { message } } }'


def limited(kind, ref):
    """A code for 50 kr. off some goods only."""
    named = {"products": {"productsToAdd": [ref]}, "collections": {"add": [ref]}}[kind]
    off = {"discountAmount": {"amount": "149.00", "appliesOnEachItem": False}}
    return {"customerGets": {"items": {kind: named}, "value": off}}


def test_the_catalog_says_what_a_product_is(installed):
    found = installed.data(PRODUCT, id=CUP)["product"]

    assert found["productType"] == "ceramics"
    assert found["tags"] == ["new"]
    assert found["category"]["fullName"].endswith("Tableware")
    assert found["collections"]["nodes"] == [{"id": TABLEWARE, "handle": "tableware"}]
    assert installed.data(PRODUCT, id="gid://shopify/Product/1")["product"] is None


def test_one_piece_of_a_product_is_free(installed, buy):
    installed.make_code("CUP", **limited("products", CUP))

    order = buy(codes=["CUP"], lines=[{"product": "fjord-cup", "quantity": 2}])
    other = buy(codes=["CUP"], lines=[{"product": "moss-vase", "quantity": 1}])

    assert order["discount_minor"] == 149_00
    assert other["refused_codes"] == [{"code": "CUP", "reason": "used_up"}]


def test_a_code_for_a_collection_touches_nothing_else(installed, buy):
    installed.make_code("TABLE", usageLimit=None, **limited("collections", TABLEWARE))

    vase = buy(codes=["TABLE"], lines=[{"product": "moss-vase", "quantity": 1}])
    bowl = buy(codes=["TABLE"], lines=[{"product": "dawn-bowl", "quantity": 1}])

    assert vase["refused_codes"][0]["reason"] == "nothing_to_discount"
    assert bowl["discount_minor"] == 149_00


def test_codes_added_to_a_discount_are_used_one_by_one(installed, buy):
    pool = installed.make_code("PARENT")["codeDiscountNode"]["id"]
    codes = [{"code": code} for code in ("ONE", "TWO", "PARENT")]

    creation = installed.data(ADD, pool=pool, codes=codes)["discountRedeemCodeBulkAdd"]
    added = installed.data(ADDED, id=creation["bulkCreation"]["id"])
    first, again = buy(codes=["ONE"]), buy(codes=["ONE"])
    found = installed.data(FIND, code="one")["codeDiscountNodeByCode"]

    assert not creation["bulkCreation"]["done"]
    made = added["discountRedeemCodeBulkCreation"]
    assert (made["importedCount"], made["failedCount"]) == (2, 1)
    assert made["codes"]["nodes"][2]["errors"] == [{"code": "TAKEN"}]
    assert first["discount_minor"] == 50_00
    assert again["refused_codes"][0]["reason"] == "used_up"
    assert found["id"] == pool
    assert found["codeDiscount"]["codes"]["nodes"] == [{"code": "ONE", "asyncUsageCount": 1}]
    assert buy(codes=["TWO"])["refused_codes"] == []


def test_a_deleted_code_is_gone_and_its_discount_stays(installed, buy):
    pool = installed.make_code("PARENT")["codeDiscountNode"]["id"]
    codes = [{"code": "ONE"}, {"code": "TWO"}]
    creation = installed.data(ADD, pool=pool, codes=codes)["discountRedeemCodeBulkAdd"]
    added = installed.data(ADDED, id=creation["bulkCreation"]["id"])
    one = added["discountRedeemCodeBulkCreation"]["codes"]["nodes"][0]["discountRedeemCode"]

    for _ in range(2):
        removed = installed.data(REMOVE, pool=pool, codes=[one["id"]])

    assert removed["discountCodeRedeemCodeBulkDelete"]["userErrors"] == []
    assert installed.data(FIND, code="ONE") == {"codeDiscountNodeByCode": None}
    assert buy(codes=["TWO"])["refused_codes"] == []


def test_a_gift_card_is_made_once_and_a_credit_as_often_as_asked(installed):
    money = {"amount": "100.00", "currencyCode": "DKK"}
    card = {"code": "ABCDEFGH2345", "customerId": ASTRID, "initialAmount": money}

    first = installed.data(CARD, card=card)["giftCardCreate"]
    again = installed.data(CARD, card=card)["giftCardCreate"]
    for _ in range(2):
        installed.data(CREDIT, id=ASTRID, credit={"creditAmount": money})
    installed.data(TAG, id=ASTRID)
    installed.data(TAG, id=ASTRID)

    held = installed.data(ACCOUNTS, id=ASTRID)["customer"]
    assert (first["giftCardCode"], first["userErrors"]) == ("ABCDEFGH2345", [])
    assert again["userErrors"] == [{"code": "TAKEN"}]
    assert len(held["storeCreditAccounts"]["nodes"][0]["transactions"]["nodes"]) == 2
    assert held["tags"] == ["early"]


def test_a_gift_card_pays_until_nothing_is_left_on_it(installed, buy, client):
    money = {"amount": "500.00", "currencyCode": "DKK"}
    card = {"code": "ABCDEFGH2345", "customerId": ASTRID, "initialAmount": money}
    installed.data(CARD, card=card)

    # Two cups and their shipping: 347 kr.
    first, second = (buy(codes=["abcd efgh 2345"]) for _ in range(2))
    third = buy(codes=["ABCDEFGH2345"])
    client.post(f"/demo/api/orders/{second['name'][1:]}/cancel", json={})
    again = buy(codes=["ABCDEFGH2345"])

    assert first["total_minor"] == first["goods_minor"] + first["shipping_minor"] == 347_00
    assert first["gateways"] == ["gift_card"]
    assert second["gateways"] == ["gift_card", "nordlys_payments"]
    assert third["refused_codes"] == [{"code": "ABCDEFGH2345", "reason": "used_up"}]
    assert again["gateways"] == ["gift_card", "nordlys_payments"]


def test_store_credit_pays_for_who_has_it_and_wants_to(installed, buy):
    money = {"amount": "400.00", "currencyCode": "DKK"}
    installed.data(CREDIT, id=ASTRID, credit={"creditAmount": money})

    without = buy()
    paid = [buy(store_credit=True) for _ in range(3)]

    assert without["gateways"] == ["nordlys_payments"]
    assert [one["gateways"] for one in paid] == [
        ["shopify_store_credit"],
        ["shopify_store_credit", "nordlys_payments"],
        ["nordlys_payments"],
    ]


def test_the_checkout_says_what_a_gift_card_and_store_credit_pay(installed, client):
    money = {"amount": "100.00", "currencyCode": "DKK"}
    card = {"code": "ABCDEFGH2345", "customerId": ASTRID, "initialAmount": money}
    installed.data(CARD, card=card)
    installed.data(CREDIT, id=ASTRID, credit={"creditAmount": money})
    client.post("/login", data={"persona": "astrid"})
    client.post("/cart/add", data={"product": "fjord-cup", "quantity": 2})

    before = client.get("/checkout").get_data(as_text=True)
    client.post("/checkout/codes", data={"code": "ABCDEFGH2345"})
    client.post("/checkout/credit", data={"use": "1"})
    after = client.get("/checkout").get_data(as_text=True)
    client.post("/checkout", data={"payment": "paid"})

    assert "347\N{NO-BREAK SPACE}kr." in before
    assert "147\N{NO-BREAK SPACE}kr." in after
    assert "…2345" in after
    order = client.get("/demo/api/orders/1001").json
    assert order["gateways"] == ["gift_card", "shopify_store_credit", "nordlys_payments"]


def test_the_back_office_shows_what_a_customer_was_given(installed, client):
    money = {"amount": "100.00", "currencyCode": "DKK"}
    installed.data(CREDIT, id=ASTRID, credit={"creditAmount": money})
    installed.data(TAG, id=ASTRID)

    page = client.get("/admin/customers").get_data(as_text=True)

    assert "Store credit 100" in page
    assert "early" in page

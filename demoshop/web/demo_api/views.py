"""What the control API says about orders, codes and webhooks."""

from typing import Any

from demoshop.host.payloads.shop import stamp
from demoshop.products import BY_HANDLE
from demoshop.records.discount import Discount
from demoshop.records.order import Order
from demoshop.records.webhook import Webhook
from demoshop.web.here import now


def order_view(order: Order) -> dict[str, Any]:
    """An order with its totals in øre."""
    return {
        "id": order.id,
        "name": order.name,
        "persona": order.customer.handle if order.customer else None,
        "customer_id": order.customer_id,
        "email": order.email,
        "financial_status": order.financial_status,
        "fulfillment_status": order.fulfillment_status,
        "canceled": order.canceled_at is not None,
        "test": order.test,
        "source": order.source,
        "codes": [
            {"code": applied["code"], "amount_minor": applied["amount_minor"]}
            for applied in order.applied_codes
        ],
        "goods_minor": order.goods_minor,
        "discount_minor": order.discount_minor,
        "shipping_minor": order.shipping_net_minor,
        "tax_minor": order.tax_minor,
        "total_minor": order.total_minor,
        "gateways": order.gateways,
        "refunded_goods_minor": order.refunded_goods_minor,
        "remaining_goods_minor": order.remaining_goods_minor,
        "lines": [
            {
                "id": line.id,
                "product": line.product,
                "title": BY_HANDLE[line.product].title(),
                "quantity": line.quantity,
                "remaining_quantity": order.remaining_quantity(line),
                "price_minor": line.price_minor,
                "net_minor": line.net_minor,
            }
            for line in order.lines
        ],
        "refunds": [
            {
                "id": refund.id,
                "goods_minor": refund.goods_minor,
                "shipping_minor": refund.shipping_minor,
            }
            for refund in order.refunds
        ],
        "updated_at": stamp(order.updated_at),
    }


def discount_view(discount: Discount) -> dict[str, Any]:
    """A code, its limits and its use."""
    return {
        "id": discount.id,
        "code": discount.code,
        "title": discount.title,
        "status": discount.status(now()),
        "free_shipping": discount.free_shipping,
        "percentage": discount.percentage,
        "amount_minor": discount.amount_minor,
        "minimum_minor": discount.minimum_minor,
        "usage_limit": discount.usage_limit,
        "used": discount.used,
        "customer_ids": discount.customer_ids,
        "ends_at": stamp(discount.ends_at) if discount.ends_at else None,
    }


def webhook_view(webhook: Webhook) -> dict[str, Any]:
    """A webhook and how its attempts went."""
    return {
        "row": webhook.id,
        "webhook_id": webhook.webhook_id,
        "event_id": webhook.event_id,
        "topic": webhook.topic,
        "order_id": webhook.order_id,
        "state": webhook.state,
        "note": webhook.note,
        "url": webhook.url,
        "body": webhook.body,
        "attempts": [
            {
                "status": attempt.status,
                "milliseconds": attempt.milliseconds,
                "error": attempt.error,
            }
            for attempt in webhook.attempts
        ],
    }

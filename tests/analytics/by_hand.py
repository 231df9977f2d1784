"""The figures of a shop once more, in plain Python over the raw orders and the raw ledger.

It shares nothing with the app but the words of its JSON: money is added up from lines and refunds.
"""

import json
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from sqlalchemy import text

GOALS = {"spent": "redeemed", "donated": "redeemed", "expired": "expired", "reversed": "taken_back"}
DEEDS = {"order", "action", "redeem", "spend", "donate"}


def moment(written):
    """An instant as either database tells it, to the second."""
    if isinstance(written, str):
        written = datetime.fromisoformat(written)
    return written if written.tzinfo else written.replace(tzinfo=UTC)


def kept_minor(order):
    """What a customer kept of an order: its lines, less what came back, rounded half up."""
    if order["canceled_at"] or order["payment"] not in ("paid", "partially_refunded"):
        return 0
    back = Counter()
    for refund in order["refunds"]:
        back.update(dict(refund["lines"]))
    kept = 0
    for line in order["lines"]:
        returned = Fraction(line["total_minor"] * back[line["line_id"]], line["quantity"])
        kept += line["total_minor"] - int(returned + Fraction(1, 2))
    return kept - sum(refund["extra_minor"] for refund in order["refunds"])


class ByHand:
    """A shop's raw facts, and the figures that follow."""

    def __init__(self, session, shop_id):
        def rows(statement):
            return [row._asdict() for row in session.execute(text(statement), {"shop": shop_id})]

        orders = rows("SELECT member_id, facts FROM order_record WHERE shop_id = :shop")
        self.members = rows(
            "SELECT id, customer_id, tier, available, pending, held FROM member"
            " WHERE shop_id = :shop"
        )
        self.transfers = rows(
            "SELECT * FROM transfer WHERE shop_id = :shop ORDER BY member_id, number"
        )
        self.redemptions = rows("SELECT * FROM redemption WHERE shop_id = :shop")
        self.tier_changes = rows("SELECT * FROM tier_change WHERE shop_id = :shop")
        self.is_customer = {one["id"]: one["customer_id"] is not None for one in self.members}
        self.lives = defaultdict(list)
        for one in orders:
            facts = one["facts"] if isinstance(one["facts"], dict) else json.loads(one["facts"])
            spend = kept_minor(facts)
            if one["member_id"] is not None and spend > 0:
                self.lives[one["member_id"]].append((moment(facts["placed_at"]), spend))
        for life in self.lives.values():
            life.sort()

    def bought(self, since, until):
        """(customer, when, how much, which of their lives) of a time."""
        return [
            (buyer, at, spend, nth)
            for buyer, life in self.lives.items()
            for nth, (at, spend) in enumerate(life, 1)
            if since <= at < until
        ]

    def sales(self, since, until):
        """Orders, money and customers."""
        here = self.bought(since, until)
        ever = self.bought(datetime.min.replace(tzinfo=UTC), until)
        gaps = [
            int((later - before).total_seconds())
            for life in self.lives.values()
            for (before, _), (later, _) in pairwise(life)
            if since <= later < until
        ]
        buyers = {buyer for buyer, *_ in here}
        return {
            "orders": len(here),
            "revenue_minor": sum(spend for _, _, spend, _ in here),
            "customers": len(buyers),
            "new": sum(1 for *_, nth in here if nth == 1),
            "member_customers": sum(1 for buyer in buyers if self.is_customer[buyer]),
            "returning_minor": sum(spend for _, _, spend, nth in here if nth > 1),
            "gaps": len(gaps),
            "gap_seconds": sum(gaps),
            "ever_customers": len({buyer for buyer, *_ in ever}),
            "ever_minor": sum(spend for _, _, spend, _ in ever),
        }

    def stayed(self, since, until, days):
        """Who was a customer at the start, and at the end, and who of those was not before."""

        def customers(end):
            return {buyer for buyer, *_ in self.bought(end - timedelta(days=days), end)}

        start, end = customers(since), customers(until)
        return {"at_start": len(start), "at_end": len(end), "new": len(end - start)}

    def again(self, since, until, at):
        """Who bought again within so many days of the first time."""
        found = []
        for days in (30, 60, 90):
            wait = timedelta(days=days)
            lives = [
                [when for when, _ in life if when < at]
                for life in self.lives.values()
                if since <= life[0][0] < until and life[0][0] + wait <= at
            ]
            did = [life for life in lives if len(life) > 1 and life[1] - life[0] <= wait]
            found.append((days, len(lives), len(did)))
        return found

    def cohorts(self, months, until, zone):
        """By the month of the first purchase: who bought in it, and in each month after."""

        def month(at):
            return at.astimezone(zone).date().replace(day=1)

        found = defaultdict(set)
        for buyer, life in self.lives.items():
            for at, _ in life:
                if at < until:
                    found[month(life[0][0]), month(at)].add(buyer)
        return [
            (one, tuple(len(found[one, then]) for then in months[row:]))
            for row, one in enumerate(months)
        ]

    def flow(self, since, until):
        """What became of points in a time."""
        found = dict.fromkeys(("issued", "taken_back", "adjusted", "redeemed", "expired"), 0)
        for one in self.transfers:
            if not since <= moment(one["occurred_at"]) < until:
                continue
            for account, sign in ((one["source"], -1), (one["target"], 1)):
                if account in ("issued", "adjusted"):
                    found[account] -= sign * one["points"]
                elif account in GOALS:
                    found[GOALS[account]] += sign * one["points"]
        return found

    def flow_sum(self, since, until):
        """What all changes of a time come to."""
        flow = self.flow(since, until)
        given = flow["issued"] + flow["adjusted"]
        return given - flow["taken_back"] - flow["redeemed"] - flow["expired"]

    def tiers(self):
        """How many customers are in each tier."""
        return dict(Counter(one["tier"] or "" for one in self.members if one["customer_id"]))

    def tier_moves(self, since, until):
        """How many rises and falls there were."""
        return sum(1 for one in self.tier_changes if since <= moment(one["at"]) < until)

    def active(self, since, until):
        """Who earned or spent in a time."""
        return len(
            {
                one["member_id"]
                for one in self.transfers
                if one["reason"] in DEEDS and since <= moment(one["occurred_at"]) < until
            }
        )

    def lots(self):
        """What every member has, by when it ends: a debit takes what ends first, or its own."""
        ends = Counter()
        ledgers = defaultdict(list)
        for one in self.transfers:
            ledgers[one["member_id"]].append(one)
        for ledger in ledgers.values():
            lots, debt = [], 0
            for one in ledger:
                points = one["points"]
                if one["target"] == "available":
                    paid = min(debt, points)
                    debt -= paid
                    end = moment(one["expires_at"] or "9999-01-01")
                    lots += [[end, points - paid, one["order_id"]]]
                elif one["source"] == "available":
                    while points and any(lot[1] for lot in lots):
                        own = one["order_id"] or "-"
                        there = [lot for lot in lots if lot[1]]
                        soonest = min(there, key=lambda lot: (lot[2] != own, lot[0]))
                        taken = min(points, soonest[1])
                        soonest[1] -= taken
                        points -= taken
                    debt += points
            for end, left, _ in lots:
                ends[end] += left
        return ends

    def stages(self, at):
        """In which stage of life each customer is: 4 orders are loyal, 120 days risk, 365 loss."""
        found = Counter()
        for member, is_customer in self.is_customer.items():
            life = [when for when, _ in self.lives.get(member, ()) if when < at]
            away = (at - life[-1]).total_seconds() / 86_400 if life else 0
            if is_customer:
                found[
                    "prospect"
                    if not life
                    else "lost"
                    if away >= 365
                    else "at_risk"
                    if away >= 120
                    else "loyal"
                    if len(life) >= 4
                    else "returning"
                    if len(life) > 1
                    else "first_time"
                ] += 1
        return dict(found)

    def groups(self, since, until):
        """Who bought in a time and who did so again, by what they do with points."""
        redeemed = {
            one["member_id"]
            for one in self.redemptions
            if one["spent"] > 0 and moment(one["created_at"]) < until
        }
        often = Counter(buyer for buyer, *_ in self.bought(since, until))
        found = {name: [0, 0] for name in ("redeeming", "earning", "guests")}
        for buyer, count in often.items():
            name = "redeeming" if buyer in redeemed else "earning"
            name = name if self.is_customer[buyer] else "guests"
            found[name][0] += 1
            found[name][1] += count > 1
        return [(name, *numbers) for name, numbers in found.items()]

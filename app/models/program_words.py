"""What each setting of a program document means, for its schema and for commented documents.

A test compares these with the fields there are, so that none goes without an explanation.
"""

PROGRAM = {
    "currency": "The shop's own money, as three letters; every …_minor is in its smallest unit.",
    "name": "What shoppers call the program.",
    "live": "Whether shoppers see it; before that only test orders earn.",
    "paused": "Whether it is paused: members keep their points, and neither earn nor spend any.",
    "earning": "What an order earns; rules that stack are added up.",
    "actions": "What a member may do for points beside buying.",
    "campaigns": "Times in which orders earn more.",
    "segments": "Members who are alike in how often, how much and how lately they bought.",
    "stages": "From when on a member counts as loyal, at risk, and lost.",
    "basis": "What of an order counts.",
    "rounding": "What becomes of a fraction of a point, once, after all multipliers.",
    "rounding_point": "Where fractions are rounded: once on the order, or on each line.",
    "availability": "When the points of a paid order can be spent.",
    "available_after_days": "How long points wait, with availability days_after_payment.",
    "pos_earns": "Whether orders in the physical shop earn.",
    "guests": "Orders without a customer: hold their points until the guest joins, or nothing.",
    "guest_days": "For how many days a guest's points are held.",
    "join_points": "Points for becoming a member.",
    "tiers": "The levels of the program, and the rules of climbing them.",
    "rewards": "What points buy.",
    "expiry": "How long points live.",
    "spent_return": "What becomes of points that were spent on an order which is refunded.",
    "holdout_percent": "The share of new members left out, to tell what the program adds; 0: none.",
    "debt": "When a refund takes back more than there is: owe it, or clamp at zero.",
}
RULE = {
    "code": "A short name that never changes; the ledger names it.",
    "kind": "What the rule counts.",
    "points": "So many points for each amount, order, piece or new category.",
    "per_minor": "The amount that gives the points once, with kind per_amount.",
    "include": "Only these products; none named means all.",
    "exclude": "Not these products.",
    "multipliers": "Weights on the amount of some products.",
    "minimum_minor": "Only orders of at least this much.",
    "needs_code": "Only orders with this discount code.",
    "nth_order": "Only a member's first order (1), or a later one.",
    "every_nth": "Each third order, say (3).",
    "segment": "Only members of this segment.",
    "most_points": "What one order gets from the rule at most.",
    "budget_points": "What all members together get from it; the last one gets what is left.",
    "stacks": "Whether it counts beside other rules; else the highest priority replaces all.",
    "priority": "Which of several rules that do not stack wins.",
    "stop": "Whether the rules after it are left out when it has given something.",
}
PRODUCTS = {
    "product_ids": "By the platform's product id.",
    "skus": "By article number.",
    "vendors": "By vendor.",
    "tags": "By tag.",
    "collections": "By collection: the platform's id, or the handle.",
}
MULTIPLIER = {
    "products": "Whose amount is weighted.",
    "percent": "The weight; 200 counts double, 0 takes the products out.",
}
ACTION = {
    "code": "A short name that never changes; the ledger names it.",
    "kind": "What the member did.",
    "name": "What shoppers call it; without one a custom action is not shown to them.",
    "points": "What it gives.",
    "per_day": "How often one member is rewarded on one day.",
    "per_lifetime": "How often one member is rewarded in all.",
    "budget_points": "What all members together get; the last one gets what is left.",
}
STAGES = {
    "loyal_orders": "So many orders make a member loyal.",
    "at_risk_days": "Who bought nothing for so many days is at risk.",
    "lost_days": "Who bought nothing for so many days is lost.",
}
SEGMENT = {
    "code": "What rules and campaigns call it.",
    "stages": "Members in one of these stages; none named means all.",
    "least_orders": "At least so many orders.",
    "most_orders": "At most so many orders.",
    "least_spend_minor": "At least so much bought and kept.",
    "most_spend_minor": "At most so much bought and kept.",
    "bought_within_days": "Whose last order is at most so many days ago.",
    "not_bought_for_days": "Whose last order is at least so many days ago.",
}
CAMPAIGN = {
    "code": "A short name that never changes.",
    "name": "What shoppers call it.",
    "starts_on": "The first day, by the shop's clock.",
    "ends_on": "The last day, by the shop's clock.",
    "weekdays": "Only on these weekdays, from Monday (0) to Sunday (6).",
    "tiers": "Only members in these tiers; none named means all.",
    "segment": "Only members of this segment.",
    "products": "Only for these products; none named means all.",
    "minimum_minor": "Only orders of at least this much.",
    "percent": "What the points are multiplied by; it composes with the tier's.",
    "bonus_points": "Points on top, which nothing multiplies.",
    "budget_points": "What all members together get; the last one gets what is left.",
}
BASIS = {
    "tax": "Whether tax counts, towards least amounts too.",
    "shipping": "Whether shipping counts.",
    "gift_card_lines": "Whether bought gift cards count; else they earn when they are spent.",
    "whole_steps": "Whether a rule counts whole amounts only, or every part of one.",
}
TIERS = {
    "ladder": "The tiers, lowest first; the first one starts at 0.",
    "measure": "What members are measured by.",
    "window": "Over what time they are measured.",
    "loss": "When a tier that is no longer earned is lost.",
    "loss_months": "How long a tier is kept, with loss after_months.",
    "loss_days": "How long a tier is kept, with loss every_days.",
    "grace_days": "So many days more before it is lost.",
}
TIER = {
    "code": "A short name that never changes; members are kept under it.",
    "name": "What shoppers call it.",
    "threshold": "From where on: money in its smallest unit, points or orders.",
    "earn_percent": "What the points of rules per amount are multiplied by.",
    "entry_points": "Points for reaching it, once.",
    "entry_reward": "The code of a reward that reaching it gives, once and free of points.",
}
REWARD = {
    "code": "A short name that never changes.",
    "kind": "What it does to an order.",
    "name": "What shoppers call it.",
    "cost_points": "Its price; for a slider the price of one step.",
    "off_minor": "The amount it takes off; for a slider that of one step.",
    "off_percent": "The share it takes off.",
    "least_points": "The least points that a slider takes.",
    "most_percent": "The share of an order that a slider can pay at most.",
    "minimum_subtotal_minor": "The least order that its code can be used on.",
    "valid_days": "How many days its code is good for; null is for good.",
    "tier": "The tier from which on it can be bought.",
    "per_member": "How often one member can have it.",
    "combines": "Whether its code can be used beside other discounts.",
    "products": "The products it is for, by the platform's id.",
    "collections": "The collections it is for, by the platform's id.",
    "tag": "The tag a customer gets by it, which lets them in early.",
    "steps": "What the merchant does by hand to fulfill it, step by step.",
    "pooled": "Whether its codes are made ahead, for whoever holds one.",
}
EXPIRY = {
    "kind": "When points end.",
    "count": "After how many days or months, for the kinds that need a number.",
}
EXPLAINED = {
    "Program": PROGRAM,
    "EarningRule": RULE,
    "Products": PRODUCTS,
    "Multiplier": MULTIPLIER,
    "ActionRule": ACTION,
    "Stages": STAGES,
    "Segment": SEGMENT,
    "Campaign": CAMPAIGN,
    "Basis": BASIS,
    "Tiers": TIERS,
    "Tier": TIER,
    "Reward": REWARD,
    "Expiry": EXPIRY,
}
"""By the value that a part of the document becomes, and its setting."""

"""What `stamkunde explain` says: an explanation as sentences in one of our languages."""

from collections.abc import Iterator
from datetime import datetime

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from app.domain import account_words, order_words
from app.domain.calendar import zone_named
from app.domain.earning import Award
from app.domain.explanation import MemberExplanation, OrderExplanation, RulePart
from app.domain.money import written
from app.domain.program import Program
from app.domain.text import Text
from app.domain.tiers import Measure


class Speech:
    """One language and one shop's clock."""

    def __init__(self, locale: str, timezone: str) -> None:
        self._locale = locale
        self._zone = zone_named(timezone)

    def say(self, sentence: Text, **facts: str) -> str:
        """A sentence with its facts in it."""
        return sentence.in_locale(self._locale).format(**facts)

    def name(self, name: Text) -> str:
        """A name that a merchant gave."""
        return name.in_locale(self._locale)

    def points(self, points: int) -> str:
        """So many points."""
        word = order_words.POINT if abs(points) == 1 else order_words.POINTS
        return self.say(word, n=self.number(points))

    def number(self, number: int) -> str:
        """A whole number."""
        return format_decimal(number, locale=self._locale)

    def money(self, minor: int, currency: str) -> str:
        """An amount."""
        return written(minor, currency, self._locale)

    def percent(self, share: float) -> str:
        """A share, with a decimal where it has one."""
        return format_percent(
            round(share, 3), format=None, locale=self._locale, decimal_quantization=False
        )

    def date(self, moment: datetime) -> str:
        """A day by the shop's clock."""
        return format_date(moment.astimezone(self._zone), "long", locale=self._locale)


def order_sentence(speech: Speech, told: OrderExplanation) -> str:
    """What a shopper reads of an order: what it gave, or why nothing."""
    return speech.say(
        order_words.SHOPPER[told.outcome],
        order=told.name,
        kept=speech.points(told.kept),
        given=speech.points(told.given),
        gone=speech.points(told.given - told.kept),
        ready=speech.date(told.ready_at) if told.ready_at else "",
    )


def order_lines(speech: Speech, told: OrderExplanation) -> Iterator[str]:
    """How an order's points came about, from its goods to what is left of them."""
    award, program = told.award, told.program
    if award is None or program is None:
        return
    if award.why_none is None:
        yield from _award_lines(speech, told, award, program)
    if told.entry_points:
        yield speech.say(account_words.ENTRY, points=speech.points(told.entry_points))
    for reward in told.entry_rewards:
        said = account_words.ENTRY_REWARD if reward.is_there else account_words.ENTRY_TAKEN_BACK
        yield speech.say(said, reward=speech.name(reward.name))
    if told.reversed or told.forgiven:
        yield speech.say(
            account_words.SHARE,
            percent=speech.percent(float(told.share)),
            points=speech.points(told.reversed),
        )
    if told.forgiven:
        yield speech.say(account_words.FORGIVEN, points=speech.points(told.forgiven))
    if told.expired:
        yield speech.say(account_words.EXPIRED, points=speech.points(told.expired))
    yield speech.say(account_words.REVISION, revision=str(award.revision))


def _award_lines(
    speech: Speech, told: OrderExplanation, award: Award, program: Program
) -> Iterator[str]:
    money = speech.money(award.basis_minor, program.currency)
    yield speech.say(order_words.BASIS, money=money)
    for part in told.rules:
        yield _rule_line(speech, part, program.currency)
    if award.percent != 100 and told.tier is not None:
        percent = speech.percent(award.percent / 100)
        yield speech.say(order_words.TIER, tier=speech.name(told.tier.name), percent=percent)
    for campaign in told.campaigns:
        yield speech.say(
            order_words.CAMPAIGN,
            name=speech.name(campaign.name),
            points=speech.points(campaign.points),
        )
    yield speech.say(
        order_words.ROUNDED[program.rounding_point],
        how=speech.name(order_words.ROUNDINGS[program.rounding]),
        points=speech.points(award.points),
    )


def _rule_line(speech: Speech, part: RulePart, currency: str) -> str:
    if part.rule is None:
        return f"{part.code}: {speech.points(part.points)}"
    return speech.say(
        order_words.RULES[part.rule.kind],
        each=speech.points(part.rule.points),
        money=speech.money(part.rule.per_minor, currency),
        points=speech.points(part.points),
    )


def member_lines(speech: Speech, told: MemberExplanation) -> Iterator[str]:
    """A balance, what it is made of, when it ends, and the tier."""
    yield speech.say(
        account_words.BALANCE,
        name=told.name,
        available=speech.points(told.available),
        pending=speech.points(told.pending),
        held=speech.points(told.held),
    )
    for reason, points in told.by_reason:
        words = account_words.REASONS.get(reason)
        sign = "+" if points > 0 else "−"
        yield f"{sign} {speech.points(abs(points))} {speech.name(words) if words else reason}"
    if not told.by_reason:
        yield speech.say(account_words.EMPTY)
    if told.owes:
        yield speech.say(account_words.OWES, points=speech.points(told.owes))
    for lot in told.lots:
        ends = account_words.ENDS if lot.expires_at else account_words.NEVER_ENDS
        date = speech.date(lot.expires_at) if lot.expires_at else ""
        yield speech.say(ends, points=speech.points(lot.points), date=date)
    yield from _tier_lines(speech, told)


def _tier_lines(speech: Speech, told: MemberExplanation) -> Iterator[str]:
    if told.tier is None or told.tier_since is None or told.program is None:
        return
    tier = speech.name(told.tier.name)
    measured = _measured(speech, told.program, told.measured)
    since = speech.date(told.tier_since)
    yield speech.say(account_words.IN_TIER, tier=tier, date=since, measured=measured)
    if told.tier_due_at is not None and told.program.tiers.rank(told.tier) > 0:
        yield speech.say(account_words.KEPT_UNTIL, date=speech.date(told.tier_due_at))
    if told.floor is not None:
        floor = speech.name(told.floor.name)
        yield speech.say(account_words.FLOOR, tier=floor, reason=told.floor_reason or "")
    if told.next_tier is not None:
        missing = max(0, told.next_tier.threshold - told.measured)
        yield speech.say(
            account_words.NEXT_TIER,
            missing=_measured(speech, told.program, missing),
            tier=speech.name(told.next_tier.name),
        )


def _measured(speech: Speech, program: Program, measured: int) -> str:
    match program.tiers.measure:
        case Measure.SPEND:
            return speech.money(measured, program.currency)
        case Measure.ORDERS:
            return speech.number(measured)
        case Measure.POINTS | Measure.BALANCE:
            return speech.points(measured)

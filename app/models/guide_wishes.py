"""What a merchant has said to the guide of the first days, as it stands on the shop's row."""

from dataclasses import asdict, dataclass, replace

from app.models.shop import Shop


@dataclass(frozen=True, slots=True)
class GuideWishes:
    """Whether the guide is put away, and whether the program it begins with was kept on purpose."""

    hidden: bool = False
    kept: bool = False


def wishes_of(shop: Shop) -> GuideWishes:
    """The merchant's wishes so far."""
    return GuideWishes(**shop.guide or {})


def keep_wish(shop: Shop, wish: str) -> None:
    """Note one wish: to hide the guide, to show it, or to keep the program."""
    changed = {"kept": True} if wish == "keep" else {"hidden": wish == "hide"}
    shop.guide = asdict(replace(wishes_of(shop), **changed))

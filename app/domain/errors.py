"""What can be wrong with a request, each with a stable code and a sentence with the numbers in it.

None of them knows HTTP: `web/errors.py` is the one table from code to status.
"""

from typing import ClassVar


class Refusal(Exception):
    """Somebody asked for what the rules do not allow."""

    code: ClassVar[str] = "refused"

    def __init__(self, message: str, **facts: int | str) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts
        """The numbers of the sentence, so that it can be said in another language."""


class InvalidMoney(Refusal):
    """An amount that is not money."""

    code = "invalid_money"


class InvalidProgram(Refusal):
    """A program whose parts do not fit together; what is wrong are sentences to be translated."""

    code = "invalid_program"

    def __init__(self, *mistakes: str) -> None:
        super().__init__("; ".join(mistakes))
        self.mistakes = mistakes


class NotUnderstood(Refusal):
    """A signed payload that cannot be read as what it says it is."""

    code = "not_understood"


class UnknownShop(Refusal):
    """A shop that has not installed us."""

    code = "unknown_shop"


class UnknownMember(Refusal):
    """Somebody who is not in the program."""

    code = "unknown_member"


class UnknownReward(Refusal):
    """A reward that the program does not have."""

    code = "unknown_reward"


class UnknownAction(Refusal):
    """An action that the program does not reward."""

    code = "unknown_action"


class ActionClosed(Refusal):
    """An action that this member has done often enough, or whose budget is used up."""

    code = "action_closed"


class UnknownImport(Refusal):
    """An import that is not this shop's, or is forgotten."""

    code = "unknown_import"


class ImportClosed(Refusal):
    """An import that is not where the request thinks it is."""

    code = "import_closed"


class UnreadableImport(Refusal):
    """A file that cannot be taken in; the sentence says where and why, and is to be translated."""

    code = "unreadable_import"


class UnknownRevision(Refusal):
    """A revision of the program that the shop has not had."""

    code = "unknown_revision"


class UnknownTier(Refusal):
    """A tier that the program does not have."""

    code = "unknown_tier"


class UnknownRedemption(Refusal):
    """A redemption that this member does not have."""

    code = "unknown_redemption"


class UnknownDelivery(Refusal):
    """A delivery or effect that this shop does not have, or that needs no replay."""

    code = "unknown_delivery"


class UnknownRequest(Refusal):
    """A privacy request that this shop does not have, or that is done."""

    code = "unknown_request"


class NotEnoughPoints(Refusal):
    """A reward costs more than there is."""

    code = "not_enough_points"


class RewardClosed(Refusal):
    """A reward that this member may not buy: a higher tier or their share is used up."""

    code = "reward_closed"


class NotCancelable(Refusal):
    """A redemption whose code is used or already on its way out."""

    code = "not_cancelable"


class NotFulfillable(Refusal):
    """A redemption with nothing for the merchant to do."""

    code = "not_fulfillable"


class NotOwed(Refusal):
    """A reward that nobody is owed any more, or that the program no longer has."""

    code = "not_owed"


class KeyReused(Refusal):
    """One request key for two different requests."""

    code = "request_key_reused"


class NoProgramYet(Refusal):
    """A shop that is being connected: its money is not known, so it has no program."""

    code = "no_program_yet"


class ProgramNotLive(Refusal):
    """A program that shoppers cannot use yet, or not any more."""

    code = "program_not_live"


class ProgramPaused(Refusal):
    """A program that the merchant has paused for a while."""

    code = "program_paused"


class StaleProgram(Refusal):
    """A draft that was begun on a revision which is no longer the current one."""

    code = "stale_program"

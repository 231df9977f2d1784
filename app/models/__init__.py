"""What is recorded: the tables and the queries on them, one noun per file."""

from app.models.adjustment_note import AdjustmentNote
from app.models.api_key import ApiKey
from app.models.audit_entry import AuditEntry
from app.models.base import Base
from app.models.colleague import Colleague
from app.models.delivery import Delivery, StrayDelivery
from app.models.departed import Departed
from app.models.effect import EffectRow
from app.models.export_run import ExportRun
from app.models.fact import FactRow
from app.models.import_line import ImportLine
from app.models.import_run import ImportRun
from app.models.kept_report import KeptReport
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.pool import Pool, PoolCode
from app.models.privacy_request import PrivacyRequest
from app.models.product import Product
from app.models.program import ProgramRevision
from app.models.rebuild_mark import RebuildMark
from app.models.redemption import Redemption
from app.models.shop import Credential, Shop
from app.models.sign_in import SignIn
from app.models.sign_out import SignOut
from app.models.stored_file import StoredFile, StoredPiece
from app.models.synced_balance import EmptiedBalance
from app.models.tally import Tally
from app.models.tier_change import TierChange
from app.models.transfer import TransferRow
from app.models.walk import Walk
from app.models.worker import Chore, WorkerPulse

__all__ = [
    "AdjustmentNote",
    "ApiKey",
    "AuditEntry",
    "Base",
    "Chore",
    "Colleague",
    "Credential",
    "Delivery",
    "Departed",
    "EffectRow",
    "EmptiedBalance",
    "ExportRun",
    "FactRow",
    "ImportLine",
    "ImportRun",
    "KeptReport",
    "Member",
    "OrderRecord",
    "Pool",
    "PoolCode",
    "PrivacyRequest",
    "Product",
    "ProgramRevision",
    "RebuildMark",
    "Redemption",
    "Shop",
    "SignIn",
    "SignOut",
    "StoredFile",
    "StoredPiece",
    "StrayDelivery",
    "Tally",
    "TierChange",
    "TransferRow",
    "Walk",
    "WorkerPulse",
]

"""A shop's other tool: it has a key, and asks with nothing else."""

from app.loyalty.make_key import make_key
from app.models.api_key import Scope
from app.models.shop import Shop
from app.vault import Vault
from tests.databases import NOON
from tests.web.conftest import some_settings


class Tool:
    """A program of a shop's, with a key that may do everything unless it is told less."""

    def __init__(self, client, database, shop, scopes=tuple(Scope), name="Review app"):
        settings = some_settings()
        vault = Vault(settings.seal_keys, settings.hash_key)
        with database.transaction() as session:
            shop = session.get_one(Shop, shop.id)
            facts = {"name": name, "scopes": scopes, "by": "test", "at": NOON}
            facts |= {"letters": vault.key_letters, "hashed": vault.key_hash}
            self.key, _is_new = make_key(session, shop, f"for the {name}", **facts)
        self.client = client

    @property
    def headers(self):
        """How it says who it is."""
        return {"Authorization": f"Bearer {self.key}"}

    def reads(self, path, **more):
        """The answer to a question."""
        return self.client.get(f"/api/v1/{path}", headers=self.headers | more)

    def sends(self, path, key=None, **body):
        """The answer to what it sends, under a key by which it may send it again."""
        more = {"Idempotency-Key": key} if key is not None else {}
        return self.client.post(f"/api/v1/{path}", json=body, headers=self.headers | more)

    def tells(self, key="r1", action="review", **whose):
        """The answer to a deed of customer 7, unless it is somebody else's."""
        return self.sends("deeds", key, action=action, **(whose or {"customer_id": "7"}))

    def adjusts(self, points, key="a1", note="Sorry for the wait", **whose):
        """The answer to points given by hand."""
        whose = whose or {"customer_id": "7"}
        return self.sends("adjustments", key, points=points, note=note, **whose)

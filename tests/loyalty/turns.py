"""Two transactions at once: while one holds what it has locked, another one begins and waits."""

from concurrent.futures import ThreadPoolExecutor, wait

from app.models.shop import Shop


def one_waits(database, shop, first, second, then=None):
    """Do the second while the first is done and not committed yet, and then what follows the first.

    Each is called with a session and the shop. What the second raised is raised here.
    """

    def meanwhile():
        with database.transaction() as session:
            second(session, session.get_one(Shop, shop.id))

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            here = session.get_one(Shop, shop.id)
            first(session, here)
            session.flush()
            other = pool.submit(meanwhile)
            # It cannot end before this transaction does; so long it has to get to where it waits.
            wait([other], timeout=0.5)
            if then is not None:
                then(session, here)
        other.result()

"""`stamkunde doctor` looks at TLS in front of us and at the database's account."""

import os
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from socket import create_server

import psycopg
import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from sqlalchemy.engine import make_url

from app.cli import main
from app.cli.addresses import free_port
from app.cli.doctor import database_faults
from app.cli.outside import faults_of
from app.db import Database
from app.loyalty.verify import verify
from app.models.shop import shop_by_domain
from tests.builders import an_order, balance, published, settled
from tests.databases import a_shop
from tests.parts import database_on
from tests.source import ROOT
from tests.web.conftest import some_settings
from tests.web.signing import SHOP

GOOD = "ECDHE+AESGCM"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of this machine with its key in one file; nobody trusts it by itself."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, form, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@contextmanager
def proxy(certificate, *, ciphers=GOOD, oldest=ssl.TLSVersion.TLSv1_2):
    """A server that ends TLS as it is told to; yields its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.set_ciphers(ciphers)
    context.minimum_version = oldest
    listening = create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            try:
                context.wrap_socket(line, server_side=True).close()
            except OSError:
                line.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{listening.getsockname()[1]}"
    listening.shutdown(2)
    listening.close()
    thread.join(10)


@contextmanager
def plain_server():
    """A server that answers without TLS; yields its port."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def trusted(monkeypatch, certificate):
    """This machine trusts the certificate, as it trusts those of public authorities."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def found(address, port=None):
    return list(faults_of(address, plain_port=port or free_port()))


def test_a_proxy_as_it_should_be_has_no_fault(certificate, trusted):
    with proxy(certificate) as address:
        assert found(address) == []


def test_a_certificate_that_no_browser_trusts_is_told(certificate):
    with proxy(certificate) as address:
        [fault] = found(address)

    assert fault.startswith("No browser trusts the certificate of 127.0.0.1: ")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_versions_are_told(certificate, trusted):
    old = {"ciphers": "ALL:@SECLEVEL=0", "oldest": ssl.TLSVersion.TLSv1}
    with proxy(certificate, **old) as address:
        faults = found(address)

    assert [fault.split(": ")[0] for fault in faults] == [
        "127.0.0.1 still speaks TLS 1.1 or older",
        "127.0.0.1 takes weak ciphers",
    ]


@pytest.mark.parametrize("weak", ["AES128-SHA", "AES256-GCM-SHA384", "ECDHE-RSA-AES128-SHA"])
def test_ciphers_without_proof_or_forward_secrecy_are_told(certificate, trusted, weak):
    with proxy(certificate, ciphers=f"{GOOD}:{weak}:@SECLEVEL=0") as address:
        [fault] = found(address)

    assert "takes weak ciphers" in fault


def test_an_answer_without_tls_is_told(certificate, trusted):
    with proxy(certificate) as address, plain_server() as port:
        [fault] = found(address, port)

    assert "answers without TLS" in fault


def test_nobody_there_and_no_https_are_told():
    assert "cannot be reached over TLS" in found(f"https://127.0.0.1:{free_port()}")[0]
    assert found("http://127.0.0.1") == ["http://127.0.0.1 is not https."]


def test_the_command_ends_with_what_it_found(database_url, tmp_path):
    environment = {"STAMKUNDE_INSTANCE": str(tmp_path), "DATABASE_URL": database_url}

    ended = CliRunner().invoke(main, ["doctor"], env=environment)

    assert ended.exit_code == 1
    assert "✘ http://127.0.0.1:8000 is not https." in ended.output


@pytest.fixture
def addresses(postgres_server, postgres_template):
    """A migrated database for its owner, and for an account made as the guide says."""
    role = f"rows_{os.getpid()}"
    with database_on(postgres_server, "rows", template=postgres_template) as owner:
        plain = make_url(owner).set(drivername="postgresql")
        with psycopg.connect(plain.render_as_string(False), autocommit=True) as connection:
            for statement in the_guide_says().replace("stamkunde_rows", role).split(";\n"):
                connection.execute(statement)
            yield owner, str(plain.set(username=role, password="a long one"))
            connection.execute(f"DROP OWNED BY {role}")
            connection.execute(f"DROP ROLE {role}")


def the_guide_says():
    """The statements by which the guide for operators makes the account."""
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    return "CREATE ROLE" + guide.split("```sql\nCREATE ROLE")[1].split("```")[0]


def test_an_account_of_rows_alone_is_enough_and_has_no_fault(addresses):
    settings = some_settings(database_url=addresses[1])
    database = Database(settings.database_url)
    with database.transaction() as session:
        shop = published(session, a_shop(session))
        settled(session, shop, an_order())
    with database.reading() as session:
        shop = shop_by_domain(session, SHOP)
        held, wrong = balance(session, shop), verify(session, shop).differences
    database.close()

    assert (held, wrong) == (120, ())
    assert list(database_faults(settings)) == []


def test_an_account_that_may_do_everything_is_told(addresses):
    faults = list(database_faults(some_settings(database_url=addresses[0])))

    assert [fault.partition(" account ")[2][:8] for fault in faults] == ["may make", "owns the"]

"""What stands in front of us and is not ours, looked at as whoever comes from outside would."""

import ssl
import warnings
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from socket import create_connection
from urllib.parse import urlsplit

PATIENCE_SECONDS = 10
NOT_SEALED_WELL = "ALL:-AESGCM:-CHACHA20:-AESCCM:kRSA:@SECLEVEL=0"
"""All ciphers of TLS 1.2 but those with forward secrecy that also prove what they seal."""
ANY = "ALL:@SECLEVEL=0"


def faults_of(public_url: str, *, plain_port: int = 80) -> Iterator[str]:
    """A sentence for each thing about an address that is not as it should be."""
    address = urlsplit(public_url)
    host, port = address.hostname or "", address.port or 443
    if address.scheme != "https":
        yield f"{public_url} is not https."
        return
    try:
        _shake_hands(host, port, ssl.create_default_context())
    except ssl.SSLCertVerificationError as error:
        yield f"No browser trusts the certificate of {host}: {error.verify_message}."
    except OSError as error:
        yield f"{host} cannot be reached over TLS: {error.strerror or type(error).__name__}."
        return
    if _is_taken(host, port, _careless(ssl.TLSVersion.TLSv1_1, ANY)):
        yield f"{host} still speaks TLS 1.1 or older: allow 1.2 and 1.3 alone."
    if _is_taken(host, port, _careless(ssl.TLSVersion.TLSv1_2, NOT_SEALED_WELL)):
        yield f"{host} takes weak ciphers: allow those with ECDHE and GCM or ChaCha20 alone."
    if _answers_plainly(host, plain_port):
        yield f"{host} answers without TLS: let port {plain_port} lead to https, or close it."


def _shake_hands(host: str, port: int, context: ssl.SSLContext) -> None:
    with (
        create_connection((host, port), timeout=PATIENCE_SECONDS) as line,
        context.wrap_socket(line, server_hostname=host),
    ):
        return


def _is_taken(host: str, port: int, context: ssl.SSLContext) -> bool:
    """Whether the server agrees to what it should refuse."""
    try:
        _shake_hands(host, port, context)
    except OSError:
        return False
    return True


def _careless(newest: ssl.TLSVersion, ciphers: str) -> ssl.SSLContext:
    """Somebody who would take anything as old as that; nothing is ever sent over it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():
        # Python warns of old versions: they are what is looked for.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = newest
    context.set_ciphers(ciphers)
    return context


def _answers_plainly(host: str, port: int) -> bool:
    line = HTTPConnection(host, port, timeout=PATIENCE_SECONDS)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status < 300
    except (OSError, HTTPException):
        return False
    finally:
        line.close()

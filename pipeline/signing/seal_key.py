"""Read the key and the certificate with which the service seals: a PKCS #12 file (.p12, .pfx)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates
from pyhanko.sign.signers import SimpleSigner

from pipeline.errors import Problem, SetupError

LARGEST_KEY_FILE = 1_000_000  # bytes
_SMALLEST_RSA = 2048  # bits; ETSI TS 119 312 asks for no less


@dataclass(frozen=True, slots=True)
class SealKey:
    """The service's key, ready to seal with.

    `owner` is whom the certificate names, `fingerprint` its SHA-256 in hex. `names` are the subjects and issuers of
    all certificates that a seal carries, as they can be read in the sealed file.
    """

    signer: SimpleSigner = field(repr=False)
    owner: str
    fingerprint: str
    names: tuple[str, ...]


def load_seal_key(data: bytes, passphrase: str) -> SealKey:
    """Return the key in the bytes of a PKCS #12 file.

    Raises SetupError when the file or the passphrase is wrong, when key or certificate is missing, when the
    certificate is not valid today or not meant for signing, and when the key is too weak.
    """
    if len(data) > LARGEST_KEY_FILE:
        raise _unusable("This file is far too large for a key.", "Name the .p12 or .pfx file of the seal.")
    try:
        key, certificate, others = load_key_and_certificates(data, passphrase.encode())
    except ValueError as error:
        raise _unusable(
            "The key file cannot be opened: it is not a PKCS #12 file, or the passphrase is not right.",
            "Check both. The passphrase is the first line of its file.",
        ) from error
    if key is None or certificate is None:
        raise _unusable(
            "The key file lacks the private key or its certificate.",
            "Export both together, with the certificates of the issuer, as a .p12 file.",
        )
    _refuse_weak(key)
    _refuse_certificate(certificate)
    signer = SimpleSigner.load_pkcs12_data(data, other_certs=[], passphrase=passphrase.encode())
    if signer is None:
        raise _unusable("This kind of key cannot seal.", "Use an RSA or an elliptic curve key.")
    return SealKey(
        signer=signer,
        owner=name_of(certificate),
        fingerprint=certificate.fingerprint(SHA256()).hex(),
        names=tuple(
            dict.fromkeys(
                text
                for each in (certificate, *others)
                for text in (each.subject.rfc4514_string(), each.issuer.rfc4514_string())
            )
        ),
    )


def fingerprints(data: bytes) -> frozenset[str]:
    """Return the SHA-256 fingerprints, in hex, of the certificates in a PEM or DER file. Raises ValueError."""
    pem = b"-----BEGIN" in data
    found = x509.load_pem_x509_certificates(data) if pem else [x509.load_der_x509_certificate(data)]
    return frozenset(each.fingerprint(SHA256()).hex() for each in found)


def name_of(certificate: x509.Certificate) -> str:
    """Return whom a certificate names: its common name, else its organisation, else the whole subject."""
    for oid in (x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATION_NAME):
        found = certificate.subject.get_attributes_for_oid(oid)
        if found:
            return str(found[0].value)
    return certificate.subject.rfc4514_string()


def _refuse_weak(key: object) -> None:
    if isinstance(key, RSAPrivateKey) and key.key_size >= _SMALLEST_RSA:
        return
    if isinstance(key, EllipticCurvePrivateKey):
        return
    raise _unusable(
        "The key is too weak for a seal that is to last, or of a kind that few readers know.",
        f"Use an RSA key of at least {_SMALLEST_RSA} bits, or an elliptic curve key.",
    )


def _refuse_certificate(certificate: x509.Certificate) -> None:
    now = datetime.now(UTC)
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise _unusable("The certificate of the seal is not valid today.", "Ask its issuer for a new one.")
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise _unusable("The certificate of the seal is not meant for signing.", "Ask its issuer for a signing one.")


def _unusable(what: str, do: str) -> SetupError:
    return SetupError([Problem(what, do, where="--pkcs12")])

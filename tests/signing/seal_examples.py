"""Keys, certificates, a time-stamp authority and signed versions for the tests of the seal."""

from __future__ import annotations

import json
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from pipeline.batch.run import generate
from pipeline.batch.sources import find_sources
from pipeline.batch.workshop import Order
from pipeline.copies.plan import plan_copies
from pipeline.publication.manifest import NAME, ManifestFile, SignatureEntry, digest, read_manifest, to_bytes
from pipeline.publication.place import Place, add_to
from pipeline.service.load import load_service
from pipeline.shipped import shipped
from pipeline.signing.model import TextMark
from pipeline.signing.stamping import stamp
from pipeline.signing.versions import find_record

SAMPLES = shipped("samples")
PASSPHRASE = "a quiet harbour"  # noqa: S105 - opens only keys made here
SERVICE_NAME = "Harbour seal"


@dataclass(frozen=True)
class Identity:
    """A key, its certificate, and those of its issuers."""

    key: object
    certificate: x509.Certificate
    issuers: tuple[x509.Certificate, ...] = ()

    @property
    def fingerprint(self):
        return self.certificate.fingerprint(SHA256()).hex()

    @property
    def pem(self):
        return self.certificate.public_bytes(Encoding.PEM)

    def pkcs12(self, passphrase=PASSPHRASE):
        encryption = BestAvailableEncryption(passphrase.encode())
        return pkcs12.serialize_key_and_certificates(
            b"seal", self.key, self.certificate, list(self.issuers) or None, encryption
        )


def identity(name, *, issuer=None, days=(-1, 3650), key=None, signing=True, is_issuer=False, stamping=False, crl=None):
    """Return a new identity: of its own, or issued by `issuer`. `days` says when it is valid, counted from today."""
    key = key or rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=signing,
        content_commitment=signing and not is_issuer,
        key_encipherment=not signing,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_issuer,
        crl_sign=is_issuer,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=is_issuer, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(usage, critical=True)
    )
    if stamping:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if crl:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(crl)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    certificate = builder.sign(issuer.key if issuer else key, SHA256())
    return Identity(key, certificate, (issuer.certificate, *issuer.issuers) if issuer else ())


def weak_identity():
    return identity("Weak seal", key=rsa.generate_private_key(65537, 1024))  # noqa: S505 - to be refused


def curve_identity():
    return identity("Curve seal", key=ec.generate_private_key(ec.SECP256R1()))


def revocation_list(issuer):
    """Return an issuer's list of revoked certificates, with nobody on it."""
    now = datetime.now(UTC)
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject)
    builder = builder.last_update(now - timedelta(days=1)).next_update(now + timedelta(days=30))
    number = x509.CRLNumber(1)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.certificate.public_key())
    builder = builder.add_extension(number, critical=False).add_extension(identifier, critical=False)
    return builder.sign(issuer.key, SHA256()).public_bytes(Encoding.DER)


@contextmanager
def serving(answer):
    """Serve on the loopback; `answer` turns the body of a request into (content type, body)."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self._reply(self.rfile.read(int(self.headers["Content-Length"])))

        def do_GET(self):
            self._reply(b"")

        def _reply(self, body):
            kind, data = answer(body)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def time_stamp_authority(own):
    """Serve an RFC 3161 authority with this identity."""
    certificate = asn1_x509.Certificate.load(own.certificate.public_bytes(Encoding.DER))
    data = own.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    issuers = [asn1_x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in own.issuers]
    stamper = DummyTimeStamper(certificate, keys.PrivateKeyInfo.load(data), certs_to_embed=issuers)

    def answer(body):
        return "application/timestamp-reply", stamper.request_tsa_response(tsp.TimeStampReq.load(body)).dump()

    with serving(answer) as url:
        yield url


def service():
    return load_service(SAMPLES / "agreements.toml")


def generated(out, *refs):
    """Make the copies of these samples."""
    sources = find_sources([str(SAMPLES / f"{ref}.json") for ref in refs], recursive=False, standard_input=BytesIO())
    for result in generate(sources, Order(service(), out)):
        assert result.done, result.problems


def copies_of(place):
    own = service()
    return plan_copies(find_record([SAMPLES], place.ref, place.version, extra_fields=own.extra_fields), own)


def sign_everything(place, *, but=()):
    """Publish a stamped file beside each copy with a place to sign, and an entry for everybody but those in `but`."""
    manifest = read_manifest(place.folder)
    copies = {f"{copy.folder}/{copy.stem}.pdf": copy for copy in copies_of(place)}
    entries, files = [], {}
    for entry in manifest.copies:
        original = entry.files[1]
        copy = copies[original.name]
        if not copy.places:
            entries.append(entry)
            continue
        marks = [TextMark(each.caption, ("Signed at the meeting.",)) for each in copy.places]
        width_mm, height_mm = manifest.signature_mm
        before = (place.folder / original.name).read_bytes()
        data = stamp(before, marks, width_mm=width_mm, height_mm=height_mm, language=copy.language)
        folder, _, name = original.name.rpartition("/")
        file = ManifestFile(f"{folder}/signed/{name}", digest(data), len(data), original.pages)
        files[file.name] = data
        entries.append(replace(entry, signed=file))
    sheets = {(each.participant, copy.code) for copy in copies.values() for each in copy.places}
    due = Counter(participant for participant, _ in sheets)
    signatures = tuple(
        SignatureEntry(who, "self", "pen", "2026-11-12", "own") for who in sorted(due.elements()) if who not in but
    )
    add_to(place, files | {NAME: to_bytes(replace(manifest, copies=tuple(entries), signatures=signatures))})


def signed_out(out, *refs):
    generated(out, *refs)
    for ref in refs:
        sign_everything(Place(out, ref, 1))


def put_as_signed(place, reader, data):
    """Put these bytes in the place of a reader's signed copy, as if they had been published so."""
    change_manifest(place, lambda document: _as_signed(document, reader, data))
    entry = next(each for each in read_manifest(place.folder).copies if each.reader == reader and each.signed)
    (place.folder / entry.signed.name).write_bytes(data)


def _as_signed(document, reader, data):
    for copy in document["copies"]:
        if copy["reader"] == reader and "signed" in copy:
            copy["signed"] |= {"sha256": digest(data), "bytes": len(data)}


def change_manifest(place, how):
    path = Path(place.folder) / NAME
    document = json.loads(path.read_bytes())
    how(document)
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def files_in(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

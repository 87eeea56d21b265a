"""Content credentials for tests: a film signed by a studio that an authority vouches for, both made here."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from c2pa import Builder, C2paSignerInfo, C2paSigningAlg, Signer
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


def certificate(name, issuer=None, key=None):
    own = ec.generate_private_key(ec.SECP256R1())
    names = (NameOID.ORGANIZATION_NAME, NameOID.COMMON_NAME)
    subject = x509.Name([x509.NameAttribute(kind, name) for kind in names])
    top, signing = issuer is None, key or own
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder(subject_name=subject, issuer_name=subject if top else issuer.subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=top, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(not top, False, False, False, False, top, top, False, False), critical=True
        )
    )  # fmt: skip
    if not top:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
    return builder.sign(signing, hashes.SHA256()), own


def sign(film: Path, target: Path) -> str:
    """Write `film` with credentials of "Dream Studio" as `target`; gives the authority's certificate as PEM."""
    authority, authority_key = certificate("Test Authority")
    leaf, key = certificate("Dream Studio", authority, authority_key)
    chain = leaf.public_bytes(Encoding.PEM) + authority.public_bytes(Encoding.PEM)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    manifest = {
        "claim_generator_info": [{"name": "Dreamer", "version": "3.1"}],
        "assertions": [{"label": "c2pa.actions", "data": {"actions": [{
            "action": "c2pa.created", "softwareAgent": {"name": "Dreamer Video", "version": "3"},
            "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
        }]}}],
    }  # fmt: skip
    info = C2paSignerInfo(C2paSigningAlg.ES256, chain, private, None)
    with Signer.from_info(info) as signer, Builder(manifest) as builder:
        builder.sign_file(str(film), str(target), signer)
    return authority.public_bytes(Encoding.PEM).decode()

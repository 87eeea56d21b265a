"""Where a film says it comes from: the AI label, XMP, content credentials. Read from the file as handed in.

Nothing is fetched: a manifest that lies elsewhere is only named. Loads the C2PA library for a film that has a manifest
and for no other.
"""

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

from submissions.inspection.aigc import grade
from submissions.inspection.container import Inside, Label
from submissions.inspection.facts import C2pa, C2paAction, Provenance

MOST_ACTIONS = 40
LONGEST = 200
TYPES = {"mp4": "video/mp4", "mov": "video/quicktime", "avi": "video/avi"}

_TC260 = "http://www.tc260.org.cn/ns/AIGC/1.0/"
_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_XMP = "http://ns.adobe.com/xap/1.0/"
_TERMS = "http://purl.org/dc/terms/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

# Absent keys mean "yes" to this library: each way out is shut by name.
OFFLINE: dict[str, Any] = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": True},
}


def read_provenance(path: Path, container: str, inside: Inside, trust: str = "") -> Provenance:
    """Everything a film says of its origin. `trust` holds the trusted signers' certificates as PEM text."""
    said = read_xmp(inside.xmp)
    c2pa = C2pa()
    if inside.c2pa:
        c2pa = read_c2pa(path, TYPES.get(container, "video/mp4"), trust)
    elif f"{{{_TERMS}}}provenance" in said:
        c2pa = C2pa("remote")
    return Provenance(
        c2pa,
        grade(labels_of(inside, said)),
        _last_word(said.get(f"{{{_IPTC}}}DigitalSourceType", "")),
        said.get(f"{{{_XMP}}}CreatorTool", "")[:LONGEST],
    )


def labels_of(inside: Inside, xmp: dict[str, str]) -> list[Label]:
    """The texts that may be the implicit label: those of the container, and the property of its XMP."""
    value = xmp.get(f"{{{_TC260}}}AIGC")
    return [*inside.labels, *([Label("xmp", "AIGC", value)] if value else [])]


def read_xmp(packet: bytes) -> dict[str, str]:
    """The simple properties of an XMP packet by "{namespace}name"; nothing for one that cannot be read.

    A packet with a document type is refused: entities are how XML becomes a bomb.
    """
    text = packet.decode("utf-8", "replace").strip("\0 \r\n\ufeff")
    if not text or re.search(r"<!(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        return {}
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  no document type, at most a megabyte
    except (ElementTree.ParseError, ValueError):
        return {}
    said: dict[str, str] = {}
    for description in root.iter(f"{{{_RDF}}}Description"):
        for name, value in description.attrib.items():
            said.setdefault(name, value.strip())
        for element in description:
            value = "".join(element.itertext()).strip() or element.get(f"{{{_RDF}}}resource", "")
            said.setdefault(element.tag, value)
    return said


def read_c2pa(path: Path, kind: str, trust: str = "") -> C2pa:
    """Validate the manifest inside a file, without a network."""
    try:
        from c2pa import C2paError, Context, Reader, Settings  # type: ignore[import-untyped]
    except (ImportError, OSError):
        return C2pa("unread", "no_reader")
    settings = OFFLINE | ({"trust": {"trust_anchors": trust}} if trust else {})
    try:
        with (
            path.open("rb") as stream,
            Context(Settings.from_dict(settings)) as context,
            Reader(kind, stream, context=context) as reader,
        ):
            return _told(json.loads(reader.json()))
    except C2paError as error:
        said = f"{type(error).__name__}: {error}"
        if "ManifestNotFound" in said or "JumbfNotFound" in said:
            return C2pa("unread", "empty")
        if "Remote" in said:
            return C2pa("remote")
        return C2pa("unread", "damaged")
    except (ValueError, TypeError, KeyError, AttributeError):
        return C2pa("unread", "damaged")


def _told(store: dict[str, Any]) -> C2pa:
    """The state of a validated manifest store and what its active manifest says."""
    manifest = store.get("manifests", {}).get(store.get("active_manifest"), {})
    results = store.get("validation_results", {}).get("activeManifest", {})
    failed = [str(item.get("code", "")) for item in results.get("failure", [])]
    grave = [code for code in failed if code != "signingCredential.untrusted"]
    state: Any = {"Trusted": "trusted", "Valid": "valid"}.get(str(store.get("validation_state")), "tampered")
    signature = manifest.get("signature_info") or {}
    actions = []
    for assertion in manifest.get("assertions", []):
        if str(assertion.get("label", "")).startswith("c2pa.actions"):
            for action in (assertion.get("data") or {}).get("actions", [])[:MOST_ACTIONS]:
                actions.append(_action(action))
    generators = [
        " ".join(str(info[key]) for key in ("name", "version") if info.get(key))
        for info in manifest.get("claim_generator_info") or []
    ] or [str(manifest.get("claim_generator") or "")]
    return C2pa(
        state,
        (grave or failed or [""])[0][:LONGEST],
        str(signature.get("issuer") or signature.get("common_name") or "")[:LONGEST],
        tuple(name[:LONGEST] for name in generators if name)[:5],
        tuple(actions[:MOST_ACTIONS]),
        str(signature.get("time") or "")[:40],
    )


def _action(action: dict[str, Any]) -> C2paAction:
    agent = action.get("softwareAgent") or ""
    if isinstance(agent, dict):
        agent = " ".join(str(agent[key]) for key in ("name", "version") if agent.get(key))
    source = _last_word(str(action.get("digitalSourceType") or ""))
    return C2paAction(str(action.get("action", ""))[:LONGEST], str(agent)[:LONGEST], source)


def _last_word(uri: str) -> str:
    """The term of a vocabulary's address: trainedAlgorithmicMedia."""
    return re.split(r"[/#:]", uri.strip().rstrip("/"))[-1][:LONGEST]

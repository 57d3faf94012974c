"""Reads files that the Rust side wrote, the way the published runtime does, and says what it made of them.

    python trust_files.py DIRECTORY

The directory holds `root.pub`, `node.cred`, `wire.json` (a list of credentials as they go over the wire) and
`nonces.json`. Prints one JSON object; every consumer credential is presented to the runtime's own admission handler by
the node of `node.cred`. Uses the nonce of 32 bytes 0x22 up, which rewrites `nonces.json`.
"""

import asyncio
import json
import sys
from pathlib import Path

from aster import runtime
from aster.config import AsterConfig
from aster.trust.consumer import ConsumerAdmissionRequest, consumer_cred_to_json, handle_consumer_admission_rpc
from aster.trust.credentials import EnrollmentCredential
from aster.trust.hooks import MeshEndpointHook
from aster.trust.nonces import InMemoryNonceStore, NonceStore
from aster.trust.signing import load_private_key, verify_signature


async def main(directory: Path) -> dict:
    root = AsterConfig(root_pubkey_file=str(directory / "root.pub")).resolve_root_pubkey()
    path = str(directory / "node.cred")
    config = AsterConfig(identity_file=path)
    secret, _ = config.load_identity(role="consumer")
    node = load_private_key(secret).public_key().public_bytes_raw().hex()
    nonces = InMemoryNonceStore()

    async def admitted(credential_json: str) -> dict | None:
        request = ConsumerAdmissionRequest(credential_json=credential_json).to_json()
        answer = await handle_consumer_admission_rpc(request, root, MeshEndpointHook(), node, nonce_store=nonces)
        return answer.attributes if answer.admitted else None

    def selected(**rule) -> dict:
        return (config.load_identity(**rule)[1] or {}).get("name")

    peers = {}
    for name in ("client", "once", "strange \"name\"\n[x]"):
        _, entry = config.load_identity(peer_name=name)
        credential = runtime._credential_from_peer_entry(entry)
        peers[name] = await admitted(consumer_cred_to_json(credential))
    _, entry = config.load_identity(role="producer")
    producer = EnrollmentCredential(
        endpoint_id=entry["endpoint_id"],
        root_pubkey=bytes.fromhex(entry["root_pubkey"]),
        expires_at=entry["expires_at"],
        attributes=entry["attributes"],
        signature=bytes.fromhex(entry["signature"]),
    )
    store = NonceStore(directory / "nonces.json")
    return {
        "root": root.hex(),
        "node": node,
        "first": {role: selected(role=role) for role in ("consumer", "producer")},
        "loaded": runtime._load_enrollment_credential(path).attributes,
        "peers": peers,
        "producer": verify_signature(producer, root),
        "wire": [await admitted(text) for text in json.loads((directory / "wire.json").read_text())],
        "used": [not await store.consume(bytes([byte]) * 32) for byte in (0x11, 0x22)],
    }


print(json.dumps(asyncio.run(main(Path(sys.argv[1])))))

"""Empty objects whose names hold what a listing must know without reading manifests."""

from __future__ import annotations

from urllib.parse import urlencode

from dataio.dumps.manifest import LABELS_FOLDER, Manifest
from dataio.dumps.store import Store
from dataio.dumps.tags import as_name, label_name


def write_labels(store: Store, manifest: Manifest) -> None:
    """Store the labels of a dump. Raises StoreError."""
    info = {
        "content": manifest.content,
        "database": manifest.database.name[:63],
        "fingerprint": manifest.fingerprint,
        "rows": str(manifest.rows),
    }
    if manifest.partial:
        info["partial"] = "yes"
    names = [f"{LABELS_FOLDER}info/{as_name(urlencode({key: value for key, value in info.items() if value}))}"]
    names += [f"{LABELS_FOLDER}tag/{label_name(key, value)}" for key, value in manifest.tags.items()]
    for name in names:
        store.put(f"{manifest.id}/{name}", b"", manifest.object_tags())

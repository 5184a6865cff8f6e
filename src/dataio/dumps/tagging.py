"""Tags of a dump that is there: added, removed, moved from another one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from dataio.dumps.listing import Entry
from dataio.dumps.manifest import LABELS_FOLDER
from dataio.dumps.store import Store
from dataio.dumps.tags import check, label_name, object_tags
from dataio.errors import UsageError


def change_tags(store: Store, entry: Entry, *, add: Mapping[str, str], remove: Iterable[str] = ()) -> dict[str, str]:
    """Give ``entry`` tags (in the place of those with the same keys) and take others; its own tags then.

    Raises UsageError where the outcome breaks S3's limits or a tag to remove is not there.
    """
    gone = set(remove)
    if absent := gone - entry.tags.keys():
        raise UsageError(f"{entry.id} has no tag {', '.join(sorted(absent))}")
    tags = {key: value for key, value in entry.tags.items() if key not in gone} | dict(add)
    check(tags)
    if tags == entry.tags:
        return tags
    whole = object_tags(entry.version, entry.time, tags)
    labels = {key: f"{entry.folder}{LABELS_FOLDER}tag/{label_name(key, value)}" for key, value in tags.items()}
    before = {f"{entry.folder}{LABELS_FOLDER}tag/{label_name(key, value)}" for key, value in entry.tags.items()}
    for label in sorted(set(labels.values()) - before):
        store.put(label, b"", whole)
    store.delete(sorted(before - set(labels.values())))
    keys = [listed.key for listed in store.list(entry.folder)]
    with ThreadPoolExecutor(4, thread_name_prefix="dataio-tags") as pool:
        for _ in pool.map(lambda key: store.set_tags(key, whole), keys):
            pass
    return tags

"""Every setting there is: a row each. ``docs/settings.md`` documents them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from dataio.settings.values import (
    Parser,
    as_count,
    as_duration,
    as_engine,
    as_manage,
    as_names,
    as_path,
    as_paths,
    as_rules,
    as_store,
    as_text,
    as_truth,
    as_url,
    one_of,
)

EMBEDDED: Final = "embedded"  # what --target calls the development database under .dataio/


@dataclass(frozen=True)
class Setting:
    """A row of the table: its name in files, how it is read, and what holds without it."""

    name: str
    parse: Parser
    default: Any
    summary: str
    flag: str = ""
    per_environment: bool = False
    may_hold_password: bool = False

    @property
    def variable(self) -> str:
        return f"DATAIO_{self.name.upper()}"


TABLE: Final[tuple[Setting, ...]] = (
    Setting("target", as_url, EMBEDDED, "The database to work on: a URL or an environment", "--target", False, True),
    Setting("schema", as_paths, "schema.sql", "The schema's files and folders", "--schema"),
    Setting("migrations", as_path, "generated_migrations", "The folder of numbered scripts", "--migrations"),
    Setting("scratch_url", as_url, None, "A server where scratch databases may be made", "--scratch-url", True, True),
    Setting("engine", as_engine, "auto", "Who proposes statements: auto, migra, native", "--engine"),
    Setting("manage", as_manage, "auto", "What is managed beside structure: auto, all, or a list", "--manage", True),
    Setting("ignore", as_names, (), "Objects or aspects left out of both sides", "--ignore"),
    Setting("ignore_file", as_path, ".dataioignore", "A file of more of these, a glob to a line"),
    Setting("allow", as_names, (), "Hazards that apply may run without asking by name", "--allow", True),
    Setting("refuse", as_names, (), "Hazards that are refused in addition to data-loss and constraint", "", True),
    Setting("online", as_truth, False, "Plans in phases that keep nobody waiting for long", "--online", True),
    Setting("hazards", as_rules, (), "Per hazard or kind: allow, show, refuse, or a limit (5s, 1GB)", "", True),
    Setting("data_checks", as_duration, "30s", "How long rows may be counted that stand in the way", "", True),
    Setting("lock_timeout", as_duration, "10s", "How long apply waits for a lock", "--lock-timeout", True),
    Setting("old_transaction", as_duration, "10s", "Behind how old a transaction apply does not queue", "", True),
    Setting("wait", as_duration, "0", "How long apply waits for such transactions to end", "--wait", True),
    Setting("statement_timeout", as_duration, "0", "How long one statement may run", "--statement-timeout", True),
    Setting(
        "store", as_store, ".dataio/dumps", "Where dumps are kept: s3://bucket/prefix or a folder", "--store", True
    ),
    Setting("s3_endpoint", as_url, None, "The URL of an S3 server that is not Amazon's", "--s3-endpoint", True),
    Setting("s3_region", as_text, None, "The bucket's region", "--s3-region", True),
    Setting("s3_profile", as_text, None, "The profile in ~/.aws that has the credentials", "--s3-profile", True),
    Setting(
        "s3_addressing", one_of("auto", "path", "virtual"), "auto", "Bucket in the path or in the host name", "", True
    ),
    Setting("s3_encryption", one_of("AES256", "aws:kms", "aws:kms:dsse"), None, "Server-side encryption", "", True),
    Setting("s3_kms_key", as_text, None, "The key for s3_encryption by KMS", "", True),
    Setting("s3_checksum", one_of("sha256", "crc32", "none"), "sha256", "The checksum the server compares", "", True),
    Setting("s3_tagging", as_truth, True, "Whether the server knows object tags", "", True),
    Setting("s3_storage_class", as_text, None, "The storage class of new objects", "", True),
    Setting("s3_attempts", as_count, 8, "How often a request is tried", "", True),
    Setting("work", as_path, ".dataio/work", "Where files pass through while dumping and restoring", "--work"),
    Setting("api_secret", as_text, None, "What cookies, cursors and links are signed with"),
    Setting("api_pool_min", as_count, 2, "Connections that the API keeps open"),
    Setting("api_pool_max", as_count, 10, "Connections that the API opens at most"),
    Setting("api_pool_wait", as_duration, "3s", "How long a request waits for a connection"),
    Setting("api_statement_timeout", as_duration, "10s", "How long one query of a request may take"),
    Setting("api_body_limit", as_count, 1_000_000, "Bytes that a request's body may have"),
    Setting("api_body_timeout", as_duration, "15s", "How long a request's body may take to arrive"),
    Setting("api_link_lifetime", as_duration, "5min", "How long a download link works"),
    Setting("api_session_lifetime", as_duration, "12h", "How long a browser stays signed in"),
    Setting("api_failed_keys", as_count, 30, "Wrong keys from one address in a minute before 429"),
    Setting("api_cors", as_names, (), "Origins that browsers may call the API from"),
    Setting("api_worker", as_truth, True, "Whether the API runs jobs itself"),
    Setting("api_sample", as_truth, False, "Whether an empty development catalogue gets sample data"),
    Setting("api_apply", as_truth, False, "Whether scripts may be applied over HTTP"),
    Setting("api_telemetry", as_truth, False, "Whether metrics and traces are on"),
)

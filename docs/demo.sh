#!/bin/sh
# What `make demo` shows: schema.sql planned, proven and applied to an embedded PostgreSQL, then changed, and again.
# Everything happens in a temporary directory, which is gone afterwards, and so are the servers.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/dataio-demo-XXXXXX")
for variable in $(env | sed -n 's/^\(PG[A-Z]*\|DATAIO_[A-Z_]*\|DATABASE_URL\|DB_[A-Z]*\)=.*/\1/p'); do
    unset "$variable"
done
DATAIO_CACHE_DIR=$work/cache
export DATAIO_CACHE_DIR

finish() {
    status=$?
    trap - EXIT INT TERM
    cd "$work" && { dataio db stop --scratch --quiet; dataio db stop --quiet; } >/dev/null 2>&1 || true
    cd / && rm -rf "$work"
    exit "$status"
}
# Root's servers run as another account, which must be able to get there.
chmod 711 "$work"
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); else bold='' plain=''; fi
tell() { printf '\n%s# %s%s\n' "$bold" "$*" "$plain"; }
show() {
    printf '\n%s$ %s%s\n' "$bold" "$*" "$plain"
    "$@" 2>&1
}

cp "$here/schema.sql" "$work/schema.sql"
mkdir "$work/generated_migrations"
cd "$work"

tell "A project: one file says what the database should be ($(wc -l <schema.sql | tr -d ' ') lines)."
show dataio db start

tell "The way from an empty database to it, tried out and proven on a copy before anyone sees it:"
show dataio schema plan create_catalogue --quiet --out first_plan.txt
tail -n 12 first_plan.txt
show dataio schema apply --yes

tell "Now the schema changes: a column, its index, and the view that shows it."
cp schema.sql before.sql
python - <<'PY'
from pathlib import Path

EDITS = (
    ("\n\n    CONSTRAINT datasets_ds_id_length ",
     "\n    doi                      text,\n\n    CONSTRAINT datasets_ds_id_length "),
    ("CREATE INDEX datasets_last_modified_idx ",
     "CREATE UNIQUE INDEX datasets_doi_key ON datasets (lower(doi));\nCREATE INDEX datasets_last_modified_idx "),
    ("COMMENT ON COLUMN datasets.title IS ",
     "COMMENT ON COLUMN datasets.doi IS 'Digital object identifier, once it has one.';\n"
     "COMMENT ON COLUMN datasets.title IS "),
    ("       d.last_modified\n  FROM datasets d\n", "       d.last_modified,\n       d.doi\n  FROM datasets d\n"),
    ("COMMENT ON COLUMN datasets_full_view.title IS ",
     "COMMENT ON COLUMN datasets_full_view.doi IS 'See datasets.';\nCOMMENT ON COLUMN datasets_full_view.title IS "),
)
path = Path("schema.sql")
text = path.read_text(encoding="utf-8")
for old, new in EDITS:
    assert text.count(old) == 1, old
    text = text.replace(old, new)
path.write_text(text, encoding="utf-8")
PY
diff -u before.sql schema.sql | sed 1,2d || true
rm before.sql
show dataio schema plan add_doi

tell "The script that it wrote, whole:"
show cat generated_migrations/002_add_doi.sql

show dataio schema apply --yes

tell "schema.sql, the scripts and the database agree:"
show dataio schema check --target embedded
show dataio schema status
show dataio schema history

-- dataio rollback 001: create_catalogue
--
-- format: dataio.script/1
-- number: 001
-- name: create_catalogue
-- kind: rollback
-- undoes: sha256:7c308ec506ae1cfdddb1d95daaf2d48c7effeeaa26adfec26473804e97a66aaf
-- from: pg18:63e5f968d2b396b6b07ab02ed393a25dd97e8b5acabe2803ee19baea4921db33
-- to: pg18:0495430e4850f7ef6b181478bb238932a5b856b5e97bde4ffdb44edf72964e54
-- target: dataio @ .dataio (PostgreSQL 18.4)
-- managed: comments, publications, security_labels, subscriptions
-- authors: native
-- tools: dataio=0.1.0; scratch=PostgreSQL 18.4
-- commit: 547f826d41f0
-- statements: 43
-- transactions: 1
-- refused: data-loss/drop-table public.dataset_raw_datasets | the table and its rows are gone
-- hazard: lock/access-exclusive public.datasets | blocks reads and writes from here until the script commits
-- hazard: lock/access-exclusive public.raw_datasets | blocks reads and writes from here until the script commits
-- refused: data-loss/drop-table public.dataset_tags | the table and its rows are gone
-- hazard: lock/access-exclusive public.tags | blocks reads and writes from here until the script commits
-- refused: data-loss/drop-table public.dataset_search | the table and its rows are gone
-- refused: data-loss/drop-table public.version_tables | the table and its rows are gone
-- hazard: lock/access-exclusive public.dataset_versions | blocks reads and writes from here until the script commits
-- refused: data-loss/drop-table public.dataset_versions | the table and its rows are gone
-- hazard: lock/access-exclusive public.buckets | blocks reads and writes from here until the script commits
-- refused: data-loss/drop-table public.group_permissions | the table and its rows are gone
-- hazard: lock/access-exclusive public.groups | blocks reads and writes from here until the script commits
-- hazard: lock/access-exclusive public.resource_groups | blocks reads and writes from here until the script commits
-- hazard: lock/access-exclusive public.users | blocks reads and writes from here until the script commits
-- refused: data-loss/drop-table public.resource_group_members | the table and its rows are gone
-- refused: data-loss/drop-table public.user_permissions | the table and its rows are gone
-- refused: data-loss/drop-table public.datasets | the table and its rows are gone
-- hazard: lock/access-exclusive public.collections | blocks reads and writes from here until the script commits
-- hazard: lock/access-exclusive public.data_owners | blocks reads and writes from here until the script commits
-- refused: data-loss/drop-table public.collections | the table and its rows are gone
-- refused: data-loss/drop-table public.data_owner_contacts | the table and its rows are gone
-- refused: data-loss/drop-table public.raw_datasets | the table and its rows are gone
-- refused: data-loss/drop-table public.data_owners | the table and its rows are gone
-- refused: data-loss/drop-table public.tags | the table and its rows are gone
-- refused: data-loss/drop-table public.buckets | the table and its rows are gone
-- refused: data-loss/drop-table public.api_keys | the table and its rows are gone
-- refused: data-loss/drop-table public.group_members | the table and its rows are gone
-- refused: data-loss/drop-table public.rate_limits | the table and its rows are gone
-- refused: data-loss/drop-table public.groups | the table and its rows are gone
-- refused: data-loss/drop-table public.resource_groups | the table and its rows are gone
-- refused: data-loss/drop-table public.users | the table and its rows are gone
-- refused: data-loss/drop-table public.rate_limit_counters | the table and its rows are gone
-- hazard: irreversible/drop-enum public.access_level | the type is gone
-- hazard: irreversible/drop-enum public.updation_frequency | the type is gone
-- hazard: irreversible/drop-enum public.version_type | the type is gone
-- proof: snapshot and pg_dump equal after running this script on a copy (PostgreSQL 18)
-- checksum: sha256:e4a2b7e037f561957ae20a620d5ec654ff65855016b5ccd40ef1c627e9923115

-- [begin]
BEGIN;

-- [guard]
SET LOCAL client_encoding = 'UTF8';
SET LOCAL standard_conforming_strings = on;
SET LOCAL check_function_bodies = off;
DO $dataio$
DECLARE
    version integer;
    applied text;
BEGIN
    PERFORM pg_advisory_xact_lock(1684108385, 26991);  -- one migration at a time
    IF to_regclass('dataio_meta.migration') IS NOT NULL THEN
        SELECT number, checksum INTO version, applied FROM dataio_meta.migration ORDER BY number DESC LIMIT 1;
    END IF;
    IF version IS DISTINCT FROM 1 THEN
        RAISE EXCEPTION 'migration % is not the last one that was applied here', '001'
            USING DETAIL = coalesce('This database is at version ' || version || '.', 'No migration was applied here.'),
                  HINT = 'Migrations are taken back in the reverse order of their numbers.';
    ELSIF applied IS DISTINCT FROM 'sha256:7c308ec506ae1cfdddb1d95daaf2d48c7effeeaa26adfec26473804e97a66aaf' THEN
        RAISE EXCEPTION 'migration % was applied here by another script than the one that this takes back', '001'
            USING DETAIL = 'Applied: ' || applied || '.';
    END IF;
    IF EXISTS (SELECT FROM dataio_meta.segment WHERE number = 1 AND checksum = 'sha256:e4a2b7e037f561957ae20a620d5ec654ff65855016b5ccd40ef1c627e9923115') THEN
        RAISE EXCEPTION 'transaction 1 of the rollback of % is done already', '001'
            USING HINT = 'It was interrupted; what follows goes on where it stopped.';
    END IF;
    DELETE FROM dataio_meta.segment;  -- of a script that was interrupted
    IF to_regclass('dataio_meta.rollback') IS NULL THEN
        CREATE TABLE dataio_meta.rollback (  -- what was applied and taken back, as often as that happened
            number         integer     NOT NULL,
            name           text        NOT NULL,
            checksum       text        NOT NULL,
            applied_at     timestamptz NOT NULL,
            applied_by     text        NOT NULL,
            script         text        NOT NULL,
            rolled_back_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            rolled_back_by text        NOT NULL DEFAULT session_user,
            git_commit     text        NOT NULL,
            tool_version   text        NOT NULL
        );
    END IF;
END
$dataio$;

-- [1/43] drop view public.datasets_full_view (native; AccessExclusiveLock)
DROP VIEW public.datasets_full_view;

-- [2/43] drop view public.tag_counts (native; AccessExclusiveLock)
DROP VIEW public.tag_counts;

-- [3/43] drop function public.add_dataset(text, text, text, text[], text[], text, public.access_level, text) (native)
DROP FUNCTION public.add_dataset(text, text, text, text[], text[], text, public.access_level, text);

-- [4/43] drop function public.add_raw_dataset(text, text, text, text, text, date) (native)
DROP FUNCTION public.add_raw_dataset(text, text, text, text, text, date);

-- [5/43] drop function public.count_request(text, text, bigint, bigint) (native)
DROP FUNCTION public.count_request(text, text, bigint, bigint);

-- [6/43] drop function public.dataset_access(bigint, bigint) (native)
DROP FUNCTION public.dataset_access(bigint, bigint);

-- [7/43] drop function public.dataset_grants(bigint, bigint) (native)
DROP FUNCTION public.dataset_grants(bigint, bigint);

-- [8/43] drop function public.effective_access(bigint, text, bigint) (native)
DROP FUNCTION public.effective_access(bigint, text, bigint);

-- [9/43] drop function public.find_api_key(text) (native)
DROP FUNCTION public.find_api_key(text);

-- [10/43] drop function public.find_collection(text) (native)
DROP FUNCTION public.find_collection(text);

-- [11/43] drop function public.find_data_owner(text) (native)
DROP FUNCTION public.find_data_owner(text);

-- [12/43] drop function public.find_dataset(text) (native)
DROP FUNCTION public.find_dataset(text);

-- [13/43] drop function public.index_datasets_for_search(text[]) (native)
DROP FUNCTION public.index_datasets_for_search(text[]);

-- [14/43] drop function public.purge_rate_limit_counters() (native)
DROP FUNCTION public.purge_rate_limit_counters();

-- [15/43] drop table public.dataset_raw_datasets (native; AccessExclusiveLock)
DROP TABLE public.dataset_raw_datasets;

-- [16/43] drop table public.dataset_tags (native; AccessExclusiveLock)
DROP TABLE public.dataset_tags;

-- [17/43] drop table public.dataset_search (native; AccessExclusiveLock)
DROP TABLE public.dataset_search;

-- [18/43] drop table public.version_tables (native; AccessExclusiveLock)
DROP TABLE public.version_tables;

-- [19/43] drop table public.dataset_versions (native; AccessExclusiveLock)
DROP TABLE public.dataset_versions;

-- [20/43] drop table public.group_permissions (native; AccessExclusiveLock)
DROP TABLE public.group_permissions;

-- [21/43] drop table public.resource_group_members (native; AccessExclusiveLock)
DROP TABLE public.resource_group_members;

-- [22/43] drop table public.user_permissions (native; AccessExclusiveLock)
DROP TABLE public.user_permissions;

-- [23/43] drop table public.datasets (native; AccessExclusiveLock)
DROP TABLE public.datasets;

-- [24/43] drop function public.refresh_search_of_changed() (native)
DROP FUNCTION public.refresh_search_of_changed();

-- [25/43] drop table public.collections (native)
DROP TABLE public.collections;

-- [26/43] drop table public.data_owner_contacts (native; AccessExclusiveLock)
DROP TABLE public.data_owner_contacts;

-- [27/43] drop table public.raw_datasets (native; AccessExclusiveLock)
DROP TABLE public.raw_datasets;

-- [28/43] drop table public.data_owners (native; AccessExclusiveLock)
DROP TABLE public.data_owners;

-- [29/43] drop table public.tags (native; AccessExclusiveLock)
DROP TABLE public.tags;

-- [30/43] drop function public.refresh_search_of_renamed() (native)
DROP FUNCTION public.refresh_search_of_renamed();

-- [31/43] drop table public.buckets (native; AccessExclusiveLock)
DROP TABLE public.buckets;

-- [32/43] drop table public.api_keys (native; AccessExclusiveLock)
DROP TABLE public.api_keys;

-- [33/43] drop table public.group_members (native; AccessExclusiveLock)
DROP TABLE public.group_members;

-- [34/43] drop table public.rate_limits (native; AccessExclusiveLock)
DROP TABLE public.rate_limits;

-- [35/43] drop table public.groups (native; AccessExclusiveLock)
DROP TABLE public.groups;

-- [36/43] drop table public.resource_groups (native; AccessExclusiveLock)
DROP TABLE public.resource_groups;

-- [37/43] drop table public.users (native; AccessExclusiveLock)
DROP TABLE public.users;

-- [38/43] drop function public.touch_last_modified() (native)
DROP FUNCTION public.touch_last_modified();

-- [39/43] drop function public.touch_version_of_table() (native)
DROP FUNCTION public.touch_version_of_table();

-- [40/43] drop table public.rate_limit_counters (native; AccessExclusiveLock)
DROP TABLE public.rate_limit_counters;

-- [41/43] drop enum public.access_level (native)
DROP TYPE public.access_level;

-- [42/43] drop enum public.updation_frequency (native)
DROP TYPE public.updation_frequency;

-- [43/43] drop enum public.version_type (native)
DROP TYPE public.version_type;

-- [record]
INSERT INTO dataio_meta.rollback (number, name, checksum, applied_at, applied_by, script, git_commit, tool_version)
SELECT number, name, checksum, applied_at, applied_by,
    'sha256:e4a2b7e037f561957ae20a620d5ec654ff65855016b5ccd40ef1c627e9923115', '547f826d41f0', 'dataio 0.1.0'
FROM dataio_meta.migration WHERE number = 1;
DELETE FROM dataio_meta.segment WHERE number = 1;
DELETE FROM dataio_meta.migration WHERE number = 1;

-- [commit]
COMMIT;

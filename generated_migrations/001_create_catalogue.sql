-- dataio plan 001: create_catalogue
--
-- format: dataio.script/1
-- number: 001
-- name: create_catalogue
-- kind: plan
-- from: pg18:0495430e4850f7ef6b181478bb238932a5b856b5e97bde4ffdb44edf72964e54
-- to: pg18:63e5f968d2b396b6b07ab02ed393a25dd97e8b5acabe2803ee19baea4921db33
-- target: dataio @ .dataio (PostgreSQL 18.4)
-- database: dataio
-- system: 7712479119097234078
-- managed: comments, publications, security_labels, subscriptions
-- authors: native
-- tools: dataio=0.1.0; scratch=PostgreSQL 18.4
-- commit: 547f826d41f0
-- statements: 315
-- transactions: 1
-- proof: snapshot and pg_dump equal after running this script on a copy (PostgreSQL 18)
-- checksum: sha256:7c308ec506ae1cfdddb1d95daaf2d48c7effeeaa26adfec26473804e97a66aaf

-- [begin]
BEGIN;

-- [guard]
SET LOCAL client_encoding = 'UTF8';
SET LOCAL standard_conforming_strings = on;
SET LOCAL check_function_bodies = off;
DO $dataio$
DECLARE
    version integer;
BEGIN
    PERFORM pg_advisory_xact_lock(1684108385, 26991);  -- one migration at a time
    IF to_regnamespace('dataio_meta') IS NULL THEN
        CREATE SCHEMA dataio_meta;
        COMMENT ON SCHEMA dataio_meta IS 'Bookkeeping of dataio: which migrations ran here. No part of the schema.';
    END IF;
    IF to_regclass('dataio_meta.migration') IS NULL THEN
        CREATE TABLE dataio_meta.migration (
            number           integer     PRIMARY KEY,
            name             text        NOT NULL,
            kind             text        NOT NULL,
            from_fingerprint text        NOT NULL,
            to_fingerprint   text        NOT NULL,
            checksum         text        NOT NULL,
            applied_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
            applied_by       text        NOT NULL DEFAULT session_user,
            git_commit       text        NOT NULL,
            tool_version     text        NOT NULL
        );
        CREATE TABLE dataio_meta.segment (  -- of a script in several transactions, while it is under way
            number           integer     NOT NULL,
            segment          integer     NOT NULL,
            checksum         text        NOT NULL,
            fingerprint      text        NOT NULL DEFAULT '',
            done_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
            PRIMARY KEY (number, segment)
        );
    END IF;
    SELECT max(number) INTO version FROM dataio_meta.migration;
    IF version >= 1 THEN
        RAISE EXCEPTION 'migration % is applied already', '001'
            USING DETAIL = 'This database is at version ' || version || '.', HINT = 'There is nothing to do.';
    ELSIF version IS DISTINCT FROM NULL THEN
        RAISE EXCEPTION 'migration % does not follow on this database', '001'
            USING DETAIL = coalesce('This database is at version ' || version || '.', 'No migration was applied here.'),
                  HINT = 'Apply the migrations in their order.';
    END IF;
    IF EXISTS (SELECT FROM dataio_meta.segment WHERE number = 1 AND checksum = 'sha256:7c308ec506ae1cfdddb1d95daaf2d48c7effeeaa26adfec26473804e97a66aaf') THEN
        RAISE EXCEPTION 'transaction 1 of migration % is done already', '001'
            USING HINT = 'It was interrupted; what follows goes on where it stopped.';
    END IF;
    DELETE FROM dataio_meta.segment;  -- of a script that was interrupted and then replaced by this one
END
$dataio$;

-- [1/315] create enum public.access_level (native)
CREATE TYPE public.access_level AS ENUM ('NONE', 'VIEW', 'DOWNLOAD');

-- [2/315] create comment on enum public.access_level (native)
COMMENT ON TYPE public.access_level IS 'What someone may do with a dataset, in rising order: nothing, read its metadata, fetch its files.';

-- [3/315] create enum public.updation_frequency (native)
CREATE TYPE public.updation_frequency AS ENUM ('ONCE', 'DAILY', 'WEEKLY', 'FORTNIGHTLY', 'MONTHLY', 'QUARTERLY', 'YEARLY', 'IRREGULAR');

-- [4/315] create comment on enum public.updation_frequency (native)
COMMENT ON TYPE public.updation_frequency IS 'How often new data are expected.';

-- [5/315] create enum public.version_type (native)
CREATE TYPE public.version_type AS ENUM ('PREPROCESSED', 'STANDARDISED');

-- [6/315] create comment on enum public.version_type (native)
COMMENT ON TYPE public.version_type IS 'How far the data of a version were worked on: cleaned only, or brought to the catalogue''s common standard.';

-- [7/315] create table public.groups (native)
CREATE TABLE public.groups (
    group_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    name text NOT NULL,
    description text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_modified timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT groups_pkey PRIMARY KEY (group_id),
    CONSTRAINT groups_name_not_blank CHECK ((btrim(name) <> ''::text))
);

-- [8/315] create table public.users (native)
CREATE TABLE public.users (
    user_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    email text NOT NULL,
    full_name text,
    is_admin boolean DEFAULT false NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_modified timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (user_id),
    CONSTRAINT users_email_format CHECK ((email ~ '^[^@\s]+@[^@\s]+$'::text))
);

-- [9/315] create table public.api_keys (native)
CREATE TABLE public.api_keys (
    key_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    user_id bigint,
    group_id bigint,
    key_prefix text NOT NULL,
    hashed_key text NOT NULL,
    label text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    CONSTRAINT api_keys_pkey PRIMARY KEY (key_id),
    CONSTRAINT api_keys_key_prefix_key UNIQUE (key_prefix),
    CONSTRAINT api_keys_expires_later CHECK ((expires_at > created_at)),
    CONSTRAINT api_keys_hashed_key_hashed CHECK (((length(hashed_key) >= 32) AND (hashed_key !~ '^dio_'::text))),
    CONSTRAINT api_keys_key_prefix_format CHECK ((key_prefix ~ '^dio_[A-Za-z0-9]{8,16}$'::text)),
    CONSTRAINT api_keys_user_or_group CHECK ((num_nonnulls(user_id, group_id) = 1)),
    CONSTRAINT api_keys_group_id_fkey FOREIGN KEY (group_id) REFERENCES public.groups(group_id) ON DELETE CASCADE,
    CONSTRAINT api_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(user_id) ON DELETE CASCADE
);

-- [10/315] create comment on table public.api_keys (native)
COMMENT ON TABLE public.api_keys IS 'Keys of users and groups. Only a hash is kept: a key is shown once, when it is issued.';

-- [11/315] create comment on column public.api_keys.key_id (native)
COMMENT ON COLUMN public.api_keys.key_id IS 'Key.';

-- [12/315] create comment on column public.api_keys.user_id (native)
COMMENT ON COLUMN public.api_keys.user_id IS 'The user it belongs to; this or the group is given. Keys go with their user.';

-- [13/315] create comment on column public.api_keys.group_id (native)
COMMENT ON COLUMN public.api_keys.group_id IS 'The group it belongs to; this or the user is given. Keys go with their group.';

-- [14/315] create comment on column public.api_keys.key_prefix (native)
COMMENT ON COLUMN public.api_keys.key_prefix IS 'The first, public part of the key, dio_ and 8 to 16 letters or digits: what it is looked up by.';

-- [15/315] create comment on column public.api_keys.hashed_key (native)
COMMENT ON COLUMN public.api_keys.hashed_key IS 'Slow, salted hash of the whole key in the hash''s own text format.';

-- [16/315] create comment on column public.api_keys.label (native)
COMMENT ON COLUMN public.api_keys.label IS 'What its holder calls it, for example the machine it is on.';

-- [17/315] create comment on column public.api_keys.created_at (native)
COMMENT ON COLUMN public.api_keys.created_at IS 'When it was issued.';

-- [18/315] create comment on column public.api_keys.expires_at (native)
COMMENT ON COLUMN public.api_keys.expires_at IS 'From when on it is refused; null for never.';

-- [19/315] create comment on column public.api_keys.last_used_at (native)
COMMENT ON COLUMN public.api_keys.last_used_at IS 'When it was last accepted; kept by the API, to the minute.';

-- [20/315] create comment on column public.api_keys.revoked_at (native)
COMMENT ON COLUMN public.api_keys.revoked_at IS 'When it was revoked; refused from then on. Null while it is good.';

-- [21/315] create index public.api_keys_group_id_idx (native)
CREATE INDEX api_keys_group_id_idx ON public.api_keys (group_id);

-- [22/315] create index public.api_keys_user_id_idx (native)
CREATE INDEX api_keys_user_id_idx ON public.api_keys (user_id);

-- [23/315] create table public.buckets (native)
CREATE TABLE public.buckets (
    bucket_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    name text NOT NULL,
    url text NOT NULL,
    region text,
    endpoint_url text,
    is_default boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_modified timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT buckets_pkey PRIMARY KEY (bucket_id),
    CONSTRAINT buckets_name_key UNIQUE (name),
    CONSTRAINT buckets_url_key UNIQUE (url),
    CONSTRAINT buckets_endpoint_url_is_url CHECK ((endpoint_url ~ '^https?://'::text)),
    CONSTRAINT buckets_name_not_blank CHECK ((btrim(name) <> ''::text)),
    CONSTRAINT buckets_url_format CHECK ((url ~ '^(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?$|file:///)'::text))
);

-- [24/315] create comment on table public.buckets (native)
COMMENT ON TABLE public.buckets IS 'Places that files are kept in: S3 buckets, or folders of this machine.';

-- [25/315] create comment on column public.buckets.bucket_id (native)
COMMENT ON COLUMN public.buckets.bucket_id IS 'Key.';

-- [26/315] create comment on column public.buckets.name (native)
COMMENT ON COLUMN public.buckets.name IS 'What it is called here.';

-- [27/315] create comment on column public.buckets.url (native)
COMMENT ON COLUMN public.buckets.url IS 's3://bucket/prefix, or file:///path. Credentials are never kept in the database.';

-- [28/315] create comment on column public.buckets.region (native)
COMMENT ON COLUMN public.buckets.region IS 'Region of an S3 bucket.';

-- [29/315] create comment on column public.buckets.endpoint_url (native)
COMMENT ON COLUMN public.buckets.endpoint_url IS 'Address of an S3 service that is not Amazon''s.';

-- [30/315] create comment on column public.buckets.is_default (native)
COMMENT ON COLUMN public.buckets.is_default IS 'Where new versions go unless told otherwise; at most one bucket.';

-- [31/315] create comment on column public.buckets.created_at (native)
COMMENT ON COLUMN public.buckets.created_at IS 'When the row was added.';

-- [32/315] create comment on column public.buckets.last_modified (native)
COMMENT ON COLUMN public.buckets.last_modified IS 'When the row last changed; kept by a trigger.';

-- [33/315] create index public.buckets_one_default (native)
CREATE UNIQUE INDEX buckets_one_default ON public.buckets (is_default) WHERE is_default;

-- [34/315] create function public.touch_last_modified() (native)
CREATE FUNCTION public.touch_last_modified()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    NEW.last_modified := now();
    RETURN NEW;
END
$function$;

-- [35/315] create trigger public.buckets.touch_last_modified (native)
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON public.buckets FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.touch_last_modified();

-- [36/315] create table public.collections (native)
CREATE TABLE public.collections (
    collection_id text NOT NULL,
    name text NOT NULL,
    category text NOT NULL,
    description text,
    last_dataset_number integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_modified timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT collections_pkey PRIMARY KEY (collection_id),
    CONSTRAINT collections_category_not_blank CHECK ((btrim(category) <> ''::text)),
    CONSTRAINT collections_collection_id_format CHECK ((collection_id ~ '^[A-Z]{2}[0-9]{4}$'::text)),
    CONSTRAINT collections_last_dataset_number_range CHECK (((last_dataset_number >= 0) AND (last_dataset_number <= 9999))),
    CONSTRAINT collections_name_not_blank CHECK ((btrim(name) <> ''::text))
);

-- [37/315] create comment on table public.collections (native)
COMMENT ON TABLE public.collections IS 'Datasets that are looked after together, such as one programme''s surveys.';

-- [38/315] create comment on column public.collections.collection_id (native)
COMMENT ON COLUMN public.collections.collection_id IS 'Two letters and four digits, for example EP0001; the ids of new datasets begin with it.';

-- [39/315] create comment on column public.collections.name (native)
COMMENT ON COLUMN public.collections.name IS 'What people call it; unique whatever its case.';

-- [40/315] create comment on column public.collections.category (native)
COMMENT ON COLUMN public.collections.category IS 'The subject it is listed under, for example Epidemiology.';

-- [41/315] create comment on column public.collections.description (native)
COMMENT ON COLUMN public.collections.description IS 'What belongs in it.';

-- [42/315] create comment on column public.collections.last_dataset_number (native)
COMMENT ON COLUMN public.collections.last_dataset_number IS 'The highest dataset number ever given out here by add_dataset(), so that the id of a deleted dataset never comes back.';

-- [43/315] create comment on column public.collections.created_at (native)
COMMENT ON COLUMN public.collections.created_at IS 'When the row was added.';

-- [44/315] create comment on column public.collections.last_modified (native)
COMMENT ON COLUMN public.collections.last_modified IS 'When the row last changed; kept by a trigger.';

-- [45/315] create index public.collections_category_idx (native)
CREATE INDEX collections_category_idx ON public.collections (category);

-- [46/315] create index public.collections_name_key (native)
CREATE UNIQUE INDEX collections_name_key ON public.collections (lower(name));

-- [47/315] create function public.refresh_search_of_renamed() (native)
CREATE FUNCTION public.refresh_search_of_renamed()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
    v_ds_ids text[];
BEGIN
    CASE TG_TABLE_NAME
        WHEN 'collections' THEN
            v_ds_ids := ARRAY(SELECT d.ds_id FROM datasets d WHERE d.collection_id = NEW.collection_id);
        WHEN 'data_owners' THEN
            v_ds_ids := ARRAY(SELECT d.ds_id FROM datasets d WHERE d.data_owner_id = NEW.data_owner_id);
        WHEN 'tags' THEN
            v_ds_ids := ARRAY(SELECT d.ds_id FROM dataset_tags d WHERE d.tag_id = NEW.tag_id);
        WHEN 'raw_datasets' THEN
            v_ds_ids := ARRAY(SELECT d.ds_id FROM dataset_raw_datasets d WHERE d.raw_dataset_id = NEW.raw_dataset_id);
    END CASE;
    PERFORM index_datasets_for_search(v_ds_ids);
    RETURN NULL;
END
$function$;

-- [48/315] create trigger public.collections.refresh_search (native)
CREATE TRIGGER refresh_search AFTER UPDATE OF name, category ON public.collections FOR EACH ROW WHEN (((old.name IS DISTINCT FROM new.name) OR (old.category IS DISTINCT FROM new.category))) EXECUTE FUNCTION public.refresh_search_of_renamed();

-- [49/315] create trigger public.collections.touch_last_modified (native)
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON public.collections FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.touch_last_modified();

-- [50/315] create table public.data_owners (native)
CREATE TABLE public.data_owners (
    data_owner_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    name text NOT NULL,
    description text,
    website text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_modified timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT data_owners_pkey PRIMARY KEY (data_owner_id),
    CONSTRAINT data_owners_name_not_blank CHECK ((btrim(name) <> ''::text)),
    CONSTRAINT data_owners_website_is_url CHECK ((website ~ '^https?://'::text))
);

-- [51/315] create table public.data_owner_contacts (native)
CREATE TABLE public.data_owner_contacts (
    contact_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    data_owner_id bigint NOT NULL,
    name text NOT NULL,
    email text,
    phone text,
    "position" text,
    is_primary boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_modified timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT data_owner_contacts_pkey PRIMARY KEY (contact_id),
    CONSTRAINT data_owner_contacts_email_format CHECK ((email ~ '^[^@\s]+@[^@\s]+$'::text)),
    CONSTRAINT data_owner_contacts_name_not_blank CHECK ((btrim(name) <> ''::text)),
    CONSTRAINT data_owner_contacts_reachable CHECK ((num_nonnulls(email, phone) > 0)),
    CONSTRAINT data_owner_contacts_data_owner_id_fkey FOREIGN KEY (data_owner_id) REFERENCES public.data_owners(data_owner_id) ON DELETE CASCADE
);

-- [52/315] create comment on table public.data_owner_contacts (native)
COMMENT ON TABLE public.data_owner_contacts IS 'Whom to ask at a data owner. Personal data: shown to administrators only.';

-- [53/315] create comment on column public.data_owner_contacts.contact_id (native)
COMMENT ON COLUMN public.data_owner_contacts.contact_id IS 'Key.';

-- [54/315] create comment on column public.data_owner_contacts.data_owner_id (native)
COMMENT ON COLUMN public.data_owner_contacts.data_owner_id IS 'The owner they speak for; contacts go with their owner.';

-- [55/315] create comment on column public.data_owner_contacts.name (native)
COMMENT ON COLUMN public.data_owner_contacts.name IS 'The person''s name.';

-- [56/315] create comment on column public.data_owner_contacts.email (native)
COMMENT ON COLUMN public.data_owner_contacts.email IS 'Mail address; either this or the phone is given.';

-- [57/315] create comment on column public.data_owner_contacts.phone (native)
COMMENT ON COLUMN public.data_owner_contacts.phone IS 'Phone number as it is dialled.';

-- [58/315] create comment on column public.data_owner_contacts.position (native)
COMMENT ON COLUMN public.data_owner_contacts."position" IS 'What the person does there.';

-- [59/315] create comment on column public.data_owner_contacts.is_primary (native)
COMMENT ON COLUMN public.data_owner_contacts.is_primary IS 'The one to ask first; at most one per owner.';

-- [60/315] create comment on column public.data_owner_contacts.created_at (native)
COMMENT ON COLUMN public.data_owner_contacts.created_at IS 'When the row was added.';

-- [61/315] create comment on column public.data_owner_contacts.last_modified (native)
COMMENT ON COLUMN public.data_owner_contacts.last_modified IS 'When the row last changed; kept by a trigger.';

-- [62/315] create index public.data_owner_contacts_data_owner_id_idx (native)
CREATE INDEX data_owner_contacts_data_owner_id_idx ON public.data_owner_contacts (data_owner_id);

-- [63/315] create index public.data_owner_contacts_one_primary (native)
CREATE UNIQUE INDEX data_owner_contacts_one_primary ON public.data_owner_contacts (data_owner_id) WHERE is_primary;

-- [64/315] create trigger public.data_owner_contacts.touch_last_modified (native)
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON public.data_owner_contacts FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.touch_last_modified();

-- [65/315] create comment on table public.data_owners (native)
COMMENT ON TABLE public.data_owners IS 'Organisations and people that data come from and who decide on their use.';

-- [66/315] create comment on column public.data_owners.data_owner_id (native)
COMMENT ON COLUMN public.data_owners.data_owner_id IS 'Key.';

-- [67/315] create comment on column public.data_owners.name (native)
COMMENT ON COLUMN public.data_owners.name IS 'What people call the owner; unique whatever its case.';

-- [68/315] create comment on column public.data_owners.description (native)
COMMENT ON COLUMN public.data_owners.description IS 'Who they are.';

-- [69/315] create comment on column public.data_owners.website (native)
COMMENT ON COLUMN public.data_owners.website IS 'http or https address.';

-- [70/315] create comment on column public.data_owners.created_at (native)
COMMENT ON COLUMN public.data_owners.created_at IS 'When the row was added.';

-- [71/315] create comment on column public.data_owners.last_modified (native)
COMMENT ON COLUMN public.data_owners.last_modified IS 'When the row last changed; kept by a trigger.';

-- [72/315] create index public.data_owners_name_key (native)
CREATE UNIQUE INDEX data_owners_name_key ON public.data_owners (lower(name));

-- [73/315] create trigger public.data_owners.refresh_search (native)
CREATE TRIGGER refresh_search AFTER UPDATE OF name ON public.data_owners FOR EACH ROW WHEN ((old.name IS DISTINCT FROM new.name)) EXECUTE FUNCTION public.refresh_search_of_renamed();

-- [74/315] create trigger public.data_owners.touch_last_modified (native)
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON public.data_owners FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.touch_last_modified();

-- [75/315] create table public.datasets (native)
CREATE TABLE public.datasets (
    ds_id text NOT NULL,
    title text NOT NULL,
    description text,
    collection_id text NOT NULL,
    data_owner_id bigint NOT NULL,
    public_access public.access_level DEFAULT 'NONE'::public.access_level NOT NULL,
    spatial_coverage text,
    spatial_resolution text,
    temporal_coverage_start date,
    temporal_coverage_end date,
    temporal_resolution text,
    additional_metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_modified timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT datasets_pkey PRIMARY KEY (ds_id),
    CONSTRAINT datasets_additional_metadata_is_object CHECK ((jsonb_typeof(additional_metadata) = 'object'::text)),
    CONSTRAINT datasets_ds_id_format CHECK ((ds_id ~ '^[A-Z0-9]+[0-9]{4}$'::text)),
    CONSTRAINT datasets_ds_id_length CHECK ((length(ds_id) = 12)),
    CONSTRAINT datasets_temporal_coverage CHECK ((temporal_coverage_start <= temporal_coverage_end)),
    CONSTRAINT datasets_title_not_blank CHECK ((btrim(title) <> ''::text)),
    CONSTRAINT datasets_collection_id_fkey FOREIGN KEY (collection_id) REFERENCES public.collections(collection_id) ON DELETE RESTRICT,
    CONSTRAINT datasets_data_owner_id_fkey FOREIGN KEY (data_owner_id) REFERENCES public.data_owners(data_owner_id) ON DELETE RESTRICT
);

-- [76/315] create table public.raw_datasets (native)
CREATE TABLE public.raw_datasets (
    raw_dataset_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    name text NOT NULL,
    data_owner_id bigint NOT NULL,
    description text,
    source_url text,
    licence text,
    received_on date,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_modified timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT raw_datasets_pkey PRIMARY KEY (raw_dataset_id),
    CONSTRAINT raw_datasets_name_not_blank CHECK ((btrim(name) <> ''::text)),
    CONSTRAINT raw_datasets_data_owner_id_fkey FOREIGN KEY (data_owner_id) REFERENCES public.data_owners(data_owner_id) ON DELETE RESTRICT
);

-- [77/315] create table public.dataset_raw_datasets (native)
CREATE TABLE public.dataset_raw_datasets (
    ds_id text NOT NULL,
    raw_dataset_id bigint NOT NULL,
    CONSTRAINT dataset_raw_datasets_pkey PRIMARY KEY (ds_id, raw_dataset_id),
    CONSTRAINT dataset_raw_datasets_ds_id_fkey FOREIGN KEY (ds_id) REFERENCES public.datasets(ds_id) ON DELETE CASCADE,
    CONSTRAINT dataset_raw_datasets_raw_dataset_id_fkey FOREIGN KEY (raw_dataset_id) REFERENCES public.raw_datasets(raw_dataset_id) ON DELETE RESTRICT
);

-- [78/315] create comment on table public.dataset_raw_datasets (native)
COMMENT ON TABLE public.dataset_raw_datasets IS 'Which raw datasets a dataset was made from.';

-- [79/315] create comment on column public.dataset_raw_datasets.ds_id (native)
COMMENT ON COLUMN public.dataset_raw_datasets.ds_id IS 'The dataset; its provenance goes with it.';

-- [80/315] create comment on column public.dataset_raw_datasets.raw_dataset_id (native)
COMMENT ON COLUMN public.dataset_raw_datasets.raw_dataset_id IS 'The raw dataset; it cannot be deleted while a dataset is made from it.';

-- [81/315] create index public.dataset_raw_datasets_raw_dataset_id_idx (native)
CREATE INDEX dataset_raw_datasets_raw_dataset_id_idx ON public.dataset_raw_datasets (raw_dataset_id, ds_id);

-- [82/315] create function public.refresh_search_of_changed() (native)
CREATE FUNCTION public.refresh_search_of_changed()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    PERFORM index_datasets_for_search(array_agg(DISTINCT c.ds_id)) FROM changed c HAVING count(*) > 0;
    RETURN NULL;
END
$function$;

-- [83/315] create trigger public.dataset_raw_datasets.refresh_search_delete (native)
CREATE TRIGGER refresh_search_delete AFTER DELETE ON public.dataset_raw_datasets REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.refresh_search_of_changed();

-- [84/315] create trigger public.dataset_raw_datasets.refresh_search_insert (native)
CREATE TRIGGER refresh_search_insert AFTER INSERT ON public.dataset_raw_datasets REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.refresh_search_of_changed();

-- [85/315] create trigger public.dataset_raw_datasets.refresh_search_update (native)
CREATE TRIGGER refresh_search_update AFTER UPDATE ON public.dataset_raw_datasets REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.refresh_search_of_changed();

-- [86/315] create trigger public.dataset_raw_datasets.refresh_search_update_from (native)
CREATE TRIGGER refresh_search_update_from AFTER UPDATE ON public.dataset_raw_datasets REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.refresh_search_of_changed();

-- [87/315] create table public.dataset_search (native)
CREATE TABLE public.dataset_search (
    ds_id text NOT NULL,
    document tsvector NOT NULL,
    CONSTRAINT dataset_search_pkey PRIMARY KEY (ds_id),
    CONSTRAINT dataset_search_ds_id_fkey FOREIGN KEY (ds_id) REFERENCES public.datasets(ds_id) ON DELETE CASCADE
);

-- [88/315] create comment on table public.dataset_search (native)
COMMENT ON TABLE public.dataset_search IS 'What datasets are found by. Kept by triggers; never written by hand.';

-- [89/315] create comment on column public.dataset_search.ds_id (native)
COMMENT ON COLUMN public.dataset_search.ds_id IS 'The dataset.';

-- [90/315] create comment on column public.dataset_search.document (native)
COMMENT ON COLUMN public.dataset_search.document IS 'Id and title (A), tags and collection (B), owner and raw datasets (C), description (D), in the english configuration.';

-- [91/315] create index public.dataset_search_document_idx (native)
CREATE INDEX dataset_search_document_idx ON public.dataset_search USING gin (document);

-- [92/315] create table public.tags (native)
CREATE TABLE public.tags (
    tag_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    name text NOT NULL,
    description text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT tags_pkey PRIMARY KEY (tag_id),
    CONSTRAINT tags_name_key UNIQUE (name),
    CONSTRAINT tags_name_format CHECK (((name = lower(btrim(name))) AND (name <> ''::text)))
);

-- [93/315] create table public.dataset_tags (native)
CREATE TABLE public.dataset_tags (
    ds_id text NOT NULL,
    tag_id bigint NOT NULL,
    CONSTRAINT dataset_tags_pkey PRIMARY KEY (ds_id, tag_id),
    CONSTRAINT dataset_tags_ds_id_fkey FOREIGN KEY (ds_id) REFERENCES public.datasets(ds_id) ON DELETE CASCADE,
    CONSTRAINT dataset_tags_tag_id_fkey FOREIGN KEY (tag_id) REFERENCES public.tags(tag_id) ON DELETE CASCADE
);

-- [94/315] create comment on table public.dataset_tags (native)
COMMENT ON TABLE public.dataset_tags IS 'Which dataset carries which tag.';

-- [95/315] create comment on column public.dataset_tags.ds_id (native)
COMMENT ON COLUMN public.dataset_tags.ds_id IS 'The dataset; its tags go with it.';

-- [96/315] create comment on column public.dataset_tags.tag_id (native)
COMMENT ON COLUMN public.dataset_tags.tag_id IS 'The tag; deleting it takes it off every dataset.';

-- [97/315] create index public.dataset_tags_tag_id_idx (native)
CREATE INDEX dataset_tags_tag_id_idx ON public.dataset_tags (tag_id, ds_id);

-- [98/315] create trigger public.dataset_tags.refresh_search_delete (native)
CREATE TRIGGER refresh_search_delete AFTER DELETE ON public.dataset_tags REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.refresh_search_of_changed();

-- [99/315] create trigger public.dataset_tags.refresh_search_insert (native)
CREATE TRIGGER refresh_search_insert AFTER INSERT ON public.dataset_tags REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.refresh_search_of_changed();

-- [100/315] create trigger public.dataset_tags.refresh_search_update (native)
CREATE TRIGGER refresh_search_update AFTER UPDATE ON public.dataset_tags REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.refresh_search_of_changed();

-- [101/315] create trigger public.dataset_tags.refresh_search_update_from (native)
CREATE TRIGGER refresh_search_update_from AFTER UPDATE ON public.dataset_tags REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.refresh_search_of_changed();

-- [102/315] create table public.dataset_versions (native)
CREATE TABLE public.dataset_versions (
    version_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    ds_id text NOT NULL,
    version_type public.version_type NOT NULL,
    updation_frequency public.updation_frequency DEFAULT 'IRREGULAR'::public.updation_frequency NOT NULL,
    bucket_id bigint NOT NULL,
    description text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_modified timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT dataset_versions_pkey PRIMARY KEY (version_id),
    CONSTRAINT dataset_versions_ds_id_version_type_key UNIQUE (ds_id, version_type),
    CONSTRAINT dataset_versions_bucket_id_fkey FOREIGN KEY (bucket_id) REFERENCES public.buckets(bucket_id) ON DELETE RESTRICT,
    CONSTRAINT dataset_versions_ds_id_fkey FOREIGN KEY (ds_id) REFERENCES public.datasets(ds_id) ON DELETE CASCADE
);

-- [103/315] create comment on table public.dataset_versions (native)
COMMENT ON TABLE public.dataset_versions IS 'The forms a dataset is offered in, at most one of each type.';

-- [104/315] create comment on column public.dataset_versions.version_id (native)
COMMENT ON COLUMN public.dataset_versions.version_id IS 'Key.';

-- [105/315] create comment on column public.dataset_versions.ds_id (native)
COMMENT ON COLUMN public.dataset_versions.ds_id IS 'The dataset; its versions go with it.';

-- [106/315] create comment on column public.dataset_versions.version_type (native)
COMMENT ON COLUMN public.dataset_versions.version_type IS 'How far the data were worked on.';

-- [107/315] create comment on column public.dataset_versions.updation_frequency (native)
COMMENT ON COLUMN public.dataset_versions.updation_frequency IS 'How often new data are expected.';

-- [108/315] create comment on column public.dataset_versions.bucket_id (native)
COMMENT ON COLUMN public.dataset_versions.bucket_id IS 'Where its files are kept; a bucket in use cannot be deleted.';

-- [109/315] create comment on column public.dataset_versions.description (native)
COMMENT ON COLUMN public.dataset_versions.description IS 'What sets this version apart.';

-- [110/315] create comment on column public.dataset_versions.created_at (native)
COMMENT ON COLUMN public.dataset_versions.created_at IS 'When the row was added.';

-- [111/315] create comment on column public.dataset_versions.last_modified (native)
COMMENT ON COLUMN public.dataset_versions.last_modified IS 'When the version or one of its tables last changed; kept by triggers.';

-- [112/315] create index public.dataset_versions_bucket_id_idx (native)
CREATE INDEX dataset_versions_bucket_id_idx ON public.dataset_versions (bucket_id);

-- [113/315] create trigger public.dataset_versions.touch_last_modified (native)
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON public.dataset_versions FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.touch_last_modified();

-- [114/315] create comment on table public.datasets (native)
COMMENT ON TABLE public.datasets IS 'What the catalogue is about: data made from raw datasets, described, versioned and shared.';

-- [115/315] create comment on column public.datasets.ds_id (native)
COMMENT ON COLUMN public.datasets.ds_id IS 'Exactly 12 capitals and digits, the last four of them digits. add_dataset() makes it from the collection, DS and a number: EP0001DS0042. Published, so it never changes.';

-- [116/315] create comment on column public.datasets.title (native)
COMMENT ON COLUMN public.datasets.title IS 'One line that says what it is.';

-- [117/315] create comment on column public.datasets.description (native)
COMMENT ON COLUMN public.datasets.description IS 'What it holds, how it was made, what to mind.';

-- [118/315] create comment on column public.datasets.collection_id (native)
COMMENT ON COLUMN public.datasets.collection_id IS 'The collection it is in; a collection with datasets cannot be deleted.';

-- [119/315] create comment on column public.datasets.data_owner_id (native)
COMMENT ON COLUMN public.datasets.data_owner_id IS 'Who decides on its use; an owner of datasets cannot be deleted.';

-- [120/315] create comment on column public.datasets.public_access (native)
COMMENT ON COLUMN public.datasets.public_access IS 'What anyone may do with it, without a key too. Permissions only ever add to it.';

-- [121/315] create comment on column public.datasets.spatial_coverage (native)
COMMENT ON COLUMN public.datasets.spatial_coverage IS 'The region it covers, for example India or Karnataka.';

-- [122/315] create comment on column public.datasets.spatial_resolution (native)
COMMENT ON COLUMN public.datasets.spatial_resolution IS 'Its smallest spatial unit, for example district.';

-- [123/315] create comment on column public.datasets.temporal_coverage_start (native)
COMMENT ON COLUMN public.datasets.temporal_coverage_start IS 'The first day it covers; null where open or unknown.';

-- [124/315] create comment on column public.datasets.temporal_coverage_end (native)
COMMENT ON COLUMN public.datasets.temporal_coverage_end IS 'The last day it covers; null where it goes on or is unknown.';

-- [125/315] create comment on column public.datasets.temporal_resolution (native)
COMMENT ON COLUMN public.datasets.temporal_resolution IS 'Its smallest step in time, for example week.';

-- [126/315] create comment on column public.datasets.additional_metadata (native)
COMMENT ON COLUMN public.datasets.additional_metadata IS 'A JSON object with whatever has no column of its own.';

-- [127/315] create comment on column public.datasets.created_at (native)
COMMENT ON COLUMN public.datasets.created_at IS 'When the row was added.';

-- [128/315] create comment on column public.datasets.last_modified (native)
COMMENT ON COLUMN public.datasets.last_modified IS 'When the row last changed; kept by a trigger. When its data changed is in dataset_versions.';

-- [129/315] create index public.datasets_collection_id_idx (native)
CREATE INDEX datasets_collection_id_idx ON public.datasets (collection_id, ds_id);

-- [130/315] create index public.datasets_data_owner_id_idx (native)
CREATE INDEX datasets_data_owner_id_idx ON public.datasets (data_owner_id, ds_id);

-- [131/315] create index public.datasets_last_four_idx (native)
CREATE INDEX datasets_last_four_idx ON public.datasets ("right"(ds_id, 4));

-- [132/315] create comment on index public.datasets_last_four_idx (native)
COMMENT ON INDEX public.datasets_last_four_idx IS 'People quote a dataset by the last four digits of its id; see find_dataset().';

-- [133/315] create index public.datasets_last_modified_idx (native)
CREATE INDEX datasets_last_modified_idx ON public.datasets (last_modified DESC, ds_id);

-- [134/315] create trigger public.datasets.refresh_search_insert (native)
CREATE TRIGGER refresh_search_insert AFTER INSERT ON public.datasets REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.refresh_search_of_changed();

-- [135/315] create trigger public.datasets.refresh_search_update (native)
CREATE TRIGGER refresh_search_update AFTER UPDATE ON public.datasets REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.refresh_search_of_changed();

-- [136/315] create trigger public.datasets.touch_last_modified (native)
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON public.datasets FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.touch_last_modified();

-- [137/315] create table public.group_members (native)
CREATE TABLE public.group_members (
    group_id bigint NOT NULL,
    user_id bigint NOT NULL,
    added_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT group_members_pkey PRIMARY KEY (group_id, user_id),
    CONSTRAINT group_members_group_id_fkey FOREIGN KEY (group_id) REFERENCES public.groups(group_id) ON DELETE CASCADE,
    CONSTRAINT group_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(user_id) ON DELETE CASCADE
);

-- [138/315] create comment on table public.group_members (native)
COMMENT ON TABLE public.group_members IS 'Who is in which group.';

-- [139/315] create comment on column public.group_members.group_id (native)
COMMENT ON COLUMN public.group_members.group_id IS 'The group; membership goes with it.';

-- [140/315] create comment on column public.group_members.user_id (native)
COMMENT ON COLUMN public.group_members.user_id IS 'The user; membership goes with them.';

-- [141/315] create comment on column public.group_members.added_at (native)
COMMENT ON COLUMN public.group_members.added_at IS 'Since when.';

-- [142/315] create index public.group_members_user_id_idx (native)
CREATE INDEX group_members_user_id_idx ON public.group_members (user_id);

-- [143/315] create table public.resource_groups (native)
CREATE TABLE public.resource_groups (
    resource_group_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    name text NOT NULL,
    description text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_modified timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT resource_groups_pkey PRIMARY KEY (resource_group_id),
    CONSTRAINT resource_groups_name_not_blank CHECK ((btrim(name) <> ''::text))
);

-- [144/315] create table public.group_permissions (native)
CREATE TABLE public.group_permissions (
    permission_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    group_id bigint NOT NULL,
    ds_id text,
    resource_group_id bigint,
    access public.access_level NOT NULL,
    granted_by bigint,
    granted_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT group_permissions_pkey PRIMARY KEY (permission_id),
    CONSTRAINT group_permissions_group_id_ds_id_key UNIQUE (group_id, ds_id),
    CONSTRAINT group_permissions_group_id_resource_group_id_key UNIQUE (group_id, resource_group_id),
    CONSTRAINT group_permissions_one_object CHECK ((num_nonnulls(ds_id, resource_group_id) = 1)),
    CONSTRAINT group_permissions_ds_id_fkey FOREIGN KEY (ds_id) REFERENCES public.datasets(ds_id) ON DELETE CASCADE,
    CONSTRAINT group_permissions_granted_by_fkey FOREIGN KEY (granted_by) REFERENCES public.users(user_id) ON DELETE SET NULL,
    CONSTRAINT group_permissions_group_id_fkey FOREIGN KEY (group_id) REFERENCES public.groups(group_id) ON DELETE CASCADE,
    CONSTRAINT group_permissions_resource_group_id_fkey FOREIGN KEY (resource_group_id) REFERENCES public.resource_groups(resource_group_id) ON DELETE CASCADE
);

-- [145/315] create comment on table public.group_permissions (native)
COMMENT ON TABLE public.group_permissions IS 'What every member of a group may do with a dataset or with all datasets of a resource group. The highest level that reaches a dataset counts; NONE takes nothing away.';

-- [146/315] create comment on column public.group_permissions.permission_id (native)
COMMENT ON COLUMN public.group_permissions.permission_id IS 'Key.';

-- [147/315] create comment on column public.group_permissions.group_id (native)
COMMENT ON COLUMN public.group_permissions.group_id IS 'Whose members may; permissions go with the group.';

-- [148/315] create comment on column public.group_permissions.ds_id (native)
COMMENT ON COLUMN public.group_permissions.ds_id IS 'On which dataset; this or the resource group is given.';

-- [149/315] create comment on column public.group_permissions.resource_group_id (native)
COMMENT ON COLUMN public.group_permissions.resource_group_id IS 'On which resource group; this or the dataset is given.';

-- [150/315] create comment on column public.group_permissions.access (native)
COMMENT ON COLUMN public.group_permissions.access IS 'How much.';

-- [151/315] create comment on column public.group_permissions.granted_by (native)
COMMENT ON COLUMN public.group_permissions.granted_by IS 'Who gave it; null once that user is gone.';

-- [152/315] create comment on column public.group_permissions.granted_at (native)
COMMENT ON COLUMN public.group_permissions.granted_at IS 'When it was given.';

-- [153/315] create index public.group_permissions_ds_id_idx (native)
CREATE INDEX group_permissions_ds_id_idx ON public.group_permissions (ds_id);

-- [154/315] create index public.group_permissions_granted_by_idx (native)
CREATE INDEX group_permissions_granted_by_idx ON public.group_permissions (granted_by);

-- [155/315] create index public.group_permissions_resource_group_id_idx (native)
CREATE INDEX group_permissions_resource_group_id_idx ON public.group_permissions (resource_group_id);

-- [156/315] create comment on table public.groups (native)
COMMENT ON TABLE public.groups IS 'Users who share permissions: teams, projects, and programs that come with a key of the group.';

-- [157/315] create comment on column public.groups.group_id (native)
COMMENT ON COLUMN public.groups.group_id IS 'Key.';

-- [158/315] create comment on column public.groups.name (native)
COMMENT ON COLUMN public.groups.name IS 'What people call it; unique whatever its case.';

-- [159/315] create comment on column public.groups.description (native)
COMMENT ON COLUMN public.groups.description IS 'What it is for.';

-- [160/315] create comment on column public.groups.created_at (native)
COMMENT ON COLUMN public.groups.created_at IS 'When the row was added.';

-- [161/315] create comment on column public.groups.last_modified (native)
COMMENT ON COLUMN public.groups.last_modified IS 'When the row last changed; kept by a trigger.';

-- [162/315] create index public.groups_name_key (native)
CREATE UNIQUE INDEX groups_name_key ON public.groups (lower(name));

-- [163/315] create trigger public.groups.touch_last_modified (native)
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON public.groups FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.touch_last_modified();

-- [164/315] create table public.rate_limit_counters (native)
CREATE UNLOGGED TABLE public.rate_limit_counters (
    subject text NOT NULL,
    action text NOT NULL,
    resets_at timestamp with time zone NOT NULL,
    requests integer DEFAULT 1 NOT NULL,
    CONSTRAINT rate_limit_counters_pkey PRIMARY KEY (subject, action, resets_at)
);

-- [165/315] create comment on table public.rate_limit_counters (native)
COMMENT ON TABLE public.rate_limit_counters IS 'Requests counted in the current windows; emptied by a crash and by purge_rate_limit_counters().';

-- [166/315] create comment on column public.rate_limit_counters.subject (native)
COMMENT ON COLUMN public.rate_limit_counters.subject IS 'Who is counted, for example key:42 or ip:192.0.2.7.';

-- [167/315] create comment on column public.rate_limit_counters.action (native)
COMMENT ON COLUMN public.rate_limit_counters.action IS 'What is counted; see rate_limits.action.';

-- [168/315] create comment on column public.rate_limit_counters.resets_at (native)
COMMENT ON COLUMN public.rate_limit_counters.resets_at IS 'When the window ends.';

-- [169/315] create comment on column public.rate_limit_counters.requests (native)
COMMENT ON COLUMN public.rate_limit_counters.requests IS 'Requests so far; stops one above the limit.';

-- [170/315] create index public.rate_limit_counters_resets_at_idx (native)
CREATE INDEX rate_limit_counters_resets_at_idx ON public.rate_limit_counters (resets_at);

-- [171/315] create table public.rate_limits (native)
CREATE TABLE public.rate_limits (
    rate_limit_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    action text NOT NULL,
    user_id bigint,
    group_id bigint,
    max_requests integer NOT NULL,
    window_seconds integer DEFAULT 60 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_modified timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT rate_limits_pkey PRIMARY KEY (rate_limit_id),
    CONSTRAINT rate_limits_group_id_action_key UNIQUE (group_id, action),
    CONSTRAINT rate_limits_user_id_action_key UNIQUE (user_id, action),
    CONSTRAINT rate_limits_action_format CHECK ((action ~ '^[a-z][a-z_]*$'::text)),
    CONSTRAINT rate_limits_max_requests_positive CHECK ((max_requests > 0)),
    CONSTRAINT rate_limits_user_or_group CHECK ((num_nonnulls(user_id, group_id) <= 1)),
    CONSTRAINT rate_limits_window_seconds_range CHECK (((window_seconds >= 1) AND (window_seconds <= 86400))),
    CONSTRAINT rate_limits_group_id_fkey FOREIGN KEY (group_id) REFERENCES public.groups(group_id) ON DELETE CASCADE,
    CONSTRAINT rate_limits_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(user_id) ON DELETE CASCADE
);

-- [172/315] create comment on table public.rate_limits (native)
COMMENT ON TABLE public.rate_limits IS 'How many requests are allowed in a stretch of time: for one user, for the members of a group, or for everyone else.';

-- [173/315] create comment on column public.rate_limits.rate_limit_id (native)
COMMENT ON COLUMN public.rate_limits.rate_limit_id IS 'Key.';

-- [174/315] create comment on column public.rate_limits.action (native)
COMMENT ON COLUMN public.rate_limits.action IS 'What is counted, for example read or download.';

-- [175/315] create comment on column public.rate_limits.user_id (native)
COMMENT ON COLUMN public.rate_limits.user_id IS 'The user it is for; goes with them. Neither user nor group: the default of the action.';

-- [176/315] create comment on column public.rate_limits.group_id (native)
COMMENT ON COLUMN public.rate_limits.group_id IS 'The group it is for; goes with it.';

-- [177/315] create comment on column public.rate_limits.max_requests (native)
COMMENT ON COLUMN public.rate_limits.max_requests IS 'Requests allowed in one window.';

-- [178/315] create comment on column public.rate_limits.window_seconds (native)
COMMENT ON COLUMN public.rate_limits.window_seconds IS 'Length of a window in seconds; windows start at whole multiples of it.';

-- [179/315] create comment on column public.rate_limits.created_at (native)
COMMENT ON COLUMN public.rate_limits.created_at IS 'When the row was added.';

-- [180/315] create comment on column public.rate_limits.last_modified (native)
COMMENT ON COLUMN public.rate_limits.last_modified IS 'When the row last changed; kept by a trigger.';

-- [181/315] create index public.rate_limits_one_default (native)
CREATE UNIQUE INDEX rate_limits_one_default ON public.rate_limits (action) WHERE ((user_id IS NULL) AND (group_id IS NULL));

-- [182/315] create trigger public.rate_limits.touch_last_modified (native)
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON public.rate_limits FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.touch_last_modified();

-- [183/315] create comment on table public.raw_datasets (native)
COMMENT ON TABLE public.raw_datasets IS 'Data as their owner handed them over, before anyone here touched them.';

-- [184/315] create comment on column public.raw_datasets.raw_dataset_id (native)
COMMENT ON COLUMN public.raw_datasets.raw_dataset_id IS 'Key.';

-- [185/315] create comment on column public.raw_datasets.name (native)
COMMENT ON COLUMN public.raw_datasets.name IS 'What people call it; unique whatever its case.';

-- [186/315] create comment on column public.raw_datasets.data_owner_id (native)
COMMENT ON COLUMN public.raw_datasets.data_owner_id IS 'Who handed it over; an owner of raw datasets cannot be deleted.';

-- [187/315] create comment on column public.raw_datasets.description (native)
COMMENT ON COLUMN public.raw_datasets.description IS 'What it holds, and what is known to be wrong with it.';

-- [188/315] create comment on column public.raw_datasets.source_url (native)
COMMENT ON COLUMN public.raw_datasets.source_url IS 'Where it was fetched from.';

-- [189/315] create comment on column public.raw_datasets.licence (native)
COMMENT ON COLUMN public.raw_datasets.licence IS 'The terms it came with.';

-- [190/315] create comment on column public.raw_datasets.received_on (native)
COMMENT ON COLUMN public.raw_datasets.received_on IS 'The day it arrived.';

-- [191/315] create comment on column public.raw_datasets.created_at (native)
COMMENT ON COLUMN public.raw_datasets.created_at IS 'When the row was added.';

-- [192/315] create comment on column public.raw_datasets.last_modified (native)
COMMENT ON COLUMN public.raw_datasets.last_modified IS 'When the row last changed; kept by a trigger.';

-- [193/315] create index public.raw_datasets_data_owner_id_idx (native)
CREATE INDEX raw_datasets_data_owner_id_idx ON public.raw_datasets (data_owner_id);

-- [194/315] create index public.raw_datasets_name_key (native)
CREATE UNIQUE INDEX raw_datasets_name_key ON public.raw_datasets (lower(name));

-- [195/315] create trigger public.raw_datasets.refresh_search (native)
CREATE TRIGGER refresh_search AFTER UPDATE OF name ON public.raw_datasets FOR EACH ROW WHEN ((old.name IS DISTINCT FROM new.name)) EXECUTE FUNCTION public.refresh_search_of_renamed();

-- [196/315] create trigger public.raw_datasets.touch_last_modified (native)
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON public.raw_datasets FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.touch_last_modified();

-- [197/315] create table public.resource_group_members (native)
CREATE TABLE public.resource_group_members (
    resource_group_id bigint NOT NULL,
    ds_id text NOT NULL,
    added_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT resource_group_members_pkey PRIMARY KEY (resource_group_id, ds_id),
    CONSTRAINT resource_group_members_ds_id_fkey FOREIGN KEY (ds_id) REFERENCES public.datasets(ds_id) ON DELETE CASCADE,
    CONSTRAINT resource_group_members_resource_group_id_fkey FOREIGN KEY (resource_group_id) REFERENCES public.resource_groups(resource_group_id) ON DELETE CASCADE
);

-- [198/315] create comment on table public.resource_group_members (native)
COMMENT ON TABLE public.resource_group_members IS 'Which dataset is in which resource group.';

-- [199/315] create comment on column public.resource_group_members.resource_group_id (native)
COMMENT ON COLUMN public.resource_group_members.resource_group_id IS 'The resource group; membership goes with it.';

-- [200/315] create comment on column public.resource_group_members.ds_id (native)
COMMENT ON COLUMN public.resource_group_members.ds_id IS 'The dataset; membership goes with it.';

-- [201/315] create comment on column public.resource_group_members.added_at (native)
COMMENT ON COLUMN public.resource_group_members.added_at IS 'Since when.';

-- [202/315] create index public.resource_group_members_ds_id_idx (native)
CREATE INDEX resource_group_members_ds_id_idx ON public.resource_group_members (ds_id);

-- [203/315] create comment on table public.resource_groups (native)
COMMENT ON TABLE public.resource_groups IS 'Datasets that are shared together: one permission on the group reaches all of them.';

-- [204/315] create comment on column public.resource_groups.resource_group_id (native)
COMMENT ON COLUMN public.resource_groups.resource_group_id IS 'Key.';

-- [205/315] create comment on column public.resource_groups.name (native)
COMMENT ON COLUMN public.resource_groups.name IS 'What people call it; unique whatever its case.';

-- [206/315] create comment on column public.resource_groups.description (native)
COMMENT ON COLUMN public.resource_groups.description IS 'What it is for.';

-- [207/315] create comment on column public.resource_groups.created_at (native)
COMMENT ON COLUMN public.resource_groups.created_at IS 'When the row was added.';

-- [208/315] create comment on column public.resource_groups.last_modified (native)
COMMENT ON COLUMN public.resource_groups.last_modified IS 'When the row last changed; kept by a trigger.';

-- [209/315] create index public.resource_groups_name_key (native)
CREATE UNIQUE INDEX resource_groups_name_key ON public.resource_groups (lower(name));

-- [210/315] create trigger public.resource_groups.touch_last_modified (native)
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON public.resource_groups FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.touch_last_modified();

-- [211/315] create comment on table public.tags (native)
COMMENT ON TABLE public.tags IS 'Words that datasets are found by.';

-- [212/315] create comment on column public.tags.tag_id (native)
COMMENT ON COLUMN public.tags.tag_id IS 'Key.';

-- [213/315] create comment on column public.tags.name (native)
COMMENT ON COLUMN public.tags.name IS 'The word itself, in lower case and without spaces around it.';

-- [214/315] create comment on column public.tags.description (native)
COMMENT ON COLUMN public.tags.description IS 'When to use it.';

-- [215/315] create comment on column public.tags.created_at (native)
COMMENT ON COLUMN public.tags.created_at IS 'When the row was added.';

-- [216/315] create trigger public.tags.refresh_search (native)
CREATE TRIGGER refresh_search AFTER UPDATE OF name ON public.tags FOR EACH ROW WHEN ((old.name IS DISTINCT FROM new.name)) EXECUTE FUNCTION public.refresh_search_of_renamed();

-- [217/315] create table public.user_permissions (native)
CREATE TABLE public.user_permissions (
    permission_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    user_id bigint NOT NULL,
    ds_id text,
    resource_group_id bigint,
    access public.access_level NOT NULL,
    granted_by bigint,
    granted_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_permissions_pkey PRIMARY KEY (permission_id),
    CONSTRAINT user_permissions_user_id_ds_id_key UNIQUE (user_id, ds_id),
    CONSTRAINT user_permissions_user_id_resource_group_id_key UNIQUE (user_id, resource_group_id),
    CONSTRAINT user_permissions_one_object CHECK ((num_nonnulls(ds_id, resource_group_id) = 1)),
    CONSTRAINT user_permissions_ds_id_fkey FOREIGN KEY (ds_id) REFERENCES public.datasets(ds_id) ON DELETE CASCADE,
    CONSTRAINT user_permissions_granted_by_fkey FOREIGN KEY (granted_by) REFERENCES public.users(user_id) ON DELETE SET NULL,
    CONSTRAINT user_permissions_resource_group_id_fkey FOREIGN KEY (resource_group_id) REFERENCES public.resource_groups(resource_group_id) ON DELETE CASCADE,
    CONSTRAINT user_permissions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(user_id) ON DELETE CASCADE
);

-- [218/315] create comment on table public.user_permissions (native)
COMMENT ON TABLE public.user_permissions IS 'What a user may do with a dataset or with all datasets of a resource group. The highest level that reaches a dataset counts; NONE takes nothing away.';

-- [219/315] create comment on column public.user_permissions.permission_id (native)
COMMENT ON COLUMN public.user_permissions.permission_id IS 'Key.';

-- [220/315] create comment on column public.user_permissions.user_id (native)
COMMENT ON COLUMN public.user_permissions.user_id IS 'Who may; permissions go with the user.';

-- [221/315] create comment on column public.user_permissions.ds_id (native)
COMMENT ON COLUMN public.user_permissions.ds_id IS 'On which dataset; this or the resource group is given.';

-- [222/315] create comment on column public.user_permissions.resource_group_id (native)
COMMENT ON COLUMN public.user_permissions.resource_group_id IS 'On which resource group; this or the dataset is given.';

-- [223/315] create comment on column public.user_permissions.access (native)
COMMENT ON COLUMN public.user_permissions.access IS 'How much.';

-- [224/315] create comment on column public.user_permissions.granted_by (native)
COMMENT ON COLUMN public.user_permissions.granted_by IS 'Who gave it; null once that user is gone.';

-- [225/315] create comment on column public.user_permissions.granted_at (native)
COMMENT ON COLUMN public.user_permissions.granted_at IS 'When it was given.';

-- [226/315] create index public.user_permissions_ds_id_idx (native)
CREATE INDEX user_permissions_ds_id_idx ON public.user_permissions (ds_id);

-- [227/315] create index public.user_permissions_granted_by_idx (native)
CREATE INDEX user_permissions_granted_by_idx ON public.user_permissions (granted_by);

-- [228/315] create index public.user_permissions_resource_group_id_idx (native)
CREATE INDEX user_permissions_resource_group_id_idx ON public.user_permissions (resource_group_id);

-- [229/315] create comment on table public.users (native)
COMMENT ON TABLE public.users IS 'People who use the catalogue with a key of their own.';

-- [230/315] create comment on column public.users.user_id (native)
COMMENT ON COLUMN public.users.user_id IS 'Key.';

-- [231/315] create comment on column public.users.email (native)
COMMENT ON COLUMN public.users.email IS 'Mail address; unique whatever its case.';

-- [232/315] create comment on column public.users.full_name (native)
COMMENT ON COLUMN public.users.full_name IS 'The name to show.';

-- [233/315] create comment on column public.users.is_admin (native)
COMMENT ON COLUMN public.users.is_admin IS 'May change the catalogue, and fetch everything in it.';

-- [234/315] create comment on column public.users.is_active (native)
COMMENT ON COLUMN public.users.is_active IS 'False shuts the user out at once: no key of theirs works, no permission counts.';

-- [235/315] create comment on column public.users.created_at (native)
COMMENT ON COLUMN public.users.created_at IS 'When the row was added.';

-- [236/315] create comment on column public.users.last_modified (native)
COMMENT ON COLUMN public.users.last_modified IS 'When the row last changed; kept by a trigger.';

-- [237/315] create index public.users_email_key (native)
CREATE UNIQUE INDEX users_email_key ON public.users (lower(email));

-- [238/315] create trigger public.users.touch_last_modified (native)
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON public.users FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.touch_last_modified();

-- [239/315] create table public.version_tables (native)
CREATE TABLE public.version_tables (
    table_id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    version_id bigint NOT NULL,
    name text NOT NULL,
    description text,
    object_key text NOT NULL,
    media_type text DEFAULT 'text/csv'::text NOT NULL,
    byte_size bigint NOT NULL,
    sha256 text NOT NULL,
    row_count bigint,
    data_dictionary jsonb DEFAULT '[]'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_modified timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT version_tables_pkey PRIMARY KEY (table_id),
    CONSTRAINT version_tables_version_id_name_key UNIQUE (version_id, name),
    CONSTRAINT version_tables_byte_size_positive CHECK ((byte_size >= 0)),
    CONSTRAINT version_tables_data_dictionary_is_array CHECK ((jsonb_typeof(data_dictionary) = 'array'::text)),
    CONSTRAINT version_tables_name_not_blank CHECK ((btrim(name) <> ''::text)),
    CONSTRAINT version_tables_object_key_relative CHECK (((object_key <> ''::text) AND (object_key !~ '(^/)|(^|/)\.\.(/|$)'::text))),
    CONSTRAINT version_tables_row_count_positive CHECK ((row_count >= 0)),
    CONSTRAINT version_tables_sha256_format CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
    CONSTRAINT version_tables_version_id_fkey FOREIGN KEY (version_id) REFERENCES public.dataset_versions(version_id) ON DELETE CASCADE
);

-- [240/315] create comment on table public.version_tables (native)
COMMENT ON TABLE public.version_tables IS 'The tables of a version, each kept as one file.';

-- [241/315] create comment on column public.version_tables.table_id (native)
COMMENT ON COLUMN public.version_tables.table_id IS 'Key.';

-- [242/315] create comment on column public.version_tables.version_id (native)
COMMENT ON COLUMN public.version_tables.version_id IS 'The version; its tables go with it.';

-- [243/315] create comment on column public.version_tables.name (native)
COMMENT ON COLUMN public.version_tables.name IS 'The table''s name, unique in its version.';

-- [244/315] create comment on column public.version_tables.description (native)
COMMENT ON COLUMN public.version_tables.description IS 'What one row of it is.';

-- [245/315] create comment on column public.version_tables.object_key (native)
COMMENT ON COLUMN public.version_tables.object_key IS 'The file''s path below the url of the version''s bucket; never absolute, never upwards.';

-- [246/315] create comment on column public.version_tables.media_type (native)
COMMENT ON COLUMN public.version_tables.media_type IS 'Media type of the file, for example text/csv.';

-- [247/315] create comment on column public.version_tables.byte_size (native)
COMMENT ON COLUMN public.version_tables.byte_size IS 'Size of the file in bytes.';

-- [248/315] create comment on column public.version_tables.sha256 (native)
COMMENT ON COLUMN public.version_tables.sha256 IS 'SHA-256 of the file, in lower-case hexadecimal, for a download to be checked against.';

-- [249/315] create comment on column public.version_tables.row_count (native)
COMMENT ON COLUMN public.version_tables.row_count IS 'Rows, where they were counted.';

-- [250/315] create comment on column public.version_tables.data_dictionary (native)
COMMENT ON COLUMN public.version_tables.data_dictionary IS 'A JSON array with one object per column: name, type, description, unit.';

-- [251/315] create comment on column public.version_tables.created_at (native)
COMMENT ON COLUMN public.version_tables.created_at IS 'When the row was added.';

-- [252/315] create comment on column public.version_tables.last_modified (native)
COMMENT ON COLUMN public.version_tables.last_modified IS 'When the row last changed; kept by a trigger.';

-- [253/315] create trigger public.version_tables.touch_last_modified (native)
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON public.version_tables FOR EACH ROW WHEN ((old.* IS DISTINCT FROM new.*)) EXECUTE FUNCTION public.touch_last_modified();

-- [254/315] create function public.touch_version_of_table() (native)
CREATE FUNCTION public.touch_version_of_table()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
BEGIN
    UPDATE dataset_versions v
       SET last_modified = now()
     WHERE v.version_id IN (SELECT c.version_id FROM changed c);
    RETURN NULL;
END
$function$;

-- [255/315] create trigger public.version_tables.touch_version_delete (native)
CREATE TRIGGER touch_version_delete AFTER DELETE ON public.version_tables REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.touch_version_of_table();

-- [256/315] create trigger public.version_tables.touch_version_insert (native)
CREATE TRIGGER touch_version_insert AFTER INSERT ON public.version_tables REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.touch_version_of_table();

-- [257/315] create trigger public.version_tables.touch_version_update (native)
CREATE TRIGGER touch_version_update AFTER UPDATE ON public.version_tables REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.touch_version_of_table();

-- [258/315] create trigger public.version_tables.touch_version_update_from (native)
CREATE TRIGGER touch_version_update_from AFTER UPDATE ON public.version_tables REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.touch_version_of_table();

-- [259/315] create function public.add_dataset(text, text, text, text[], text[], text, public.access_level, text) (native)
CREATE FUNCTION public.add_dataset(p_title text, p_collection text, p_data_owner text, p_tags text[] DEFAULT '{}'::text[], p_raw_datasets text[] DEFAULT '{}'::text[], p_description text DEFAULT NULL::text, p_public_access public.access_level DEFAULT 'NONE'::public.access_level, p_ds_id text DEFAULT NULL::text)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
    v_collection_id text   := find_collection(p_collection);
    v_data_owner_id bigint := find_data_owner(p_data_owner);
    v_ds_id         text   := upper(btrim(p_ds_id));
    v_number        integer;
    v_unknown       text;
BEGIN
    IF coalesce(btrim(p_title), '') = '' THEN
        RAISE EXCEPTION 'a dataset needs a title' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF length(v_ds_id) <> 12 THEN
        RAISE EXCEPTION 'the ds_id "%" has % characters, not 12', v_ds_id, length(v_ds_id)
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Leave it out to have one made from the collection.';
    ELSIF v_ds_id !~ '^[A-Z0-9]+[0-9]{4}$' THEN
        RAISE EXCEPTION 'the ds_id "%" is not made of letters and digits that end in four digits', v_ds_id
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Leave it out to have one made from the collection.';
    END IF;

    SELECT string_agg(format('"%s"', w.name), ', ') INTO v_unknown
      FROM unnest(p_raw_datasets) w (name)
     WHERE NOT EXISTS (SELECT FROM raw_datasets r WHERE lower(r.name) = lower(btrim(w.name)));
    IF v_unknown IS NOT NULL THEN
        RAISE EXCEPTION 'there is no raw dataset %', v_unknown
            USING ERRCODE = 'no_data_found', HINT = 'Add it first, with add_raw_dataset().';
    END IF;

    SELECT string_agg(format('"%s"', w.name), ', ') INTO v_unknown
      FROM unnest(p_tags) w (name)
     WHERE NOT EXISTS (SELECT FROM tags t WHERE t.name = lower(btrim(w.name)));
    IF v_unknown IS NOT NULL THEN
        RAISE EXCEPTION 'there is no tag %', v_unknown
            USING ERRCODE = 'no_data_found', HINT = 'Add it to tags first; tags are kept in lower case.';
    END IF;

    -- The row lock makes two sessions that add to one collection take turns.
    PERFORM FROM collections c WHERE c.collection_id = v_collection_id FOR NO KEY UPDATE;
    IF v_ds_id IS NULL THEN
        SELECT 1 + greatest(c.last_dataset_number, (
                   SELECT right(d.ds_id, 4)::integer
                     FROM datasets d
                    WHERE d.ds_id BETWEEN v_collection_id || 'DS0000' AND v_collection_id || 'DS9999'
                      AND d.ds_id ~ ('^' || v_collection_id || 'DS[0-9]{4}$')
                    ORDER BY d.ds_id DESC
                    LIMIT 1))
          INTO v_number
          FROM collections c
         WHERE c.collection_id = v_collection_id;
        IF v_number > 9999 THEN
            RAISE EXCEPTION 'collection % has used up its 9999 dataset ids', v_collection_id
                USING ERRCODE = 'sequence_generator_limit_exceeded', HINT = 'Add another collection, or give a ds_id.';
        END IF;
        v_ds_id := v_collection_id || 'DS' || lpad(v_number::text, 4, '0');
    ELSIF v_ds_id ~ ('^' || v_collection_id || 'DS[0-9]{4}$') THEN
        v_number := right(v_ds_id, 4)::integer;
    END IF;
    UPDATE collections c
       SET last_dataset_number = v_number
     WHERE c.collection_id = v_collection_id AND c.last_dataset_number < v_number;

    INSERT INTO datasets (ds_id, title, description, collection_id, data_owner_id, public_access)
    VALUES (v_ds_id, btrim(p_title), p_description, v_collection_id, v_data_owner_id, p_public_access)
    ON CONFLICT (ds_id) DO NOTHING;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is already a dataset "%"', v_ds_id
            USING ERRCODE = 'unique_violation', TABLE = 'datasets', CONSTRAINT = 'datasets_pkey';
    END IF;

    INSERT INTO dataset_tags (ds_id, tag_id)
    SELECT DISTINCT v_ds_id, t.tag_id
      FROM unnest(p_tags) w (name) JOIN tags t ON t.name = lower(btrim(w.name));

    INSERT INTO dataset_raw_datasets (ds_id, raw_dataset_id)
    SELECT DISTINCT v_ds_id, r.raw_dataset_id
      FROM unnest(p_raw_datasets) w (name) JOIN raw_datasets r ON lower(r.name) = lower(btrim(w.name));

    RETURN v_ds_id;
END
$function$;

-- [260/315] create comment on function public.add_dataset(text, text, text, text[], text[], text, public.access_level, text) (native)
COMMENT ON FUNCTION public.add_dataset(text, text, text, text[], text[], text, public.access_level, text) IS 'Adds a dataset by the names of its collection (or its id), data owner, tags and raw datasets, and returns its ds_id, made from the collection unless given. Fails with no_data_found naming every unknown name, unique_violation for an id in use, invalid_parameter_value for a bad title or id.';

-- [261/315] create function public.add_raw_dataset(text, text, text, text, text, date) (native)
CREATE FUNCTION public.add_raw_dataset(p_name text, p_data_owner text, p_description text DEFAULT NULL::text, p_source_url text DEFAULT NULL::text, p_licence text DEFAULT NULL::text, p_received_on date DEFAULT NULL::date)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
    v_raw_dataset_id raw_datasets.raw_dataset_id%TYPE;
BEGIN
    IF coalesce(btrim(p_name), '') = '' THEN
        RAISE EXCEPTION 'a raw dataset needs a name' USING ERRCODE = 'invalid_parameter_value';
    END IF;

    INSERT INTO raw_datasets (name, data_owner_id, description, source_url, licence, received_on)
    VALUES (btrim(p_name), find_data_owner(p_data_owner), p_description, p_source_url, p_licence, p_received_on)
    ON CONFLICT (lower(name)) DO NOTHING
    RETURNING raw_dataset_id INTO v_raw_dataset_id;

    IF v_raw_dataset_id IS NULL THEN
        RAISE EXCEPTION 'there is already a raw dataset "%"', btrim(p_name)
            USING ERRCODE = 'unique_violation', TABLE = 'raw_datasets', CONSTRAINT = 'raw_datasets_name_key';
    END IF;
    RETURN v_raw_dataset_id;
END
$function$;

-- [262/315] create comment on function public.add_raw_dataset(text, text, text, text, text, date) (native)
COMMENT ON FUNCTION public.add_raw_dataset(text, text, text, text, text, date) IS 'Adds a raw dataset of the data owner with this name and returns its key. Fails with no_data_found for an unknown owner, unique_violation for a name in use.';

-- [263/315] create function public.count_request(text, text, bigint, bigint) (native)
CREATE FUNCTION public.count_request(p_action text, p_subject text, p_user_id bigint DEFAULT NULL::bigint, p_group_id bigint DEFAULT NULL::bigint)
 RETURNS TABLE(allowed boolean, max_requests integer, remaining integer, resets_at timestamp with time zone)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
    v_max_requests   integer;
    v_window_seconds integer;
    v_resets_at      timestamptz;
    v_requests       integer;
BEGIN
    -- The user's own limit, else the most generous of their groups', else the default.
    SELECT l.max_requests, l.window_seconds INTO v_max_requests, v_window_seconds
      FROM rate_limits l
     WHERE l.action = p_action
       AND (l.user_id = p_user_id
            OR l.group_id = p_group_id
            OR l.group_id IN (SELECT g.group_id FROM group_members g WHERE g.user_id = p_user_id)
            OR (l.user_id IS NULL AND l.group_id IS NULL))
     ORDER BY l.user_id IS NULL, l.group_id IS NULL, l.max_requests::numeric / l.window_seconds DESC
     LIMIT 1;
    IF NOT FOUND THEN
        RETURN QUERY SELECT true, NULL::integer, NULL::integer, NULL::timestamptz;
        RETURN;
    END IF;

    v_resets_at := to_timestamp(
        (floor(extract(epoch FROM statement_timestamp()) / v_window_seconds) + 1) * v_window_seconds);
    INSERT INTO rate_limit_counters AS c (subject, action, resets_at)
    VALUES (p_subject, p_action, v_resets_at)
    ON CONFLICT ON CONSTRAINT rate_limit_counters_pkey
    DO UPDATE SET requests = least(c.requests, v_max_requests) + 1
    RETURNING c.requests INTO v_requests;

    RETURN QUERY SELECT v_requests <= v_max_requests,
                        v_max_requests,
                        greatest(v_max_requests - v_requests, 0),
                        v_resets_at;
END
$function$;

-- [264/315] create comment on function public.count_request(text, text, bigint, bigint) (native)
COMMENT ON FUNCTION public.count_request(text, text, bigint, bigint) IS 'Counts one request of a subject and says whether it is allowed, how many there may be in the window, how many are left, and when the window ends. Allowed without limit (nulls) where rate_limits has no row for the action.';

-- [265/315] create function public.dataset_access(bigint, bigint) (native)
CREATE FUNCTION public.dataset_access(p_user_id bigint, p_group_id bigint DEFAULT NULL::bigint)
 RETURNS TABLE(ds_id text, access public.access_level)
 LANGUAGE sql
 STABLE
AS $function$
    SELECT d.ds_id,
           CASE WHEN (SELECT u.is_admin AND u.is_active FROM public.users u WHERE u.user_id = p_user_id)
                THEN 'DOWNLOAD'::public.access_level
                ELSE greatest(d.public_access, g.access)
           END
      FROM public.datasets d
      LEFT JOIN (
          SELECT dg.ds_id, max(dg.access) AS access
            FROM public.dataset_grants(p_user_id, p_group_id) dg
           GROUP BY dg.ds_id
      ) g ON g.ds_id = d.ds_id
$function$;

-- [266/315] create comment on function public.dataset_access(bigint, bigint) (native)
COMMENT ON FUNCTION public.dataset_access(bigint, bigint) IS 'All datasets with what a user, or a group that comes with its own key, may do with each: the highest of the public level and of every permission; DOWNLOAD for administrators. Both arguments null: anyone.';

-- [267/315] create function public.dataset_grants(bigint, bigint) (native)
CREATE FUNCTION public.dataset_grants(p_user_id bigint, p_group_id bigint DEFAULT NULL::bigint)
 RETURNS TABLE(ds_id text, access public.access_level, granted_to text, granted_through text)
 LANGUAGE sql
 STABLE
AS $function$
    SELECT p.ds_id, p.access, 'user', 'dataset'
      FROM public.user_permissions p
      JOIN public.users u ON u.user_id = p.user_id AND u.is_active
     WHERE p.user_id = p_user_id AND p.ds_id IS NOT NULL
    UNION ALL
    SELECT m.ds_id, p.access, 'user', 'resource group'
      FROM public.user_permissions p
      JOIN public.users u ON u.user_id = p.user_id AND u.is_active
      JOIN public.resource_group_members m ON m.resource_group_id = p.resource_group_id
     WHERE p.user_id = p_user_id
    UNION ALL
    SELECT p.ds_id, p.access, 'group', 'dataset'
      FROM public.group_permissions p
     WHERE p.ds_id IS NOT NULL
       AND p.group_id IN (
           SELECT g.group_id FROM public.group_members g JOIN public.users u ON u.user_id = g.user_id AND u.is_active
            WHERE g.user_id = p_user_id
            UNION ALL SELECT p_group_id)
    UNION ALL
    SELECT m.ds_id, p.access, 'group', 'resource group'
      FROM public.group_permissions p
      JOIN public.resource_group_members m ON m.resource_group_id = p.resource_group_id
     WHERE p.group_id IN (
           SELECT g.group_id FROM public.group_members g JOIN public.users u ON u.user_id = g.user_id AND u.is_active
            WHERE g.user_id = p_user_id
            UNION ALL SELECT p_group_id)
$function$;

-- [268/315] create comment on function public.dataset_grants(bigint, bigint) (native)
COMMENT ON FUNCTION public.dataset_grants(bigint, bigint) IS 'Every permission that reaches a dataset for a user (with all their groups) or a group, one row each, and the way it takes. A user who is not active has none.';

-- [269/315] create function public.effective_access(bigint, text, bigint) (native)
CREATE FUNCTION public.effective_access(p_user_id bigint, p_ds_id text, p_group_id bigint DEFAULT NULL::bigint)
 RETURNS public.access_level
 LANGUAGE sql
 STABLE
AS $function$
    SELECT coalesce(
        (SELECT a.access FROM public.dataset_access(p_user_id, p_group_id) a WHERE a.ds_id = p_ds_id),
        'NONE'::public.access_level)
$function$;

-- [270/315] create comment on function public.effective_access(bigint, text, bigint) (native)
COMMENT ON FUNCTION public.effective_access(bigint, text, bigint) IS 'What a user (null: anyone) may do with one dataset; see dataset_access(). NONE also for a dataset that does not exist, so that the two cannot be told apart.';

-- [271/315] create function public.find_api_key(text) (native)
CREATE FUNCTION public.find_api_key(p_key_prefix text)
 RETURNS TABLE(key_id bigint, hashed_key text, user_id bigint, group_id bigint, is_admin boolean)
 LANGUAGE sql
 STABLE
AS $function$
    SELECT k.key_id, k.hashed_key, k.user_id, k.group_id, coalesce(u.is_admin, false)
      FROM public.api_keys k
      LEFT JOIN public.users u ON u.user_id = k.user_id
     WHERE k.key_prefix = p_key_prefix
       AND k.revoked_at IS NULL
       AND (k.expires_at IS NULL OR k.expires_at > statement_timestamp())
       AND (k.user_id IS NULL OR u.is_active)
$function$;

-- [272/315] create comment on function public.find_api_key(text) (native)
COMMENT ON FUNCTION public.find_api_key(text) IS 'The key with this prefix, if it may be used now: not revoked, not expired, its user active. The caller compares the hash.';

-- [273/315] create function public.find_collection(text) (native)
CREATE FUNCTION public.find_collection(p_collection text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
    v_collection_id collections.collection_id%TYPE;
BEGIN
    SELECT c.collection_id INTO v_collection_id
      FROM collections c
     WHERE c.collection_id = upper(btrim(p_collection)) OR lower(c.name) = lower(btrim(p_collection))
     ORDER BY c.collection_id = upper(btrim(p_collection)) DESC
     LIMIT 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no collection "%"', p_collection
            USING ERRCODE = 'no_data_found',
                  HINT = 'Give the id or the name of a row of collections, or add one first.';
    END IF;
    RETURN v_collection_id;
END
$function$;

-- [274/315] create comment on function public.find_collection(text) (native)
COMMENT ON FUNCTION public.find_collection(text) IS 'The id of the collection with this id or name, whatever its case. Fails with no_data_found.';

-- [275/315] create function public.find_data_owner(text) (native)
CREATE FUNCTION public.find_data_owner(p_data_owner text)
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
    v_data_owner_id data_owners.data_owner_id%TYPE;
BEGIN
    SELECT o.data_owner_id INTO v_data_owner_id
      FROM data_owners o
     WHERE lower(o.name) = lower(btrim(p_data_owner));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no data owner "%"', p_data_owner
            USING ERRCODE = 'no_data_found',
                  HINT = 'Give the name of a row of data_owners, or add one first.';
    END IF;
    RETURN v_data_owner_id;
END
$function$;

-- [276/315] create comment on function public.find_data_owner(text) (native)
COMMENT ON FUNCTION public.find_data_owner(text) IS 'The key of the data owner with this name, whatever its case. Fails with no_data_found.';

-- [277/315] create function public.find_dataset(text) (native)
CREATE FUNCTION public.find_dataset(p_dataset text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
DECLARE
    v_wanted text := upper(btrim(p_dataset));
    v_found  text[];
BEGIN
    IF v_wanted ~ '^[0-9]{4}$' THEN
        SELECT array_agg(d.ds_id ORDER BY d.ds_id) INTO v_found FROM datasets d WHERE right(d.ds_id, 4) = v_wanted;
    ELSE
        SELECT array_agg(d.ds_id) INTO v_found FROM datasets d WHERE d.ds_id = v_wanted;
    END IF;

    IF v_found IS NULL THEN
        RAISE EXCEPTION 'there is no dataset "%"', p_dataset
            USING ERRCODE = 'no_data_found',
                  HINT = 'Give the 12 characters of its ds_id, or the last four digits of it.';
    ELSIF cardinality(v_found) > 1 THEN
        RAISE EXCEPTION '% datasets end in "%"', cardinality(v_found), v_wanted
            USING ERRCODE = 'too_many_rows',
                  DETAIL = 'They are ' || array_to_string(v_found[1:10], ', ')
                           || CASE WHEN cardinality(v_found) > 10 THEN ', …' ELSE '.' END,
                  HINT = 'Give all 12 characters of the ds_id.';
    END IF;
    RETURN v_found[1];
END
$function$;

-- [278/315] create comment on function public.find_dataset(text) (native)
COMMENT ON FUNCTION public.find_dataset(text) IS 'The ds_id that a full id or the last four digits of one stand for. Fails with no_data_found, or too_many_rows where four digits fit several.';

-- [279/315] create function public.index_datasets_for_search(text[]) (native)
CREATE FUNCTION public.index_datasets_for_search(p_ds_ids text[])
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    INSERT INTO dataset_search (ds_id, document)
    SELECT d.ds_id,
           setweight(to_tsvector('simple', d.ds_id || ' ' || right(d.ds_id, 4)), 'A')
        || setweight(to_tsvector('english', d.title), 'A')
        || setweight(to_tsvector('english', coalesce(t.names, '')), 'B')
        || setweight(to_tsvector('english', c.name || ' ' || c.category), 'B')
        || setweight(to_tsvector('english', o.name || ' ' || coalesce(r.names, '')), 'C')
        || setweight(to_tsvector('english', coalesce(d.description, '')), 'D')
      FROM datasets d
      JOIN collections c USING (collection_id)
      JOIN data_owners o USING (data_owner_id)
      LEFT JOIN LATERAL (
          SELECT string_agg(t.name, ' ' ORDER BY t.name) AS names
            FROM dataset_tags dt JOIN tags t USING (tag_id)
           WHERE dt.ds_id = d.ds_id
      ) t ON true
      LEFT JOIN LATERAL (
          SELECT string_agg(r.name, ' ' ORDER BY r.name) AS names
            FROM dataset_raw_datasets dr JOIN raw_datasets r USING (raw_dataset_id)
           WHERE dr.ds_id = d.ds_id
      ) r ON true
     WHERE d.ds_id = ANY (p_ds_ids)
     ORDER BY d.ds_id    -- two sessions that index the same datasets lock them in the same order
    ON CONFLICT (ds_id) DO UPDATE
       SET document = excluded.document
     WHERE dataset_search.document IS DISTINCT FROM excluded.document;
$function$;

-- [280/315] create comment on function public.index_datasets_for_search(text[]) (native)
COMMENT ON FUNCTION public.index_datasets_for_search(text[]) IS 'Writes the search documents of the given datasets anew. The triggers call it; call it by hand only after loading data with triggers off.';

-- [281/315] create function public.purge_rate_limit_counters() (native)
CREATE FUNCTION public.purge_rate_limit_counters()
 RETURNS bigint
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
    WITH gone AS (
        DELETE FROM rate_limit_counters WHERE resets_at <= statement_timestamp() RETURNING 1
    )
    SELECT count(*) FROM gone;
$function$;

-- [282/315] create comment on function public.purge_rate_limit_counters() (native)
COMMENT ON FUNCTION public.purge_rate_limit_counters() IS 'Deletes the counters of windows that are over and returns how many there were. To be called now and then.';

-- [283/315] create comment on function public.refresh_search_of_changed() (native)
COMMENT ON FUNCTION public.refresh_search_of_changed() IS 'Trigger: writes the search documents of the datasets whose rows changed anew.';

-- [284/315] create comment on function public.refresh_search_of_renamed() (native)
COMMENT ON FUNCTION public.refresh_search_of_renamed() IS 'Trigger: writes the search documents of the datasets that a renamed row is part of anew.';

-- [285/315] create comment on function public.touch_last_modified() (native)
COMMENT ON FUNCTION public.touch_last_modified() IS 'Trigger: sets last_modified of a row that changed.';

-- [286/315] create comment on function public.touch_version_of_table() (native)
COMMENT ON FUNCTION public.touch_version_of_table() IS 'Trigger: sets last_modified of the versions whose tables changed.';

-- [287/315] create view public.datasets_full_view (native)
CREATE VIEW public.datasets_full_view AS
 SELECT d.ds_id,
    d.title,
    d.description,
    d.collection_id,
    c.name AS collection_name,
    c.category,
    d.data_owner_id,
    o.name AS data_owner_name,
    d.public_access,
    d.spatial_coverage,
    d.spatial_resolution,
    d.temporal_coverage_start,
    d.temporal_coverage_end,
    d.temporal_resolution,
    d.additional_metadata,
    ARRAY( SELECT t.name
           FROM (public.dataset_tags dt
             JOIN public.tags t ON ((t.tag_id = dt.tag_id)))
          WHERE (dt.ds_id = d.ds_id)
          ORDER BY t.name) AS tags,
    ARRAY( SELECT r.name
           FROM (public.dataset_raw_datasets dr
             JOIN public.raw_datasets r ON ((r.raw_dataset_id = dr.raw_dataset_id)))
          WHERE (dr.ds_id = d.ds_id)
          ORDER BY r.name) AS raw_datasets,
    v.versions,
    v.data_last_modified,
    d.created_at,
    d.last_modified
   FROM (((public.datasets d
     JOIN public.collections c ON ((c.collection_id = d.collection_id)))
     JOIN public.data_owners o ON ((o.data_owner_id = d.data_owner_id)))
     CROSS JOIN LATERAL ( SELECT COALESCE(jsonb_agg(jsonb_build_object('version_type', dv.version_type, 'updation_frequency', dv.updation_frequency, 'last_modified', dv.last_modified, 'tables', ( SELECT count(*) AS count
                   FROM public.version_tables vt
                  WHERE (vt.version_id = dv.version_id))) ORDER BY dv.version_type), '[]'::jsonb) AS versions,
            max(dv.last_modified) AS data_last_modified
           FROM public.dataset_versions dv
          WHERE (dv.ds_id = d.ds_id)) v);

-- [288/315] create comment on column public.datasets_full_view.additional_metadata (native)
COMMENT ON COLUMN public.datasets_full_view.additional_metadata IS 'See datasets.';

-- [289/315] create comment on column public.datasets_full_view.category (native)
COMMENT ON COLUMN public.datasets_full_view.category IS 'Category of the collection.';

-- [290/315] create comment on column public.datasets_full_view.collection_id (native)
COMMENT ON COLUMN public.datasets_full_view.collection_id IS 'See collections.';

-- [291/315] create comment on column public.datasets_full_view.collection_name (native)
COMMENT ON COLUMN public.datasets_full_view.collection_name IS 'Name of the collection.';

-- [292/315] create comment on column public.datasets_full_view.created_at (native)
COMMENT ON COLUMN public.datasets_full_view.created_at IS 'See datasets.';

-- [293/315] create comment on column public.datasets_full_view.data_last_modified (native)
COMMENT ON COLUMN public.datasets_full_view.data_last_modified IS 'When the data of any version last changed; null without versions.';

-- [294/315] create comment on column public.datasets_full_view.data_owner_id (native)
COMMENT ON COLUMN public.datasets_full_view.data_owner_id IS 'See data_owners.';

-- [295/315] create comment on column public.datasets_full_view.data_owner_name (native)
COMMENT ON COLUMN public.datasets_full_view.data_owner_name IS 'Name of the data owner.';

-- [296/315] create comment on column public.datasets_full_view.description (native)
COMMENT ON COLUMN public.datasets_full_view.description IS 'See datasets.';

-- [297/315] create comment on column public.datasets_full_view.ds_id (native)
COMMENT ON COLUMN public.datasets_full_view.ds_id IS 'See datasets.';

-- [298/315] create comment on column public.datasets_full_view.last_modified (native)
COMMENT ON COLUMN public.datasets_full_view.last_modified IS 'When the description last changed; see datasets.';

-- [299/315] create comment on column public.datasets_full_view.public_access (native)
COMMENT ON COLUMN public.datasets_full_view.public_access IS 'See datasets.';

-- [300/315] create comment on column public.datasets_full_view.raw_datasets (native)
COMMENT ON COLUMN public.datasets_full_view.raw_datasets IS 'The names of the raw datasets it was made from, in alphabetical order; empty, never null.';

-- [301/315] create comment on column public.datasets_full_view.spatial_coverage (native)
COMMENT ON COLUMN public.datasets_full_view.spatial_coverage IS 'See datasets.';

-- [302/315] create comment on column public.datasets_full_view.spatial_resolution (native)
COMMENT ON COLUMN public.datasets_full_view.spatial_resolution IS 'See datasets.';

-- [303/315] create comment on column public.datasets_full_view.tags (native)
COMMENT ON COLUMN public.datasets_full_view.tags IS 'Its tags in alphabetical order; empty, never null.';

-- [304/315] create comment on column public.datasets_full_view.temporal_coverage_end (native)
COMMENT ON COLUMN public.datasets_full_view.temporal_coverage_end IS 'See datasets.';

-- [305/315] create comment on column public.datasets_full_view.temporal_coverage_start (native)
COMMENT ON COLUMN public.datasets_full_view.temporal_coverage_start IS 'See datasets.';

-- [306/315] create comment on column public.datasets_full_view.temporal_resolution (native)
COMMENT ON COLUMN public.datasets_full_view.temporal_resolution IS 'See datasets.';

-- [307/315] create comment on column public.datasets_full_view.title (native)
COMMENT ON COLUMN public.datasets_full_view.title IS 'See datasets.';

-- [308/315] create comment on column public.datasets_full_view.versions (native)
COMMENT ON COLUMN public.datasets_full_view.versions IS 'A JSON array with type, frequency, last modification and number of tables of each version; empty, never null.';

-- [309/315] create comment on view public.datasets_full_view (native)
COMMENT ON VIEW public.datasets_full_view IS 'Datasets with the names of everything around them, one row each. No contacts, no permissions: filter it by dataset_access().';

-- [310/315] create view public.tag_counts (native)
CREATE VIEW public.tag_counts AS
 SELECT tag_id,
    name,
    description,
    ( SELECT count(*) AS count
           FROM public.dataset_tags dt
          WHERE (dt.tag_id = t.tag_id)) AS datasets
   FROM public.tags t;

-- [311/315] create comment on column public.tag_counts.datasets (native)
COMMENT ON COLUMN public.tag_counts.datasets IS 'Datasets that carry it, whoever may see them.';

-- [312/315] create comment on column public.tag_counts.description (native)
COMMENT ON COLUMN public.tag_counts.description IS 'See tags.';

-- [313/315] create comment on column public.tag_counts.name (native)
COMMENT ON COLUMN public.tag_counts.name IS 'See tags.';

-- [314/315] create comment on column public.tag_counts.tag_id (native)
COMMENT ON COLUMN public.tag_counts.tag_id IS 'See tags.';

-- [315/315] create comment on view public.tag_counts (native)
COMMENT ON VIEW public.tag_counts IS 'Tags and how many datasets carry each, hidden ones included.';

-- [record]
INSERT INTO dataio_meta.migration
    (number, name, kind, from_fingerprint, to_fingerprint, checksum, git_commit, tool_version)
VALUES (1, 'create_catalogue', 'plan',
    'pg18:0495430e4850f7ef6b181478bb238932a5b856b5e97bde4ffdb44edf72964e54',
    'pg18:63e5f968d2b396b6b07ab02ed393a25dd97e8b5acabe2803ee19baea4921db33',
    'sha256:7c308ec506ae1cfdddb1d95daaf2d48c7effeeaa26adfec26473804e97a66aaf', '547f826d41f0', 'dataio 0.1.0');

-- [commit]
COMMIT;

-- dataio: the catalogue.
--
-- This file is the truth about the database. Edit it, then let `dataio schema plan` find the way from a live database
-- to it. It loads into an empty PostgreSQL 13 or later, in one transaction, as the owner of the database, and needs no
-- extension.
--
--   1  Types
--   2  Collections, data owners, raw datasets, tags
--   3  Datasets
--   4  Versions, their tables, and where these are stored
--   5  Users, groups, keys
--   6  Resource groups and permissions
--   7  Rate limits
--   8  Full-text search
--   9  Functions: who may see what
--  10  Functions: adding and finding by name
--  11  Functions: keys and rate limits
--  12  Triggers
--  13  Views
--
-- Conventions. Tables are plural, keys are <thing>_id. Names that people type are unique whatever their case. What
-- belongs to a thing goes with it (ON DELETE CASCADE); what others rely on cannot be pulled away (RESTRICT); who did
-- something is forgotten with the person (SET NULL). Every foreign key has an index. Functions that other sessions'
-- search_path could lead astray either pin theirs or, where that would keep PostgreSQL from inlining them, name the
-- schema of everything they use.


-- 1  Types ------------------------------------------------------------------------------------------------------------

CREATE TYPE access_level AS ENUM ('NONE', 'VIEW', 'DOWNLOAD');
COMMENT ON TYPE access_level IS
    'What someone may do with a dataset, in rising order: nothing, read its metadata, fetch its files.';

CREATE TYPE version_type AS ENUM ('PREPROCESSED', 'STANDARDISED');
COMMENT ON TYPE version_type IS
    'How far the data of a version were worked on: cleaned only, or brought to the catalogue''s common standard.';

CREATE TYPE updation_frequency AS ENUM (
    'ONCE', 'DAILY', 'WEEKLY', 'FORTNIGHTLY', 'MONTHLY', 'QUARTERLY', 'YEARLY', 'IRREGULAR'
);
COMMENT ON TYPE updation_frequency IS 'How often new data are expected.';


-- 2  Collections, data owners, raw datasets, tags ---------------------------------------------------------------------

CREATE TABLE collections (
    collection_id        text        PRIMARY KEY,
    name                 text        NOT NULL,
    category             text        NOT NULL,
    description          text,
    last_dataset_number  integer     NOT NULL DEFAULT 0,
    created_at           timestamptz NOT NULL DEFAULT now(),
    last_modified        timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT collections_collection_id_format CHECK (collection_id ~ '^[A-Z]{2}[0-9]{4}$'),
    CONSTRAINT collections_name_not_blank       CHECK (btrim(name) <> ''),
    CONSTRAINT collections_category_not_blank   CHECK (btrim(category) <> ''),
    CONSTRAINT collections_last_dataset_number_range CHECK (last_dataset_number BETWEEN 0 AND 9999)
);
CREATE UNIQUE INDEX collections_name_key ON collections (lower(name));
CREATE INDEX collections_category_idx ON collections (category);

COMMENT ON TABLE  collections IS 'Datasets that are looked after together, such as one programme''s surveys.';
COMMENT ON COLUMN collections.collection_id IS
    'Two letters and four digits, for example EP0001; the ids of new datasets begin with it.';
COMMENT ON COLUMN collections.name IS 'What people call it; unique whatever its case.';
COMMENT ON COLUMN collections.category IS 'The subject it is listed under, for example Epidemiology.';
COMMENT ON COLUMN collections.description IS 'What belongs in it.';
COMMENT ON COLUMN collections.last_dataset_number IS
    'The highest dataset number ever given out here by add_dataset(), so that the id of a deleted dataset never '
    'comes back.';
COMMENT ON COLUMN collections.created_at IS 'When the row was added.';
COMMENT ON COLUMN collections.last_modified IS 'When the row last changed; kept by a trigger.';


CREATE TABLE data_owners (
    data_owner_id  bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name           text        NOT NULL,
    description    text,
    website        text,
    created_at     timestamptz NOT NULL DEFAULT now(),
    last_modified  timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT data_owners_name_not_blank CHECK (btrim(name) <> ''),
    CONSTRAINT data_owners_website_is_url CHECK (website ~ '^https?://')
);
CREATE UNIQUE INDEX data_owners_name_key ON data_owners (lower(name));

COMMENT ON TABLE  data_owners IS 'Organisations and people that data come from and who decide on their use.';
COMMENT ON COLUMN data_owners.data_owner_id IS 'Key.';
COMMENT ON COLUMN data_owners.name IS 'What people call the owner; unique whatever its case.';
COMMENT ON COLUMN data_owners.description IS 'Who they are.';
COMMENT ON COLUMN data_owners.website IS 'http or https address.';
COMMENT ON COLUMN data_owners.created_at IS 'When the row was added.';
COMMENT ON COLUMN data_owners.last_modified IS 'When the row last changed; kept by a trigger.';


CREATE TABLE data_owner_contacts (
    contact_id     bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    data_owner_id  bigint      NOT NULL REFERENCES data_owners ON DELETE CASCADE,
    name           text        NOT NULL,
    email          text,
    phone          text,
    position       text,
    is_primary     boolean     NOT NULL DEFAULT false,
    created_at     timestamptz NOT NULL DEFAULT now(),
    last_modified  timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT data_owner_contacts_name_not_blank CHECK (btrim(name) <> ''),
    CONSTRAINT data_owner_contacts_email_format   CHECK (email ~ '^[^@\s]+@[^@\s]+$'),
    CONSTRAINT data_owner_contacts_reachable      CHECK (num_nonnulls(email, phone) > 0)
);
CREATE INDEX data_owner_contacts_data_owner_id_idx ON data_owner_contacts (data_owner_id);
CREATE UNIQUE INDEX data_owner_contacts_one_primary ON data_owner_contacts (data_owner_id) WHERE is_primary;

COMMENT ON TABLE  data_owner_contacts IS 'Whom to ask at a data owner. Personal data: shown to administrators only.';
COMMENT ON COLUMN data_owner_contacts.contact_id IS 'Key.';
COMMENT ON COLUMN data_owner_contacts.data_owner_id IS 'The owner they speak for; contacts go with their owner.';
COMMENT ON COLUMN data_owner_contacts.name IS 'The person''s name.';
COMMENT ON COLUMN data_owner_contacts.email IS 'Mail address; either this or the phone is given.';
COMMENT ON COLUMN data_owner_contacts.phone IS 'Phone number as it is dialled.';
COMMENT ON COLUMN data_owner_contacts.position IS 'What the person does there.';
COMMENT ON COLUMN data_owner_contacts.is_primary IS 'The one to ask first; at most one per owner.';
COMMENT ON COLUMN data_owner_contacts.created_at IS 'When the row was added.';
COMMENT ON COLUMN data_owner_contacts.last_modified IS 'When the row last changed; kept by a trigger.';


CREATE TABLE raw_datasets (
    raw_dataset_id  bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name            text        NOT NULL,
    data_owner_id   bigint      NOT NULL REFERENCES data_owners ON DELETE RESTRICT,
    description     text,
    source_url      text,
    licence         text,
    received_on     date,
    created_at      timestamptz NOT NULL DEFAULT now(),
    last_modified   timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT raw_datasets_name_not_blank CHECK (btrim(name) <> '')
);
CREATE UNIQUE INDEX raw_datasets_name_key ON raw_datasets (lower(name));
CREATE INDEX raw_datasets_data_owner_id_idx ON raw_datasets (data_owner_id);

COMMENT ON TABLE  raw_datasets IS 'Data as their owner handed them over, before anyone here touched them.';
COMMENT ON COLUMN raw_datasets.raw_dataset_id IS 'Key.';
COMMENT ON COLUMN raw_datasets.name IS 'What people call it; unique whatever its case.';
COMMENT ON COLUMN raw_datasets.data_owner_id IS 'Who handed it over; an owner of raw datasets cannot be deleted.';
COMMENT ON COLUMN raw_datasets.description IS 'What it holds, and what is known to be wrong with it.';
COMMENT ON COLUMN raw_datasets.source_url IS 'Where it was fetched from.';
COMMENT ON COLUMN raw_datasets.licence IS 'The terms it came with.';
COMMENT ON COLUMN raw_datasets.received_on IS 'The day it arrived.';
COMMENT ON COLUMN raw_datasets.created_at IS 'When the row was added.';
COMMENT ON COLUMN raw_datasets.last_modified IS 'When the row last changed; kept by a trigger.';


CREATE TABLE tags (
    tag_id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text        NOT NULL CONSTRAINT tags_name_key UNIQUE,
    description  text,
    created_at   timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT tags_name_format CHECK (name = lower(btrim(name)) AND name <> '')
);

COMMENT ON TABLE  tags IS 'Words that datasets are found by.';
COMMENT ON COLUMN tags.tag_id IS 'Key.';
COMMENT ON COLUMN tags.name IS 'The word itself, in lower case and without spaces around it.';
COMMENT ON COLUMN tags.description IS 'When to use it.';
COMMENT ON COLUMN tags.created_at IS 'When the row was added.';


-- 3  Datasets ---------------------------------------------------------------------------------------------------------

CREATE TABLE datasets (
    ds_id                    text         PRIMARY KEY,
    title                    text         NOT NULL,
    description              text,
    collection_id            text         NOT NULL REFERENCES collections ON DELETE RESTRICT,
    data_owner_id            bigint       NOT NULL REFERENCES data_owners ON DELETE RESTRICT,
    public_access            access_level NOT NULL DEFAULT 'NONE',
    spatial_coverage         text,
    spatial_resolution       text,
    temporal_coverage_start  date,
    temporal_coverage_end    date,
    temporal_resolution      text,
    additional_metadata      jsonb        NOT NULL DEFAULT '{}',
    created_at               timestamptz  NOT NULL DEFAULT now(),
    last_modified            timestamptz  NOT NULL DEFAULT now(),

    CONSTRAINT datasets_ds_id_length      CHECK (length(ds_id) = 12),
    CONSTRAINT datasets_ds_id_format      CHECK (ds_id ~ '^[A-Z0-9]+[0-9]{4}$'),
    CONSTRAINT datasets_title_not_blank   CHECK (btrim(title) <> ''),
    CONSTRAINT datasets_temporal_coverage CHECK (temporal_coverage_start <= temporal_coverage_end),
    CONSTRAINT datasets_additional_metadata_is_object CHECK (jsonb_typeof(additional_metadata) = 'object')
);
CREATE INDEX datasets_last_four_idx ON datasets (right(ds_id, 4));
CREATE INDEX datasets_collection_id_idx ON datasets (collection_id, ds_id);
CREATE INDEX datasets_data_owner_id_idx ON datasets (data_owner_id, ds_id);
CREATE INDEX datasets_last_modified_idx ON datasets (last_modified DESC, ds_id);

COMMENT ON TABLE  datasets IS
    'What the catalogue is about: data made from raw datasets, described, versioned and shared.';
COMMENT ON COLUMN datasets.ds_id IS
    'Exactly 12 capitals and digits, the last four of them digits. add_dataset() makes it from the collection, DS '
    'and a number: EP0001DS0042. Published, so it never changes.';
COMMENT ON COLUMN datasets.title IS 'One line that says what it is.';
COMMENT ON COLUMN datasets.description IS 'What it holds, how it was made, what to mind.';
COMMENT ON COLUMN datasets.collection_id IS 'The collection it is in; a collection with datasets cannot be deleted.';
COMMENT ON COLUMN datasets.data_owner_id IS 'Who decides on its use; an owner of datasets cannot be deleted.';
COMMENT ON COLUMN datasets.public_access IS
    'What anyone may do with it, without a key too. Permissions only ever add to it.';
COMMENT ON COLUMN datasets.spatial_coverage IS 'The region it covers, for example India or Karnataka.';
COMMENT ON COLUMN datasets.spatial_resolution IS 'Its smallest spatial unit, for example district.';
COMMENT ON COLUMN datasets.temporal_coverage_start IS 'The first day it covers; null where open or unknown.';
COMMENT ON COLUMN datasets.temporal_coverage_end IS 'The last day it covers; null where it goes on or is unknown.';
COMMENT ON COLUMN datasets.temporal_resolution IS 'Its smallest step in time, for example week.';
COMMENT ON COLUMN datasets.additional_metadata IS 'A JSON object with whatever has no column of its own.';
COMMENT ON COLUMN datasets.created_at IS 'When the row was added.';
COMMENT ON COLUMN datasets.last_modified IS
    'When the row last changed; kept by a trigger. When its data changed is in dataset_versions.';
COMMENT ON INDEX  datasets_last_four_idx IS
    'People quote a dataset by the last four digits of its id; see find_dataset().';


CREATE TABLE dataset_tags (
    ds_id   text   NOT NULL REFERENCES datasets ON DELETE CASCADE,
    tag_id  bigint NOT NULL REFERENCES tags ON DELETE CASCADE,

    PRIMARY KEY (ds_id, tag_id)
);
CREATE INDEX dataset_tags_tag_id_idx ON dataset_tags (tag_id, ds_id);

COMMENT ON TABLE  dataset_tags IS 'Which dataset carries which tag.';
COMMENT ON COLUMN dataset_tags.ds_id IS 'The dataset; its tags go with it.';
COMMENT ON COLUMN dataset_tags.tag_id IS 'The tag; deleting it takes it off every dataset.';


CREATE TABLE dataset_raw_datasets (
    ds_id           text   NOT NULL REFERENCES datasets ON DELETE CASCADE,
    raw_dataset_id  bigint NOT NULL REFERENCES raw_datasets ON DELETE RESTRICT,

    PRIMARY KEY (ds_id, raw_dataset_id)
);
CREATE INDEX dataset_raw_datasets_raw_dataset_id_idx ON dataset_raw_datasets (raw_dataset_id, ds_id);

COMMENT ON TABLE  dataset_raw_datasets IS 'Which raw datasets a dataset was made from.';
COMMENT ON COLUMN dataset_raw_datasets.ds_id IS 'The dataset; its provenance goes with it.';
COMMENT ON COLUMN dataset_raw_datasets.raw_dataset_id IS
    'The raw dataset; it cannot be deleted while a dataset is made from it.';


-- 4  Versions, their tables, and where these are stored ---------------------------------------------------------------

CREATE TABLE buckets (
    bucket_id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name           text        NOT NULL CONSTRAINT buckets_name_key UNIQUE,
    url            text        NOT NULL CONSTRAINT buckets_url_key UNIQUE,
    region         text,
    endpoint_url   text,
    is_default     boolean     NOT NULL DEFAULT false,
    created_at     timestamptz NOT NULL DEFAULT now(),
    last_modified  timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT buckets_name_not_blank      CHECK (btrim(name) <> ''),
    CONSTRAINT buckets_url_format          CHECK (url ~ '^(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/.*)?$|file:///)'),
    CONSTRAINT buckets_endpoint_url_is_url CHECK (endpoint_url ~ '^https?://')
);
CREATE UNIQUE INDEX buckets_one_default ON buckets (is_default) WHERE is_default;

COMMENT ON TABLE  buckets IS 'Places that files are kept in: S3 buckets, or folders of this machine.';
COMMENT ON COLUMN buckets.bucket_id IS 'Key.';
COMMENT ON COLUMN buckets.name IS 'What it is called here.';
COMMENT ON COLUMN buckets.url IS 's3://bucket/prefix, or file:///path. Credentials are never kept in the database.';
COMMENT ON COLUMN buckets.region IS 'Region of an S3 bucket.';
COMMENT ON COLUMN buckets.endpoint_url IS 'Address of an S3 service that is not Amazon''s.';
COMMENT ON COLUMN buckets.is_default IS 'Where new versions go unless told otherwise; at most one bucket.';
COMMENT ON COLUMN buckets.created_at IS 'When the row was added.';
COMMENT ON COLUMN buckets.last_modified IS 'When the row last changed; kept by a trigger.';


CREATE TABLE dataset_versions (
    version_id          bigint             GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ds_id               text               NOT NULL REFERENCES datasets ON DELETE CASCADE,
    version_type        version_type       NOT NULL,
    updation_frequency  updation_frequency NOT NULL DEFAULT 'IRREGULAR',
    bucket_id           bigint             NOT NULL REFERENCES buckets ON DELETE RESTRICT,
    description         text,
    created_at          timestamptz        NOT NULL DEFAULT now(),
    last_modified       timestamptz        NOT NULL DEFAULT now(),

    CONSTRAINT dataset_versions_ds_id_version_type_key UNIQUE (ds_id, version_type)
);
CREATE INDEX dataset_versions_bucket_id_idx ON dataset_versions (bucket_id);

COMMENT ON TABLE  dataset_versions IS 'The forms a dataset is offered in, at most one of each type.';
COMMENT ON COLUMN dataset_versions.version_id IS 'Key.';
COMMENT ON COLUMN dataset_versions.ds_id IS 'The dataset; its versions go with it.';
COMMENT ON COLUMN dataset_versions.version_type IS 'How far the data were worked on.';
COMMENT ON COLUMN dataset_versions.updation_frequency IS 'How often new data are expected.';
COMMENT ON COLUMN dataset_versions.bucket_id IS 'Where its files are kept; a bucket in use cannot be deleted.';
COMMENT ON COLUMN dataset_versions.description IS 'What sets this version apart.';
COMMENT ON COLUMN dataset_versions.created_at IS 'When the row was added.';
COMMENT ON COLUMN dataset_versions.last_modified IS
    'When the version or one of its tables last changed; kept by triggers.';


CREATE TABLE version_tables (
    table_id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version_id       bigint      NOT NULL REFERENCES dataset_versions ON DELETE CASCADE,
    name             text        NOT NULL,
    description      text,
    object_key       text        NOT NULL,
    media_type       text        NOT NULL DEFAULT 'text/csv',
    byte_size        bigint      NOT NULL,
    sha256           text        NOT NULL,
    row_count        bigint,
    data_dictionary  jsonb       NOT NULL DEFAULT '[]',
    created_at       timestamptz NOT NULL DEFAULT now(),
    last_modified    timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT version_tables_version_id_name_key UNIQUE (version_id, name),
    CONSTRAINT version_tables_name_not_blank      CHECK (btrim(name) <> ''),
    CONSTRAINT version_tables_object_key_relative CHECK (object_key <> '' AND object_key !~ '(^/)|(^|/)\.\.(/|$)'),
    CONSTRAINT version_tables_byte_size_positive  CHECK (byte_size >= 0),
    CONSTRAINT version_tables_sha256_format       CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    CONSTRAINT version_tables_row_count_positive  CHECK (row_count >= 0),
    CONSTRAINT version_tables_data_dictionary_is_array CHECK (jsonb_typeof(data_dictionary) = 'array')
);

COMMENT ON TABLE  version_tables IS 'The tables of a version, each kept as one file.';
COMMENT ON COLUMN version_tables.table_id IS 'Key.';
COMMENT ON COLUMN version_tables.version_id IS 'The version; its tables go with it.';
COMMENT ON COLUMN version_tables.name IS 'The table''s name, unique in its version.';
COMMENT ON COLUMN version_tables.description IS 'What one row of it is.';
COMMENT ON COLUMN version_tables.object_key IS
    'The file''s path below the url of the version''s bucket; never absolute, never upwards.';
COMMENT ON COLUMN version_tables.media_type IS 'Media type of the file, for example text/csv.';
COMMENT ON COLUMN version_tables.byte_size IS 'Size of the file in bytes.';
COMMENT ON COLUMN version_tables.sha256 IS
    'SHA-256 of the file, in lower-case hexadecimal, for a download to be checked against.';
COMMENT ON COLUMN version_tables.row_count IS 'Rows, where they were counted.';
COMMENT ON COLUMN version_tables.data_dictionary IS
    'A JSON array with one object per column: name, type, description, unit.';
COMMENT ON COLUMN version_tables.created_at IS 'When the row was added.';
COMMENT ON COLUMN version_tables.last_modified IS 'When the row last changed; kept by a trigger.';


-- 5  Users, groups, keys ----------------------------------------------------------------------------------------------

CREATE TABLE users (
    user_id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email          text        NOT NULL,
    full_name      text,
    is_admin       boolean     NOT NULL DEFAULT false,
    is_active      boolean     NOT NULL DEFAULT true,
    created_at     timestamptz NOT NULL DEFAULT now(),
    last_modified  timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT users_email_format CHECK (email ~ '^[^@\s]+@[^@\s]+$')
);
CREATE UNIQUE INDEX users_email_key ON users (lower(email));

COMMENT ON TABLE  users IS 'People who use the catalogue with a key of their own.';
COMMENT ON COLUMN users.user_id IS 'Key.';
COMMENT ON COLUMN users.email IS 'Mail address; unique whatever its case.';
COMMENT ON COLUMN users.full_name IS 'The name to show.';
COMMENT ON COLUMN users.is_admin IS 'May change the catalogue, and fetch everything in it.';
COMMENT ON COLUMN users.is_active IS 'False shuts the user out at once: no key of theirs works, no permission counts.';
COMMENT ON COLUMN users.created_at IS 'When the row was added.';
COMMENT ON COLUMN users.last_modified IS 'When the row last changed; kept by a trigger.';


CREATE TABLE groups (
    group_id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name           text        NOT NULL,
    description    text,
    created_at     timestamptz NOT NULL DEFAULT now(),
    last_modified  timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT groups_name_not_blank CHECK (btrim(name) <> '')
);
CREATE UNIQUE INDEX groups_name_key ON groups (lower(name));

COMMENT ON TABLE  groups IS
    'Users who share permissions: teams, projects, and programs that come with a key of the group.';
COMMENT ON COLUMN groups.group_id IS 'Key.';
COMMENT ON COLUMN groups.name IS 'What people call it; unique whatever its case.';
COMMENT ON COLUMN groups.description IS 'What it is for.';
COMMENT ON COLUMN groups.created_at IS 'When the row was added.';
COMMENT ON COLUMN groups.last_modified IS 'When the row last changed; kept by a trigger.';


CREATE TABLE group_members (
    group_id  bigint      NOT NULL REFERENCES groups ON DELETE CASCADE,
    user_id   bigint      NOT NULL REFERENCES users ON DELETE CASCADE,
    added_at  timestamptz NOT NULL DEFAULT now(),

    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_members_user_id_idx ON group_members (user_id);

COMMENT ON TABLE  group_members IS 'Who is in which group.';
COMMENT ON COLUMN group_members.group_id IS 'The group; membership goes with it.';
COMMENT ON COLUMN group_members.user_id IS 'The user; membership goes with them.';
COMMENT ON COLUMN group_members.added_at IS 'Since when.';


CREATE TABLE api_keys (
    key_id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id       bigint      REFERENCES users ON DELETE CASCADE,
    group_id      bigint      REFERENCES groups ON DELETE CASCADE,
    key_prefix    text        NOT NULL CONSTRAINT api_keys_key_prefix_key UNIQUE,
    hashed_key    text        NOT NULL,
    label         text,
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz,
    last_used_at  timestamptz,
    revoked_at    timestamptz,

    CONSTRAINT api_keys_user_or_group     CHECK (num_nonnulls(user_id, group_id) = 1),
    CONSTRAINT api_keys_key_prefix_format CHECK (key_prefix ~ '^dio_[A-Za-z0-9]{8,16}$'),
    CONSTRAINT api_keys_hashed_key_hashed CHECK (length(hashed_key) >= 32 AND hashed_key !~ '^dio_'),
    CONSTRAINT api_keys_expires_later     CHECK (expires_at > created_at)
);
CREATE INDEX api_keys_user_id_idx ON api_keys (user_id);
CREATE INDEX api_keys_group_id_idx ON api_keys (group_id);

COMMENT ON TABLE  api_keys IS 'Keys of users and groups. Only a hash is kept: a key is shown once, when it is issued.';
COMMENT ON COLUMN api_keys.key_id IS 'Key.';
COMMENT ON COLUMN api_keys.user_id IS 'The user it belongs to; this or the group is given. Keys go with their user.';
COMMENT ON COLUMN api_keys.group_id IS 'The group it belongs to; this or the user is given. Keys go with their group.';
COMMENT ON COLUMN api_keys.key_prefix IS
    'The first, public part of the key, dio_ and 8 to 16 letters or digits: what it is looked up by.';
COMMENT ON COLUMN api_keys.hashed_key IS 'Slow, salted hash of the whole key in the hash''s own text format.';
COMMENT ON COLUMN api_keys.label IS 'What its holder calls it, for example the machine it is on.';
COMMENT ON COLUMN api_keys.created_at IS 'When it was issued.';
COMMENT ON COLUMN api_keys.expires_at IS 'From when on it is refused; null for never.';
COMMENT ON COLUMN api_keys.last_used_at IS 'When it was last accepted; kept by the API, to the minute.';
COMMENT ON COLUMN api_keys.revoked_at IS 'When it was revoked; refused from then on. Null while it is good.';


-- 6  Resource groups and permissions ----------------------------------------------------------------------------------

CREATE TABLE resource_groups (
    resource_group_id  bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name               text        NOT NULL,
    description        text,
    created_at         timestamptz NOT NULL DEFAULT now(),
    last_modified      timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT resource_groups_name_not_blank CHECK (btrim(name) <> '')
);
CREATE UNIQUE INDEX resource_groups_name_key ON resource_groups (lower(name));

COMMENT ON TABLE  resource_groups IS
    'Datasets that are shared together: one permission on the group reaches all of them.';
COMMENT ON COLUMN resource_groups.resource_group_id IS 'Key.';
COMMENT ON COLUMN resource_groups.name IS 'What people call it; unique whatever its case.';
COMMENT ON COLUMN resource_groups.description IS 'What it is for.';
COMMENT ON COLUMN resource_groups.created_at IS 'When the row was added.';
COMMENT ON COLUMN resource_groups.last_modified IS 'When the row last changed; kept by a trigger.';


CREATE TABLE resource_group_members (
    resource_group_id  bigint      NOT NULL REFERENCES resource_groups ON DELETE CASCADE,
    ds_id              text        NOT NULL REFERENCES datasets ON DELETE CASCADE,
    added_at           timestamptz NOT NULL DEFAULT now(),

    PRIMARY KEY (resource_group_id, ds_id)
);
CREATE INDEX resource_group_members_ds_id_idx ON resource_group_members (ds_id);

COMMENT ON TABLE  resource_group_members IS 'Which dataset is in which resource group.';
COMMENT ON COLUMN resource_group_members.resource_group_id IS 'The resource group; membership goes with it.';
COMMENT ON COLUMN resource_group_members.ds_id IS 'The dataset; membership goes with it.';
COMMENT ON COLUMN resource_group_members.added_at IS 'Since when.';


CREATE TABLE user_permissions (
    permission_id      bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id            bigint       NOT NULL REFERENCES users ON DELETE CASCADE,
    ds_id              text         REFERENCES datasets ON DELETE CASCADE,
    resource_group_id  bigint       REFERENCES resource_groups ON DELETE CASCADE,
    access             access_level NOT NULL,
    granted_by         bigint       REFERENCES users ON DELETE SET NULL,
    granted_at         timestamptz  NOT NULL DEFAULT now(),

    CONSTRAINT user_permissions_one_object CHECK (num_nonnulls(ds_id, resource_group_id) = 1),
    CONSTRAINT user_permissions_user_id_ds_id_key UNIQUE (user_id, ds_id),
    CONSTRAINT user_permissions_user_id_resource_group_id_key UNIQUE (user_id, resource_group_id)
);
CREATE INDEX user_permissions_ds_id_idx ON user_permissions (ds_id);
CREATE INDEX user_permissions_resource_group_id_idx ON user_permissions (resource_group_id);
CREATE INDEX user_permissions_granted_by_idx ON user_permissions (granted_by);

COMMENT ON TABLE  user_permissions IS
    'What a user may do with a dataset or with all datasets of a resource group. The highest level that reaches a '
    'dataset counts; NONE takes nothing away.';
COMMENT ON COLUMN user_permissions.permission_id IS 'Key.';
COMMENT ON COLUMN user_permissions.user_id IS 'Who may; permissions go with the user.';
COMMENT ON COLUMN user_permissions.ds_id IS 'On which dataset; this or the resource group is given.';
COMMENT ON COLUMN user_permissions.resource_group_id IS 'On which resource group; this or the dataset is given.';
COMMENT ON COLUMN user_permissions.access IS 'How much.';
COMMENT ON COLUMN user_permissions.granted_by IS 'Who gave it; null once that user is gone.';
COMMENT ON COLUMN user_permissions.granted_at IS 'When it was given.';


CREATE TABLE group_permissions (
    permission_id      bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    group_id           bigint       NOT NULL REFERENCES groups ON DELETE CASCADE,
    ds_id              text         REFERENCES datasets ON DELETE CASCADE,
    resource_group_id  bigint       REFERENCES resource_groups ON DELETE CASCADE,
    access             access_level NOT NULL,
    granted_by         bigint       REFERENCES users ON DELETE SET NULL,
    granted_at         timestamptz  NOT NULL DEFAULT now(),

    CONSTRAINT group_permissions_one_object CHECK (num_nonnulls(ds_id, resource_group_id) = 1),
    CONSTRAINT group_permissions_group_id_ds_id_key UNIQUE (group_id, ds_id),
    CONSTRAINT group_permissions_group_id_resource_group_id_key UNIQUE (group_id, resource_group_id)
);
CREATE INDEX group_permissions_ds_id_idx ON group_permissions (ds_id);
CREATE INDEX group_permissions_resource_group_id_idx ON group_permissions (resource_group_id);
CREATE INDEX group_permissions_granted_by_idx ON group_permissions (granted_by);

COMMENT ON TABLE  group_permissions IS
    'What every member of a group may do with a dataset or with all datasets of a resource group. The highest level '
    'that reaches a dataset counts; NONE takes nothing away.';
COMMENT ON COLUMN group_permissions.permission_id IS 'Key.';
COMMENT ON COLUMN group_permissions.group_id IS 'Whose members may; permissions go with the group.';
COMMENT ON COLUMN group_permissions.ds_id IS 'On which dataset; this or the resource group is given.';
COMMENT ON COLUMN group_permissions.resource_group_id IS 'On which resource group; this or the dataset is given.';
COMMENT ON COLUMN group_permissions.access IS 'How much.';
COMMENT ON COLUMN group_permissions.granted_by IS 'Who gave it; null once that user is gone.';
COMMENT ON COLUMN group_permissions.granted_at IS 'When it was given.';


-- 7  Rate limits ------------------------------------------------------------------------------------------------------

CREATE TABLE rate_limits (
    rate_limit_id   bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    action          text        NOT NULL,
    user_id         bigint      REFERENCES users ON DELETE CASCADE,
    group_id        bigint      REFERENCES groups ON DELETE CASCADE,
    max_requests    integer     NOT NULL,
    window_seconds  integer     NOT NULL DEFAULT 60,
    created_at      timestamptz NOT NULL DEFAULT now(),
    last_modified   timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT rate_limits_action_format         CHECK (action ~ '^[a-z][a-z_]*$'),
    CONSTRAINT rate_limits_user_or_group         CHECK (num_nonnulls(user_id, group_id) <= 1),
    CONSTRAINT rate_limits_max_requests_positive CHECK (max_requests > 0),
    CONSTRAINT rate_limits_window_seconds_range  CHECK (window_seconds BETWEEN 1 AND 86400),
    CONSTRAINT rate_limits_user_id_action_key    UNIQUE (user_id, action),
    CONSTRAINT rate_limits_group_id_action_key   UNIQUE (group_id, action)
);
CREATE UNIQUE INDEX rate_limits_one_default ON rate_limits (action) WHERE user_id IS NULL AND group_id IS NULL;

COMMENT ON TABLE  rate_limits IS
    'How many requests are allowed in a stretch of time: for one user, for the members of a group, or for everyone '
    'else.';
COMMENT ON COLUMN rate_limits.rate_limit_id IS 'Key.';
COMMENT ON COLUMN rate_limits.action IS 'What is counted, for example read or download.';
COMMENT ON COLUMN rate_limits.user_id IS
    'The user it is for; goes with them. Neither user nor group: the default of the action.';
COMMENT ON COLUMN rate_limits.group_id IS 'The group it is for; goes with it.';
COMMENT ON COLUMN rate_limits.max_requests IS 'Requests allowed in one window.';
COMMENT ON COLUMN rate_limits.window_seconds IS
    'Length of a window in seconds; windows start at whole multiples of it.';
COMMENT ON COLUMN rate_limits.created_at IS 'When the row was added.';
COMMENT ON COLUMN rate_limits.last_modified IS 'When the row last changed; kept by a trigger.';


-- Written on every request and worth nothing after a crash: unlogged.
CREATE UNLOGGED TABLE rate_limit_counters (
    subject     text        NOT NULL,
    action      text        NOT NULL,
    resets_at   timestamptz NOT NULL,
    requests    integer     NOT NULL DEFAULT 1,

    PRIMARY KEY (subject, action, resets_at)
);
CREATE INDEX rate_limit_counters_resets_at_idx ON rate_limit_counters (resets_at);

COMMENT ON TABLE  rate_limit_counters IS
    'Requests counted in the current windows; emptied by a crash and by purge_rate_limit_counters().';
COMMENT ON COLUMN rate_limit_counters.subject IS 'Who is counted, for example key:42 or ip:192.0.2.7.';
COMMENT ON COLUMN rate_limit_counters.action IS 'What is counted; see rate_limits.action.';
COMMENT ON COLUMN rate_limit_counters.resets_at IS 'When the window ends.';
COMMENT ON COLUMN rate_limit_counters.requests IS 'Requests so far; stops one above the limit.';


-- 8  Full-text search -------------------------------------------------------------------------------------------------
-- A table of its own: a renamed collection or tag is a change of what datasets are found by, not of the datasets.

CREATE TABLE dataset_search (
    ds_id     text     PRIMARY KEY REFERENCES datasets ON DELETE CASCADE,
    document  tsvector NOT NULL
);
CREATE INDEX dataset_search_document_idx ON dataset_search USING gin (document);

COMMENT ON TABLE  dataset_search IS 'What datasets are found by. Kept by triggers; never written by hand.';
COMMENT ON COLUMN dataset_search.ds_id IS 'The dataset.';
COMMENT ON COLUMN dataset_search.document IS
    'Id and title (A), tags and collection (B), owner and raw datasets (C), description (D), in the english '
    'configuration.';


CREATE FUNCTION index_datasets_for_search(p_ds_ids text[]) RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, public, pg_temp
AS $$
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
$$;
COMMENT ON FUNCTION index_datasets_for_search(text[]) IS
    'Writes the search documents of the given datasets anew. The triggers call it; call it by hand only after '
    'loading data with triggers off.';


-- 9  Functions: who may see what --------------------------------------------------------------------------------------
-- Plain SQL without settings, so that PostgreSQL inlines them and plans them together with the query around them.

CREATE FUNCTION dataset_grants(p_user_id bigint, p_group_id bigint DEFAULT NULL)
RETURNS TABLE (ds_id text, access access_level, granted_to text, granted_through text)
LANGUAGE sql STABLE
AS $$
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
$$;
COMMENT ON FUNCTION dataset_grants(bigint, bigint) IS
    'Every permission that reaches a dataset for a user (with all their groups) or a group, one row each, and the '
    'way it takes. A user who is not active has none.';


CREATE FUNCTION dataset_access(p_user_id bigint, p_group_id bigint DEFAULT NULL)
RETURNS TABLE (ds_id text, access access_level)
LANGUAGE sql STABLE
AS $$
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
$$;
COMMENT ON FUNCTION dataset_access(bigint, bigint) IS
    'All datasets with what a user, or a group that comes with its own key, may do with each: the highest of the '
    'public level and of every permission; DOWNLOAD for administrators. Both arguments null: anyone.';


CREATE FUNCTION effective_access(p_user_id bigint, p_ds_id text, p_group_id bigint DEFAULT NULL) RETURNS access_level
LANGUAGE sql STABLE
AS $$
    SELECT coalesce(
        (SELECT a.access FROM public.dataset_access(p_user_id, p_group_id) a WHERE a.ds_id = p_ds_id),
        'NONE'::public.access_level)
$$;
COMMENT ON FUNCTION effective_access(bigint, text, bigint) IS
    'What a user (null: anyone) may do with one dataset; see dataset_access(). NONE also for a dataset that does not '
    'exist, so that the two cannot be told apart.';


-- 10  Functions: adding and finding by name ---------------------------------------------------------------------------
-- Errors: no_data_found for a name that is not there, unique_violation for one that already is, too_many_rows for one
-- that means several things, invalid_parameter_value for nonsense.

CREATE FUNCTION find_collection(p_collection text) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
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
$$;
COMMENT ON FUNCTION find_collection(text) IS
    'The id of the collection with this id or name, whatever its case. Fails with no_data_found.';


CREATE FUNCTION find_data_owner(p_data_owner text) RETURNS bigint
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
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
$$;
COMMENT ON FUNCTION find_data_owner(text) IS
    'The key of the data owner with this name, whatever its case. Fails with no_data_found.';


CREATE FUNCTION find_dataset(p_dataset text) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp
AS $$
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
$$;
COMMENT ON FUNCTION find_dataset(text) IS
    'The ds_id that a full id or the last four digits of one stand for. Fails with no_data_found, or too_many_rows '
    'where four digits fit several.';


CREATE FUNCTION add_raw_dataset(
    p_name         text,
    p_data_owner   text,
    p_description  text DEFAULT NULL,
    p_source_url   text DEFAULT NULL,
    p_licence      text DEFAULT NULL,
    p_received_on  date DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
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
$$;
COMMENT ON FUNCTION add_raw_dataset(text, text, text, text, text, date) IS
    'Adds a raw dataset of the data owner with this name and returns its key. Fails with no_data_found for an '
    'unknown owner, unique_violation for a name in use.';


CREATE FUNCTION add_dataset(
    p_title          text,
    p_collection     text,
    p_data_owner     text,
    p_tags           text[]       DEFAULT '{}',
    p_raw_datasets   text[]       DEFAULT '{}',
    p_description    text         DEFAULT NULL,
    p_public_access  access_level DEFAULT 'NONE',
    p_ds_id          text         DEFAULT NULL
) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
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
$$;
COMMENT ON FUNCTION add_dataset(text, text, text, text[], text[], text, access_level, text) IS
    'Adds a dataset by the names of its collection (or its id), data owner, tags and raw datasets, and returns its '
    'ds_id, made from the collection unless given. Fails with no_data_found naming every unknown name, '
    'unique_violation for an id in use, invalid_parameter_value for a bad title or id.';


-- 11  Functions: keys and rate limits ---------------------------------------------------------------------------------

CREATE FUNCTION find_api_key(p_key_prefix text)
RETURNS TABLE (key_id bigint, hashed_key text, user_id bigint, group_id bigint, is_admin boolean)
LANGUAGE sql STABLE
AS $$
    SELECT k.key_id, k.hashed_key, k.user_id, k.group_id, coalesce(u.is_admin, false)
      FROM public.api_keys k
      LEFT JOIN public.users u ON u.user_id = k.user_id
     WHERE k.key_prefix = p_key_prefix
       AND k.revoked_at IS NULL
       AND (k.expires_at IS NULL OR k.expires_at > statement_timestamp())
       AND (k.user_id IS NULL OR u.is_active)
$$;
COMMENT ON FUNCTION find_api_key(text) IS
    'The key with this prefix, if it may be used now: not revoked, not expired, its user active. The caller compares '
    'the hash.';


CREATE FUNCTION count_request(
    p_action    text,
    p_subject   text,
    p_user_id   bigint DEFAULT NULL,
    p_group_id  bigint DEFAULT NULL
) RETURNS TABLE (allowed boolean, max_requests integer, remaining integer, resets_at timestamptz)
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
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
$$;
COMMENT ON FUNCTION count_request(text, text, bigint, bigint) IS
    'Counts one request of a subject and says whether it is allowed, how many there may be in the window, how many '
    'are left, and when the window ends. Allowed without limit (nulls) where rate_limits has no row for the action.';


CREATE FUNCTION purge_rate_limit_counters() RETURNS bigint
LANGUAGE sql
SET search_path = pg_catalog, public, pg_temp
AS $$
    WITH gone AS (
        DELETE FROM rate_limit_counters WHERE resets_at <= statement_timestamp() RETURNING 1
    )
    SELECT count(*) FROM gone;
$$;
COMMENT ON FUNCTION purge_rate_limit_counters() IS
    'Deletes the counters of windows that are over and returns how many there were. To be called now and then.';


-- 12  Triggers --------------------------------------------------------------------------------------------------------

CREATE FUNCTION touch_last_modified() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    NEW.last_modified := now();
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION touch_last_modified() IS 'Trigger: sets last_modified of a row that changed.';

CREATE TRIGGER touch_last_modified BEFORE UPDATE ON collections
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_last_modified();
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON data_owners
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_last_modified();
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON data_owner_contacts
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_last_modified();
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON raw_datasets
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_last_modified();
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON datasets
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_last_modified();
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON buckets
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_last_modified();
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON dataset_versions
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_last_modified();
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON version_tables
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_last_modified();
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON users
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_last_modified();
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON groups
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_last_modified();
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON resource_groups
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_last_modified();
CREATE TRIGGER touch_last_modified BEFORE UPDATE ON rate_limits
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_last_modified();


-- A table that comes, changes or goes is new data in its version.
CREATE FUNCTION touch_version_of_table() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    UPDATE dataset_versions v
       SET last_modified = now()
     WHERE v.version_id IN (SELECT c.version_id FROM changed c);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION touch_version_of_table() IS 'Trigger: sets last_modified of the versions whose tables changed.';

CREATE TRIGGER touch_version_insert AFTER INSERT ON version_tables
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION touch_version_of_table();
CREATE TRIGGER touch_version_update AFTER UPDATE ON version_tables
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION touch_version_of_table();
CREATE TRIGGER touch_version_update_from AFTER UPDATE ON version_tables
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION touch_version_of_table();
CREATE TRIGGER touch_version_delete AFTER DELETE ON version_tables
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION touch_version_of_table();


-- One statement, one refresh, however many rows it changed.
CREATE FUNCTION refresh_search_of_changed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM index_datasets_for_search(array_agg(DISTINCT c.ds_id)) FROM changed c HAVING count(*) > 0;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION refresh_search_of_changed() IS
    'Trigger: writes the search documents of the datasets whose rows changed anew.';

CREATE TRIGGER refresh_search_insert AFTER INSERT ON datasets
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refresh_search_of_changed();
CREATE TRIGGER refresh_search_update AFTER UPDATE ON datasets
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refresh_search_of_changed();
CREATE TRIGGER refresh_search_insert AFTER INSERT ON dataset_tags
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refresh_search_of_changed();
CREATE TRIGGER refresh_search_update AFTER UPDATE ON dataset_tags
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refresh_search_of_changed();
CREATE TRIGGER refresh_search_update_from AFTER UPDATE ON dataset_tags
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refresh_search_of_changed();
CREATE TRIGGER refresh_search_delete AFTER DELETE ON dataset_tags
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refresh_search_of_changed();
CREATE TRIGGER refresh_search_insert AFTER INSERT ON dataset_raw_datasets
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refresh_search_of_changed();
CREATE TRIGGER refresh_search_update AFTER UPDATE ON dataset_raw_datasets
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refresh_search_of_changed();
CREATE TRIGGER refresh_search_update_from AFTER UPDATE ON dataset_raw_datasets
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refresh_search_of_changed();
CREATE TRIGGER refresh_search_delete AFTER DELETE ON dataset_raw_datasets
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refresh_search_of_changed();


CREATE FUNCTION refresh_search_of_renamed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp
AS $$
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
$$;
COMMENT ON FUNCTION refresh_search_of_renamed() IS
    'Trigger: writes the search documents of the datasets that a renamed row is part of anew.';

CREATE TRIGGER refresh_search AFTER UPDATE OF name, category ON collections
    FOR EACH ROW WHEN ((OLD.name, OLD.category) IS DISTINCT FROM (NEW.name, NEW.category))
    EXECUTE FUNCTION refresh_search_of_renamed();
CREATE TRIGGER refresh_search AFTER UPDATE OF name ON data_owners
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION refresh_search_of_renamed();
CREATE TRIGGER refresh_search AFTER UPDATE OF name ON tags
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION refresh_search_of_renamed();
CREATE TRIGGER refresh_search AFTER UPDATE OF name ON raw_datasets
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION refresh_search_of_renamed();


-- 13  Views -----------------------------------------------------------------------------------------------------------

CREATE VIEW datasets_full_view AS
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
       ARRAY(
           SELECT t.name
             FROM dataset_tags dt
             JOIN tags t ON t.tag_id = dt.tag_id
            WHERE dt.ds_id = d.ds_id
            ORDER BY t.name
       ) AS tags,
       ARRAY(
           SELECT r.name
             FROM dataset_raw_datasets dr
             JOIN raw_datasets r ON r.raw_dataset_id = dr.raw_dataset_id
            WHERE dr.ds_id = d.ds_id
            ORDER BY r.name
       ) AS raw_datasets,
       v.versions,
       v.data_last_modified,
       d.created_at,
       d.last_modified
  FROM datasets d
  JOIN collections c ON c.collection_id = d.collection_id
  JOIN data_owners o ON o.data_owner_id = d.data_owner_id
 CROSS JOIN LATERAL (
       SELECT coalesce(
                  jsonb_agg(
                      jsonb_build_object(
                          'version_type', dv.version_type,
                          'updation_frequency', dv.updation_frequency,
                          'last_modified', dv.last_modified,
                          'tables', (SELECT count(*) FROM version_tables vt WHERE vt.version_id = dv.version_id))
                      ORDER BY dv.version_type),
                  '[]') AS versions,
              max(dv.last_modified) AS data_last_modified
         FROM dataset_versions dv
        WHERE dv.ds_id = d.ds_id
       ) v;

COMMENT ON VIEW   datasets_full_view IS
    'Datasets with the names of everything around them, one row each. No contacts, no permissions: filter it by '
    'dataset_access().';
COMMENT ON COLUMN datasets_full_view.ds_id IS 'See datasets.';
COMMENT ON COLUMN datasets_full_view.title IS 'See datasets.';
COMMENT ON COLUMN datasets_full_view.description IS 'See datasets.';
COMMENT ON COLUMN datasets_full_view.collection_id IS 'See collections.';
COMMENT ON COLUMN datasets_full_view.collection_name IS 'Name of the collection.';
COMMENT ON COLUMN datasets_full_view.category IS 'Category of the collection.';
COMMENT ON COLUMN datasets_full_view.data_owner_id IS 'See data_owners.';
COMMENT ON COLUMN datasets_full_view.data_owner_name IS 'Name of the data owner.';
COMMENT ON COLUMN datasets_full_view.public_access IS 'See datasets.';
COMMENT ON COLUMN datasets_full_view.spatial_coverage IS 'See datasets.';
COMMENT ON COLUMN datasets_full_view.spatial_resolution IS 'See datasets.';
COMMENT ON COLUMN datasets_full_view.temporal_coverage_start IS 'See datasets.';
COMMENT ON COLUMN datasets_full_view.temporal_coverage_end IS 'See datasets.';
COMMENT ON COLUMN datasets_full_view.temporal_resolution IS 'See datasets.';
COMMENT ON COLUMN datasets_full_view.additional_metadata IS 'See datasets.';
COMMENT ON COLUMN datasets_full_view.tags IS 'Its tags in alphabetical order; empty, never null.';
COMMENT ON COLUMN datasets_full_view.raw_datasets IS
    'The names of the raw datasets it was made from, in alphabetical order; empty, never null.';
COMMENT ON COLUMN datasets_full_view.versions IS
    'A JSON array with type, frequency, last modification and number of tables of each version; empty, never null.';
COMMENT ON COLUMN datasets_full_view.data_last_modified IS
    'When the data of any version last changed; null without versions.';
COMMENT ON COLUMN datasets_full_view.created_at IS 'See datasets.';
COMMENT ON COLUMN datasets_full_view.last_modified IS 'When the description last changed; see datasets.';


CREATE VIEW tag_counts AS
SELECT t.tag_id,
       t.name,
       t.description,
       (SELECT count(*) FROM dataset_tags dt WHERE dt.tag_id = t.tag_id) AS datasets
  FROM tags t;

COMMENT ON VIEW   tag_counts IS 'Tags and how many datasets carry each, hidden ones included.';
COMMENT ON COLUMN tag_counts.tag_id IS 'See tags.';
COMMENT ON COLUMN tag_counts.name IS 'See tags.';
COMMENT ON COLUMN tag_counts.description IS 'See tags.';
COMMENT ON COLUMN tag_counts.datasets IS 'Datasets that carry it, whoever may see them.';

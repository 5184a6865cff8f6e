CREATE TABLE booking (
    id integer,
    during tstzrange,
    room integer,
    wing integer,
    CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&) WHERE (room > 0),
    CONSTRAINT one_each EXCLUDE USING btree ((room + wing) WITH =),
    CONSTRAINT once EXCLUDE USING btree (wing WITH =)
);

create schema "Odd Schema.x";
create type mood as enum ('sad', 'ok', 'it''s great');
create type point3 as (x int, y numeric, label text);
create domain positive as int check (value > 0);
create type floatrange as range (subtype = float8);
create table types (
    id int primary key, a smallint, b bigint, c numeric, d real, e double precision, f money, g boolean,
    h char(5), i varchar(10), j text, k bytea, l date, m time, n timetz, o timestamp, p timestamptz, q interval,
    r inet, s cidr, t macaddr, u macaddr8, v uuid, w json, x jsonb, y xml, z bit(4), aa varbit,
    ab point, ac line, ad lseg, ae box, af path, ag polygon, ah circle, ai tsvector, aj tsquery,
    ak int4range, al nummultirange, am tstzrange, an int[], ao text[][], ap mood, aq mood[], ar point3, as_ positive,
    at_ floatrange, au name, av oid, aw "char", ax pg_lsn, ay regclass, az jsonpath, ba point3[], bb int2vector
);
insert into types (id) values (1);
insert into types values (
    2, -32768, 9223372036854775807, 'NaN', 'Infinity', '-Infinity', '-12.34', true,
    'ab', E'tab\tnl\n', E'back\\slash "quote" ''q'' \\N \\.', '\x00ff5c0a', 'infinity', '24:00:00', '12:00:00+14',
    '-infinity', 'infinity', '-1 year 3 days -04:05:06.789',
    '::1/128', '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
    '{"a" :  1, "a": 2}', '{"b": [1, null, "\u00e9"]}', '<a>x</a>', B'1010', B'1',
    '(1,2)', '{1,2,3}', '[(0,0),(1,1)]', '((0,0),(1,1))', '[(0,0),(1,1)]', '((0,0),(1,1),(1,0))', '<(0,0),1>',
    'a fat cat'::tsvector, 'fat & !rat'::tsquery,
    '[1,10)', '{[1,2),[3,4]}', 'empty', '{1,NULL,3}', '[0:1][1:2]={{a,NULL},{"q\"",""}}', 'it''s great',
    '{sad,NULL}', '(1,,"a ""b"" (c)")', 7, '[1.5,)', 'n', 4294967295, 'x', '16/B374D848', 'pg_class', '$.a[*]',
    array[row(1, 2.50, null)::point3], '1 2 3'
);
insert into types (id, c, d, e, l, p, q) values
    (3, 'Infinity', 'NaN', 1e-300, '0044-03-15 BC', '4713-01-01 00:00:00+00 BC', '178000000 years'),
    (4, 0.1234567890123456789012345678901234567890, 3.4e38, 0.1, '5874897-12-31', '294276-12-31 23:59:59.999999+00', '0');
create table keyed (id int generated always as identity, v text, up text generated always as (upper(v)) stored);
insert into keyed (v) values ('a'), ('b'), ('ß');
create table serials (id bigserial primary key, big int);
insert into serials (big) select g from generate_series(1, 5000) g;
delete from serials where id > 4000;
create sequence alone start 17 increment -3 minvalue -1000 maxvalue 100 cycle;
select nextval('alone'), nextval('alone');
create table measured (at date not null, v int) partition by range (at);
create table measured_a partition of measured for values from ('2020-01-01') to ('2021-01-01');
create table measured_b partition of measured for values from ('2021-01-01') to ('2022-01-01') partition by list (v);
create table measured_b1 partition of measured_b for values in (1, 2);
create table measured_rest partition of measured default;
insert into measured values ('2020-05-05', 1), ('2021-05-05', 2), ('1999-01-01', 3);
create table parent (a int, b text);
create table child (c int) inherits (parent);
alter table parent add column late int default 5;
insert into parent values (1, 'p');
insert into child values (2, 'c', 9, 6);
create unlogged table fleeting (v text);
insert into fleeting values ('still here');
create table hidden (owner text, v int);
alter table hidden enable row level security;
alter table hidden force row level security;
create policy own on hidden using (owner = current_user);
insert into hidden values ('nobody', 1), ('postgres', 2);
create table no_columns ();
insert into no_columns default values;
create table empty (id int);
create table "Odd Schema.x"."a ""quoted"" 'table' ; -- x" ("Sel ect" int, "ünï" text, "dropped" int, "back\slash" text);
alter table "Odd Schema.x"."a ""quoted"" 'table' ; -- x" drop column dropped;
insert into "Odd Schema.x"."a ""quoted"" 'table' ; -- x" values (1, 'ü', E'\\');
create table wide as select g as id, repeat(md5(g::text), 400) as v from generate_series(1, 50) g;
create materialized view summary as select big % 10 as d, count(*) as n from serials group by 1;
create view seen as select * from parent;
select lo_from_bytea(424242, decode(repeat('00ff', 5000), 'hex')), lo_from_bytea(424243, '');
create table referring (id int references serials (id) deferrable initially deferred, self int);
insert into referring select id from serials limit 10;

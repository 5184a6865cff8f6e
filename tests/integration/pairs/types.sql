-- case enum added
-- new
create type s.e as enum ('a', 'b');

-- case enum removed
-- old
create type s.e as enum ('a', 'it''s');

-- case enum value at the end
-- old
create type s.e as enum ('a', 'b');
-- new
create type s.e as enum ('a', 'b', 'c', 'd');

-- case enum value first
-- old
create type s.e as enum ('b');
-- new
create type s.e as enum ('z', 'a', 'b');

-- case enum values between
-- old
create type s.e as enum ('a', 'e');
-- new
create type s.e as enum ('a', 'b', 'c', 'e', 'f');

-- case enum empty gets values
-- old
create type s.e as enum ();
-- new
create type s.e as enum ('b', 'a');

-- case enum value used at once
-- old
create type s.e as enum ('a');
-- new
create type s.e as enum ('a', 'b');
create domain s.d as s.e default 'b';
create function s.f(s.e default 'b') returns int language sql as 'select 1';

-- case enum value used, atomic body
-- old
create type s.e as enum ('a');
-- new
create type s.e as enum ('a', 'b');
create function s.f(x s.e) returns bool language sql begin atomic select x = 'b'; end;

-- case enum reordered
-- old
create type s.e as enum ('a', 'b');
create function s.f(s.e) returns s.e[] language sql as 'select null::s.e[]';
-- new
create type s.e as enum ('b', 'a');
create function s.f(s.e) returns s.e[] language sql as 'select null::s.e[]';

-- case composite added
-- new
create type s.c as (a int, "B b" text collate "C", c numeric(10,2)[]);

-- case composite empty
-- new
create type s.c as ();

-- case composite removed
-- old
create type s.c as (a int);

-- case attributes
-- old
create type s.c as (a int, b text, c text);
-- new
create type s.c as (a bigint, c text collate "C", d date);

-- case attribute type with functions
-- both
create type s.c as (a int);
create function s.f(x s.c) returns int language sql as 'select (x).a::int';
-- new
alter type s.c alter attribute a type bigint;

-- case domain added
-- new
create domain s.d as varchar(10) collate "C" default 'x' not null constraint long check (length(value) > 2) constraint up check (upper(value) = value);

-- case domain removed
-- old
create domain s.d as int check (value > 0);

-- case domain default
-- both
create domain s.d as int;
-- old
alter domain s.d set default 1;
-- new
alter domain s.d set default 2;

-- case domain default gone
-- both
create domain s.d as int;
-- old
alter domain s.d set default 1;

-- case domain not null
-- both
create domain s.d as int;
-- new
alter domain s.d set not null;

-- case domain null
-- both
create domain s.d as int;
-- old
alter domain s.d set not null;

-- case domain type
-- old
create domain s.d as int check (value > 0);
-- new
create domain s.d as bigint check (value > 0);

-- case domain check changed
-- both
create domain s.d as int;
-- old
alter domain s.d add constraint c check (value > 0);
-- new
alter domain s.d add constraint c check (value > 1);

-- case domain check added
-- both
create domain s.d as int;
-- new
alter domain s.d add constraint c check (value > 1);

-- case domain check removed
-- both
create domain s.d as int;
-- old
alter domain s.d add constraint c check (value > 1);

-- case domain check not valid
-- both
create domain s.d as int;
-- new
alter domain s.d add constraint c check (value > 1) not valid;

-- case domain check validated
-- both
create domain s.d as int;
alter domain s.d add constraint c check (value > 1) not valid;
-- new
alter domain s.d validate constraint c;

-- case domain check invalidated
-- both
create domain s.d as int;
-- old
alter domain s.d add constraint c check (value > 1);
-- new
alter domain s.d add constraint c check (value > 1) not valid;

-- case domain check renamed
-- both
create domain s.d as int;
-- old
alter domain s.d add constraint c check (value > 1);
-- new
alter domain s.d add constraint d check (value > 1);

-- case domain over domain
-- old
create domain s.a as int;
-- new
create domain s.a as int check (value > 1);
create domain s.b as s.a not null;

-- case domain default by function
-- old
create function s.f() returns int language sql as 'select 1';
create domain s.d as int default s.f();
-- new
create function s.f() returns bigint language sql as 'select 1';
create domain s.d as int default s.f();

-- case domain check in list
-- new
create domain s.d as varchar(5) check (value in ('a', 'b'));

-- case range added
-- new
create type s.r as range (subtype = float8, subtype_diff = float8mi);

-- case range options
-- old
create type s.r as range (subtype = text);
-- new
create type s.r as range (subtype = text, collation = "C", subtype_opclass = text_pattern_ops);

-- case multirange named
-- old
create type s.r as range (subtype = float8);
-- new
create type s.r as range (subtype = float8, multirange_type_name = s.many);

-- case multirange renamed
-- both
create schema s_t;
-- old
create type s.r as range (subtype = float8, multirange_type_name = s.m);
-- new
create type s.r as range (subtype = float8, multirange_type_name = s_t.n);

-- case range with canonical
-- new
create type s.r;
create function s.canon(s.r) returns s.r language internal immutable strict as 'int4range_canonical';
create type s.r as range (subtype = int4, canonical = s.canon);

-- case range with canonical removed
-- old
create type s.r;
create function s.canon(s.r) returns s.r language internal immutable strict as 'int4range_canonical';
create type s.r as range (subtype = int4, canonical = s.canon);

-- case base type added
-- new
create type s.b;
create function s.b_in(cstring) returns s.b language internal immutable strict as 'int4in';
create function s.b_out(s.b) returns cstring language internal immutable strict as 'int4out';
create type s.b (input = s.b_in, output = s.b_out, like = int4, category = 'N', preferred = true, default = '42', delimiter = ';');
create function s.other(s.b) returns int language sql as 'select 1';
comment on type s.b is 'x';
comment on function s.b_in(cstring) is 'y';

-- case base type removed
-- old
create type s.b;
create function s.b_in(cstring) returns s.b language internal immutable strict as 'int4in';
create function s.b_out(s.b) returns cstring language internal immutable strict as 'int4out';
create type s.b (input = s.b_in, output = s.b_out, like = int4);
create function s.other(s.b) returns int language sql as 'select 1';
create domain s.d as s.b;

-- case base type altered
-- both
create type s.b;
create function s.b_in(cstring) returns s.b language internal immutable strict as 'textin';
create function s.b_out(s.b) returns cstring language internal immutable strict as 'textout';
create function s.b_recv(internal) returns s.b language internal immutable strict as 'textrecv';
create function s.b_send(s.b) returns bytea language internal immutable strict as 'textsend';
create type s.b (input = s.b_in, output = s.b_out, like = text);
-- new
alter type s.b set (receive = s.b_recv, send = s.b_send, storage = external, analyze = array_typanalyze);

-- case base type altered back
-- both
create type s.b;
create function s.b_in(cstring) returns s.b language internal immutable strict as 'textin';
create function s.b_out(s.b) returns cstring language internal immutable strict as 'textout';
create function s.b_recv(internal) returns s.b language internal immutable strict as 'textrecv';
create function s.b_send(s.b) returns bytea language internal immutable strict as 'textsend';
create type s.b (input = s.b_in, output = s.b_out, like = text);
-- old
alter type s.b set (receive = s.b_recv, send = s.b_send, storage = external);

-- case base type replaced
-- both
create type s.b;
create function s.b_in(cstring) returns s.b language internal immutable strict as 'int4in';
create function s.b_out(s.b) returns cstring language internal immutable strict as 'int4out';
-- old
create type s.b (input = s.b_in, output = s.b_out, like = int4);
-- new
create type s.b (input = s.b_in, output = s.b_out, like = int4, category = 'N');

-- case shell type
-- new
create type s.b;

-- case shell type removed
-- old
create type s.b;

-- case shell becomes base
-- both
create type s.b;
create function s.b_in(cstring) returns s.b language internal immutable strict as 'int4in';
create function s.b_out(s.b) returns cstring language internal immutable strict as 'int4out';
-- new
create type s.b (input = s.b_in, output = s.b_out, like = int4);

-- case collation added
-- new
create collation s.c (provider = libc, locale = 'C');
create collation s.d (provider = libc, lc_collate = 'C', lc_ctype = 'POSIX');

-- case collation removed
-- old
create collation s.c (provider = libc, locale = 'C');

-- case collation changed
-- old
create collation s.c (provider = libc, locale = 'C');
-- new
create collation s.c (provider = libc, lc_collate = 'C', lc_ctype = 'POSIX');

-- case collation builtin
-- new
create collation s.c (provider = builtin, locale = 'C.UTF-8');

-- case kinds swapped
-- old
create type s.x as enum ('a');
-- new
create type s.x as (a int);

-- case domain becomes composite
-- old
create domain s.x as int;
-- new
create type s.x as (a int);


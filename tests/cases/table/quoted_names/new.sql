create table "Order" ("Select" bigint not null, "a b" text default 'it''s', "c""d" int);
create index "My Index" on "Order" ("Select", "a b");
comment on column "Order"."a b" is 'quo''te';

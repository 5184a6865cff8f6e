create table "Order" ("Select" int, "a b" text);
create index "My Index" on "Order" ("Select");

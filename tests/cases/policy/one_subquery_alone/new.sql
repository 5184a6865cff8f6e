create table allowed (who text, level int);
create table t (a int, level int);
alter table t enable row level security;
create policy changed on t using ((select t.level <= allowed.level from allowed where who = current_user)) with check ((with x as (select 1) select true from x));
create policy added on t as restrictive using ((select t.level <= allowed.level from allowed where who = current_user));
create policy two on t for select using ((select true) and (a > 0));

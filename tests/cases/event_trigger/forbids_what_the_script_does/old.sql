create function forbid() returns event_trigger language plpgsql as $$begin raise exception 'not here'; end$$;
create table gone (a int);
create table kept (a int);
create view seen as select a from kept;
create event trigger tags on sql_drop when tag in ('DROP TYPE', 'DROP DOMAIN') execute function forbid();

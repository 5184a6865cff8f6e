create function forbid() returns event_trigger language plpgsql as $$begin raise exception 'not here'; end$$;
create table added (a int);
create table kept (a int, b int);
create event trigger commands on ddl_command_start execute function forbid();
create event trigger drops on sql_drop execute function forbid();
create event trigger tags on sql_drop when tag in ('DROP DOMAIN', 'DROP TYPE') execute function forbid();
comment on event trigger drops is 'no drops any more';

create function ev() returns event_trigger language plpgsql as 'begin end';
create event trigger e on ddl_command_start when tag in ('CREATE TABLE', 'DROP TABLE') execute function ev();
create event trigger s on sql_drop execute function ev();
alter event trigger s disable;
create event trigger fresh on sql_drop execute function ev();

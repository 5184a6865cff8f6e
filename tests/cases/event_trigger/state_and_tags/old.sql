create function ev() returns event_trigger language plpgsql as 'begin end';
create event trigger gone on ddl_command_end execute function ev();
create event trigger e on ddl_command_start when tag in ('CREATE TABLE') execute function ev();
create event trigger s on sql_drop execute function ev();

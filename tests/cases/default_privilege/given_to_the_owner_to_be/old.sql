alter default privileges grant all on tables to cases_owner with grant option;
alter default privileges grant execute on functions to cases_owner;

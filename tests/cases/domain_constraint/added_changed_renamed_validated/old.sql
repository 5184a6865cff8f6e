create domain d as text;
alter domain d add constraint gone check (value <> '');
alter domain d add constraint r1 check (value <> 'r');
alter domain d add constraint v check (value <> 'v') not valid;
alter domain d add constraint changed check (value <> 'a');

create domain d as text;
alter domain d add constraint fresh check (value <> ' ');
alter domain d add constraint r2 check (value <> 'r');
alter domain d add constraint v check (value <> 'v');
alter domain d add constraint changed check (value <> 'b');

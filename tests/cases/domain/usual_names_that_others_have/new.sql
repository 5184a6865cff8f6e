create domain pos as int not null;
create domain id as int not null;

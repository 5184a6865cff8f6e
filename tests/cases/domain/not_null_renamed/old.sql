create domain d as int constraint x not null;

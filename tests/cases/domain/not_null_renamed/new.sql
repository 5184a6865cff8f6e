create domain d as int constraint y not null;

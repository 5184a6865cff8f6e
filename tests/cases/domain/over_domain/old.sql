create domain a as int;
create domain b as a check (value > 0);

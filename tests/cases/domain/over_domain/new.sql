create domain a as int check (value < 100);
create domain b as a check (value > 1);

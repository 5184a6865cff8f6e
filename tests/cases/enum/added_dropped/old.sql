create type gone as enum ('a');

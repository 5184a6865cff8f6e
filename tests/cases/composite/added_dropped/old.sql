create type gone as (a int);

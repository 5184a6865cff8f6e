create type coming;

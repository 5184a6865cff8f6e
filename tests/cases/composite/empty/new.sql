create type nothing as ();

create trusted language pl handler plpgsql_call_handler;

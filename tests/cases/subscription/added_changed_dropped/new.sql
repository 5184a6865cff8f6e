create subscription s connection 'dbname=elsewhere' publication p, q with (connect = false, slot_name = none, binary = true);

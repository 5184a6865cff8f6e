create subscription gone connection 'dbname=nowhere' publication p with (connect = false, slot_name = none);
create subscription s connection 'dbname=nowhere' publication p with (connect = false, slot_name = none);

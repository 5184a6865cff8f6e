create type r as range (subtype = text, collation = "C", multirange_type_name = rs);

SELECT pg_xact_status(%s::text::xid8)

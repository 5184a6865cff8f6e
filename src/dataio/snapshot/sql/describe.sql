-- What people call some objects, and the schema they are in.
select o.catalog, o.packed, pg_describe_object(o.catalog::oid, (o.packed >> 11)::oid, 0) as description,
       i.schema
from unnest(%(catalogs)s::int8[], %(objects)s::int8[]) o(catalog, packed)
left join lateral pg_identify_object(o.catalog::oid, (o.packed >> 11)::oid, 0) i on true

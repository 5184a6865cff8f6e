DROP PUBLICATION gone;
CREATE PUBLICATION everything FOR ALL TABLES;
ALTER PUBLICATION p SET (publish = 'insert, update', publish_via_partition_root = true);

create table t (id int primary key);
create publication p for table t with (publish = 'insert, update', publish_via_partition_root = true);
create publication everything for all tables;

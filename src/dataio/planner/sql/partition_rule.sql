-- what a partition's bound asks of its rows, in the desired database
SELECT pg_get_partition_constraintdef(%(table)s::regclass)

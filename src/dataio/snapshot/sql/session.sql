-- Whatever changes how the server words things, set as everywhere else until the end of the transaction. JIT would cost
-- more than it gives.
select set_config(name, value, true)
from (values ('search_path', ''), ('quote_all_identifiers', 'off'), ('datestyle', 'ISO, MDY'),
             ('intervalstyle', 'postgres'), ('timezone', 'UTC'), ('extra_float_digits', '1'), ('bytea_output', 'hex'),
             ('lc_monetary', 'C'), ('standard_conforming_strings', 'on'), ('xmlbinary', 'base64'),
             ('array_nulls', 'on'), ('jit', 'off')) s(name, value)

create sequence t_a_seq as int;

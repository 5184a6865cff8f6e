insert into t values (1, 'happy', '{sad,happy}');

create table t (a int, who text);
create table member (who text);
create policy p on t using (exists (select from member m where m.who = t.who));

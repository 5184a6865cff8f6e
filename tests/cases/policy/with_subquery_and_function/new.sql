create table t (a int, who text);
create table member (who varchar(40));
create function may(who text) returns boolean language sql stable as 'select true';
create policy p on t using (may(who) and exists (select from member m where m.who = t.who));

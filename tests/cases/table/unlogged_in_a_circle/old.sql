CREATE TABLE leases (name text PRIMARY KEY, holder text UNIQUE);
CREATE TABLE holders (name text PRIMARY KEY, lease text REFERENCES leases);
ALTER TABLE leases ADD CONSTRAINT leases_holder_fkey FOREIGN KEY (holder) REFERENCES holders DEFERRABLE INITIALLY DEFERRED;
CREATE TABLE renewals (lease text REFERENCES leases);
CREATE TABLE notes (lease text REFERENCES leases);

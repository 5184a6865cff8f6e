create operator family gone using btree;

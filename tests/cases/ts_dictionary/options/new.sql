create text search dictionary d (template = simple, accept = false);
create text search dictionary fresh (template = simple);

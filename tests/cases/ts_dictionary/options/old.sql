create text search dictionary gone (template = simple);
create text search dictionary d (template = simple, accept = true);

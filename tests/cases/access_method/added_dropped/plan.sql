CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER pg_catalog.heap_tableam_handler;
COMMENT ON ACCESS METHOD heap2 IS 'the same';
DROP ACCESS METHOD gone;

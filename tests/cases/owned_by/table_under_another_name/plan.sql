ALTER SEQUENCE public.tickets_id_seq OWNED BY NONE;
DROP TABLE public.tickets;
CREATE TABLE public.cases (
    id bigint DEFAULT nextval('public.tickets_id_seq'::regclass) NOT NULL,
    subject text NOT NULL,
    CONSTRAINT tickets_pkey PRIMARY KEY (id)
);
ALTER SEQUENCE public.tickets_id_seq OWNED BY public.cases.id;

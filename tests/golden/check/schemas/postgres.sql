-- dialect: postgres
CREATE SCHEMA billing;
CREATE TYPE public.status AS ENUM ('new', 'active', 'gone');
CREATE DOMAIN public.email AS character varying(120) CHECK (VALUE ~ '@');
CREATE TABLE public.accounts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number integer GENERATED ALWAYS AS IDENTITY,
    "E-Mail" public.email,
    status public.status,
    seats integer,
    twice integer GENERATED ALWAYS AS ((seats * 2)) STORED,
    rate numeric,
    tags text[],
    code character(3),
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE billing.invoices (id bigint PRIMARY KEY, total numeric(12,2), note text);
CREATE TABLE public.invoices (id bigint PRIMARY KEY, note text);
CREATE VIEW public.young AS SELECT id FROM public.accounts;
CREATE MATERIALIZED VIEW public.counted AS SELECT count(*) FROM public.accounts;
CREATE FOREIGN TABLE public.elsewhere (id integer, note text) SERVER other;
CREATE TABLE public.animals (id integer PRIMARY KEY, note text);
CREATE TABLE public.dogs (breed text) INHERITS (public.animals);
CREATE TABLE public.keyless (note text);

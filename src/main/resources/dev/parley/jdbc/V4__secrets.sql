-- What all nodes know and nobody else: the key by which they know the names of connections that they have given.
CREATE TABLE parley_secret (
    name VARCHAR(40) NOT NULL,
    data BYTEA NOT NULL,
    CONSTRAINT parley_secret_pk PRIMARY KEY (name)
);

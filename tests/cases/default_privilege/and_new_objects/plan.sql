CREATE TABLE app.t (
    a integer
);
CREATE TABLE app.u (
    a integer
);
REVOKE SELECT ON TABLE app.u FROM cases_reader;

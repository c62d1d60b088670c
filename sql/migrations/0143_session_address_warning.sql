-- A session's page asks this of one session: PL/pgSQL keeps the plan of the connection, which an SQL function makes anew for each page.
CREATE OR REPLACE FUNCTION session_address_warning(s internet_exchange_peering_session) RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
	RETURN (SELECT d.why FROM session_address_doubt d WHERE d.id = s.id);
END $$;

package dev.parley.server;

import javax.sql.DataSource;

/**
 * Connections for a team's own transactions, where no application server has any: apart from those of the log, which waits
 * for no transaction of a team's.
 */
public record TeamConnections(DataSource source) {}

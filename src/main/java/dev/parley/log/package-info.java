/**
 * The port to durable logs (append, read after a position, trim) and its JDBC implementation on H2 and PostgreSQL.
 */
@NullMarked
package dev.parley.log;

import org.jspecify.annotations.NullMarked;

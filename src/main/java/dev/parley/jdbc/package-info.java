/**
 * The durable log in the tables of H2 and PostgreSQL: its schema, its upkeep, and the transactional outbox.
 */
@NullMarked
package dev.parley.jdbc;

import org.jspecify.annotations.NullMarked;

/** A connection to the database and a transaction, the same on every server, in which messages are published too. */
@NullMarked
package dev.parley.transaction;

import org.jspecify.annotations.NullMarked;

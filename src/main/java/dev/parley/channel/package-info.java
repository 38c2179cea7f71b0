/**
 * Channels, subscriptions, presence and the hub; no network types, no CDI, no JDBC.
 */
@NullMarked
package dev.parley.channel;

import org.jspecify.annotations.NullMarked;

/**
 * Publishing, polling, presence, content, health and operations as Jakarta REST resources; server-sent events and waiting
 * reads through a port that writes only when the client can take more.
 */
@NullMarked
package dev.parley.http;

import org.jspecify.annotations.NullMarked;

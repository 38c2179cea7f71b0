/** WebSocket clients of others, and what each of them must be able to do with the rest. */
package dev.parley.clients;

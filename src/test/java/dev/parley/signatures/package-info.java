/**
 * Endpoints of every signature that Jakarta WebSocket 2.1 has (sections 4.2 to 4.8, and the Javadoc of {@code OnMessage}),
 * programmed ones too. They go into a WAR that {@code dev.parley.containers.SignaturesIT} asks on every container.
 */
package dev.parley.signatures;

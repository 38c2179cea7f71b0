/**
 * The one port of the standalone server, on Grizzly: the grammar of HTTP, bodies, TLS, files, admission, and writing; the
 * twin of {@code servlet}.
 */
@NullMarked
package dev.parley.grizzly;

import org.jspecify.annotations.NullMarked;

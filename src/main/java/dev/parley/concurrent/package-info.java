/**
 * What several packages need to keep threads apart; it knows nothing of what they do.
 */
@NullMarked
package dev.parley.concurrent;

import org.jspecify.annotations.NullMarked;

/**
 * Who the caller is and what they may do: identity, token check, origin policy, channel policy, limits.
 */
@NullMarked
package dev.parley.security;

import org.jspecify.annotations.NullMarked;

/**
 * A team's tests: the standalone server with the team's classes in JUnit, clients, tokens, a clock, and what a channel holds.
 * {@link dev.parley.testkit.ParleyTest} is where to begin.
 */
@NullMarked
package dev.parley.testkit;

import org.jspecify.annotations.NullMarked;

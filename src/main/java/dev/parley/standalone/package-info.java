/**
 * {@code Main}: the same classes on Tyrus, Grizzly, Jersey and Weld in one process, on one port. Never in the WAR.
 */
@NullMarked
package dev.parley.standalone;

import org.jspecify.annotations.NullMarked;

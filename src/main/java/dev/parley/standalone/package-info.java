/**
 * {@code Main} and the commands: the same classes on Tyrus, Grizzly, Jersey and Weld in one process. Never in the WAR.
 */
@NullMarked
package dev.parley.standalone;

import org.jspecify.annotations.NullMarked;

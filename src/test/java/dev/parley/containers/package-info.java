/**
 * What the WAR does on every container: the standalone server by default, and the application server that
 * {@code -Dparley.test.container} names. A test that a container cannot pass has the tag {@code not-on-} and its name, and says why.
 */
package dev.parley.containers;

/**
 * What the WAR does on every container: the standalone server by default, an application server in the profile that
 * brings it. A test that a container cannot pass has the tag {@code not-on-} and its name, and says why.
 */
package dev.parley.containers;

/** Runs the Arquillian suites on the standalone server, with what the WAR holds. */
package dev.parley.arquillian;

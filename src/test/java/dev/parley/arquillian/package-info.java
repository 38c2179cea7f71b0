/** The containers that the Arquillian suites run on: the standalone server, and the application servers. */
package dev.parley.arquillian;

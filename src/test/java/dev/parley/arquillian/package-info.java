/** The containers that the Arquillian suites run on: the standalone server, and the application servers of the profiles. */
package dev.parley.arquillian;

/** The standalone server, in a process of its own or the test's, and clients that reach it over the network. */
package dev.parley.e2e;

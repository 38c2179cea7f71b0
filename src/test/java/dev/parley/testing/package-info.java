/** What tests of several packages are written with: fakes, bad networks, tokens, JUnit extensions. */
package dev.parley.testing;

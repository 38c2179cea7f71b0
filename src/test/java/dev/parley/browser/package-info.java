/** The page and the browser client, in a real browser or in Node, against the standalone server. */
package dev.parley.browser;

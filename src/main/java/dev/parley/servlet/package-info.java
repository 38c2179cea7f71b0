/**
 * Requests, bodies, responses and the guard on Jakarta Servlet, in the WAR.
 */
@NullMarked
package dev.parley.servlet;

import org.jspecify.annotations.NullMarked;

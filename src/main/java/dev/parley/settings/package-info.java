/**
 * Every setting, read once at start, and how it is read.
 */
@NullMarked
package dev.parley.settings;

import org.jspecify.annotations.NullMarked;

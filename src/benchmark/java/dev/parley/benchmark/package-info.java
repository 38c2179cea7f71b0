/** Runs Parley and the servers of its field side by side, and writes down what each costs. */
@org.jspecify.annotations.NullMarked
package dev.parley.benchmark;

/** The load program: a thousand clients on one thread of plain NIO, that see to it that nothing is lost. */
@org.jspecify.annotations.NullMarked
package dev.parley.benchmark.load;

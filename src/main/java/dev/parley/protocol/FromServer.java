package dev.parley.protocol;

/** What a client receives. */
public sealed interface FromServer permits Reply, Push {}

package dev.parley.server;

import jakarta.inject.Qualifier;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Settings that whoever starts the server has read already; without them they are read where they are needed. */
@Qualifier
@Retention(RetentionPolicy.RUNTIME)
public @interface Given {}
